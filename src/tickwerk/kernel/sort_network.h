// A sorting network over rows of eight doubles that stay in vector registers: no branch, no shuffle
// but in six of its stages. Element p of the sorted sequence ends in row p % rows of lane p / rows,
// so that sorting works along lanes and only three merges go across them. Used by
// kernel/row_order.cpp, once per vector width; sorts no NaN.
#pragma once

#include <cstddef>
#include <utility>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::kernel::network {

/// Lane by lane, the smaller to `a` and the larger to `b`.
template <std::size_t width>
TW_LANES_INLINE void compare(Eight<width>& a, Eight<width>& b) {
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    const typename Eight<width>::Vector x = a.part[i];
    const typename Eight<width>::Vector y = b.part[i];
#if defined(__SSE2__)
    if constexpr (width == 2) {  // which the compiler does not make of the general form
      a.part[i] = __builtin_ia32_minpd(x, y);
      b.part[i] = __builtin_ia32_maxpd(x, y);
      continue;
    }
#endif
    a.part[i] = x < y ? x : y;
    b.part[i] = x < y ? y : x;
  }
}

template <std::size_t width, class Pick>
TW_LANES_INLINE typename Eight<width>::Vector picked(const typename Eight<width>::Vector& a,
                                                     const typename Eight<width>::Vector& b,
                                                     Pick) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) TW_LANES_LAMBDA {
    return __builtin_shufflevector(a, b, Pick::at(i)...);
  }(std::make_index_sequence<width>{});
}

/// Lane l of the result is lane l ^ mask of `from`.
template <std::size_t mask, std::size_t width>
TW_LANES_INLINE Eight<width> swapped(const Eight<width>& from) {
  struct Pick {
    static constexpr int at(std::size_t lane) { return static_cast<int>(lane ^ (mask % width)); }
  };
  Eight<width> to;
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    const auto& part = from.part[i ^ (mask / width)];
    to.part[i] = picked<width>(part, part, Pick());
  }
  return to;
}

/// Lanes whose number has the bit come from `b`, the others from `a`.
template <std::size_t bit, std::size_t width>
TW_LANES_INLINE Eight<width> blended(const Eight<width>& a, const Eight<width>& b) {
  struct Pick {
    static constexpr int at(std::size_t lane) {
      return static_cast<int>((lane & bit) != 0 ? lane + width : lane);
    }
  };
  Eight<width> to;
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    if constexpr (bit >= width) {
      to.part[i] = (i * width & bit) != 0 ? b.part[i] : a.part[i];
    } else {
      to.part[i] = picked<width>(a.part[i], b.part[i], Pick());
    }
  }
  return to;
}

/// The last stages of a merge of two lanes that lie `bit` apart: row r against row r.
template <std::size_t bit, std::size_t width>
TW_LANES_INLINE void clean_lanes(Eight<width>& row) {
  Eight<width> low = row;
  Eight<width> high = swapped<bit>(row);
  compare(low, high);
  row = blended<bit>(low, high);
}

/// The first stage of a merge across lanes, l against l ^ mask: a row against the mirrored row.
template <std::size_t mask, std::size_t width>
TW_LANES_INLINE void flip_lanes(Eight<width>& row, Eight<width>& mirrored) {
  constexpr std::size_t kTop = (mask + 1) / 2;
  Eight<width> low = row;
  Eight<width> high = swapped<mask>(mirrored);
  compare(low, high);
  row = blended<kTop>(low, high);
  mirrored = swapped<mask>(blended<kTop>(high, low));
}

/// Compares rows `distance` apart within a block.
template <std::size_t block, std::size_t distance, std::size_t width>
TW_LANES_INLINE void clean(Eight<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_LANES_LAMBDA {
    (compare(rows[i / distance * 2 * distance + i % distance],
             rows[i / distance * 2 * distance + i % distance + distance]),
     ...);
  }(std::make_index_sequence<block / 2>{});
}

/// The first stage of merging sorted runs of `run` rows: each row against the mirrored one.
template <std::size_t block, std::size_t run, std::size_t width>
TW_LANES_INLINE void flip(Eight<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_LANES_LAMBDA {
    (compare(rows[i / run * 2 * run + i % run], rows[i / run * 2 * run + 2 * run - 1 - i % run]),
     ...);
  }(std::make_index_sequence<block / 2>{});
}

template <std::size_t block, std::size_t width>
TW_LANES_INLINE void sort_threes(Eight<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_LANES_LAMBDA {
    (compare(rows[3 * i], rows[3 * i + 2]), ...);
    (compare(rows[3 * i], rows[3 * i + 1]), ...);
    (compare(rows[3 * i + 1], rows[3 * i + 2]), ...);
  }(std::make_index_sequence<block / 3>{});
}

/// Sorts bitonic runs of at most `distance * 2` rows. Blocks of 12 end in threes, since a bitonic
/// run can be halved only while its length is even.
template <std::size_t block, std::size_t distance, std::size_t width>
TW_LANES_INLINE void clean_down(Eight<width>* rows) {
  constexpr std::size_t kBase = block == 16 ? 1 : 3;
  if constexpr (distance >= kBase) {
    clean<block, distance>(rows);
    clean_down<block, distance / 2>(rows);
  } else if constexpr (kBase == 3) {
    sort_threes<block>(rows);
  }
}

template <std::size_t block, std::size_t width>
TW_LANES_INLINE void sort_block(Eight<width>* rows) {
  if constexpr (block == 16) {
    clean<block, 1>(rows);
    flip<block, 2>(rows);
    clean_down<block, 1>(rows);
    flip<block, 4>(rows);
    clean_down<block, 2>(rows);
    flip<block, 8>(rows);
    clean_down<block, 4>(rows);
  } else {
    sort_threes<block>(rows);
    flip<block, 3>(rows);
    clean_down<block, 1>(rows);
    flip<block, 6>(rows);
    clean_down<block, 3>(rows);
  }
}

/// Runs `work` on each block of rows, held in registers.
template <std::size_t width, std::size_t block, class Work>
TW_LANES_INLINE void each_block(double* keys, std::size_t num_rows, Work work) {
  for (std::size_t first = 0; first < num_rows; first += block) {
    Eight<width> rows[block];
    [&]<std::size_t... i>(std::index_sequence<i...>) TW_LANES_LAMBDA {
      ((rows[i] = load<width>(keys + (first + i) * kLanes)), ...);
      work(rows);
      (store(rows[i], keys + (first + i) * kLanes), ...);
    }(std::make_index_sequence<block>{});
  }
}

/// Sorts bitonic runs of 2 * distance rows: two stages a pass down to a block, then the block.
template <std::size_t width, std::size_t block>
TW_LANES_INLINE void clean_runs(double* keys, std::size_t num_rows, std::size_t distance) {
  for (; distance >= 2 * block; distance /= 4) {
    const std::size_t half = distance / 2;
    for (std::size_t base = 0; base < num_rows; base += 2 * distance) {
      for (std::size_t r = base; r < base + half; ++r) {
        Eight<width> a, b, c, d;
        a = load<width>(keys + r * kLanes);
        b = load<width>(keys + (r + half) * kLanes);
        c = load<width>(keys + (r + distance) * kLanes);
        d = load<width>(keys + (r + distance + half) * kLanes);
        compare(a, c);
        compare(b, d);
        compare(a, b);
        compare(c, d);
        store(a, keys + r * kLanes);
        store(b, keys + (r + half) * kLanes);
        store(c, keys + (r + distance) * kLanes);
        store(d, keys + (r + distance + half) * kLanes);
      }
    }
  }
  for (std::size_t base = 0; distance >= block && base < num_rows; base += 2 * distance) {
    for (std::size_t r = base; r < base + distance; ++r) {
      Eight<width> a, b;
      a = load<width>(keys + r * kLanes);
      b = load<width>(keys + (r + distance) * kLanes);
      compare(a, b);
      store(a, keys + r * kLanes);
      store(b, keys + (r + distance) * kLanes);
    }
  }
  each_block<width, block>(keys, num_rows, [](Eight<width>* rows) TW_LANES_LAMBDA {
    clean_down<block, block == 16 ? 8 : 6>(rows);
  });
}

template <std::size_t width, std::size_t block>
TW_LANES_INLINE void sort_lanes(double* keys, std::size_t num_rows) {
  each_block<width, block>(keys, num_rows,
                           [](Eight<width>* rows) TW_LANES_LAMBDA { sort_block<block>(rows); });
  for (std::size_t run = block; run < num_rows; run *= 2) {
    for (std::size_t base = 0; base < num_rows; base += 2 * run) {
      for (std::size_t r = 0; r < run; ++r) {
        Eight<width> a, b;
        a = load<width>(keys + (base + r) * kLanes);
        b = load<width>(keys + (base + 2 * run - 1 - r) * kLanes);
        compare(a, b);
        store(a, keys + (base + r) * kLanes);
        store(b, keys + (base + 2 * run - 1 - r) * kLanes);
      }
    }
    clean_runs<width, block>(keys, num_rows, run / 2);
  }
}

/// Merges the sorted sequences of lanes that differ in the top bit of `mask`.
template <std::size_t width, std::size_t block, std::size_t mask>
TW_LANES_INLINE void merge_lanes(double* keys, std::size_t num_rows) {
  for (std::size_t r = 0; r < num_rows / 2; ++r) {
    Eight<width> a, b;
    a = load<width>(keys + r * kLanes);
    b = load<width>(keys + (num_rows - 1 - r) * kLanes);
    flip_lanes<mask>(a, b);
    if constexpr (mask == 7) {
      clean_lanes<2>(a);
      clean_lanes<2>(b);
    }
    if constexpr (mask >= 3) {
      clean_lanes<1>(a);
      clean_lanes<1>(b);
    }
    store(a, keys + r * kLanes);
    store(b, keys + (num_rows - 1 - r) * kLanes);
  }
  clean_runs<width, block>(keys, num_rows, num_rows / 2);
}

/// The rows that `size` keys take: the smallest 12 * 2^k or 16 * 2^k that hold them; at most half
/// as many again as needed, but for the first 12.
constexpr std::size_t rows_for(std::size_t size) {
  std::size_t rows = 12;
  while (rows * kLanes < size) rows = rows % 3 == 0 ? rows / 3 * 4 : rows / 4 * 6;
  return rows;
}

/// Sorts the keys of `num_rows` rows (by `rows_for`); element p ends in row p % num_rows of lane
/// p / num_rows. Requires no NaN.
template <std::size_t width>
TW_LANES_INLINE void sort(double* keys, std::size_t num_rows) {
  const auto run = [&]<std::size_t block>() TW_LANES_LAMBDA {
    sort_lanes<width, block>(keys, num_rows);
    merge_lanes<width, block, 1>(keys, num_rows);
    merge_lanes<width, block, 3>(keys, num_rows);
    merge_lanes<width, block, 7>(keys, num_rows);
  };
  if (num_rows % 3 == 0) {
    run.template operator()<12>();
  } else {
    run.template operator()<16>();
  }
}

}  // namespace tickwerk::kernel::network
