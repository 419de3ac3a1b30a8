// A sorting network over rows of eight doubles that stay in vector registers: no branch, no shuffle
// but in six of its stages. Element p of the sorted sequence ends in row p % rows of lane p / rows,
// so that sorting works along lanes and only three merges go across them. Used by
// kernel/row_order.cpp, once per vector width; sorts no NaN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

// Every function here is inlined, so that no calling convention is ever asked for vector types.
#pragma GCC diagnostic ignored "-Wpsabi"

#define TW_NETWORK_INLINE [[gnu::always_inline]] inline
#define TW_NETWORK_LAMBDA __attribute__((always_inline))

namespace tickwerk::kernel::network {

inline constexpr std::size_t kRowLanes = 8;

/// A row: eight lanes in vectors of `width`.
template <std::size_t width>
struct Row {
  typedef double Vector __attribute__((vector_size(width * 8)));
  typedef double Memory __attribute__((vector_size(width * 8), aligned(8), may_alias));
  static constexpr std::size_t kParts = kRowLanes / width;

  Vector part[kParts];
};

template <std::size_t width>
TW_NETWORK_INLINE void load(const double* keys, std::size_t row, Row<width>& to) {
  for (std::size_t i = 0; i < Row<width>::kParts; ++i) {
    to.part[i] =
        *reinterpret_cast<const typename Row<width>::Memory*>(keys + row * kRowLanes + i * width);
  }
}

template <std::size_t width>
TW_NETWORK_INLINE void store(const Row<width>& from, double* keys, std::size_t row) {
  for (std::size_t i = 0; i < Row<width>::kParts; ++i) {
    *reinterpret_cast<typename Row<width>::Memory*>(keys + row * kRowLanes + i * width) =
        from.part[i];
  }
}

/// Lane by lane, the smaller to `a` and the larger to `b`.
template <std::size_t width>
TW_NETWORK_INLINE void compare(Row<width>& a, Row<width>& b) {
  for (std::size_t i = 0; i < Row<width>::kParts; ++i) {
    const typename Row<width>::Vector x = a.part[i];
    const typename Row<width>::Vector y = b.part[i];
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
TW_NETWORK_INLINE typename Row<width>::Vector picked(const typename Row<width>::Vector& a,
                                                     const typename Row<width>::Vector& b,
                                                     Pick) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) TW_NETWORK_LAMBDA {
    return __builtin_shufflevector(a, b, Pick::at(i)...);
  }(std::make_index_sequence<width>{});
}

/// Lane l of the result is lane l ^ mask of `from`.
template <std::size_t mask, std::size_t width>
TW_NETWORK_INLINE Row<width> swapped(const Row<width>& from) {
  struct Pick {
    static constexpr int at(std::size_t lane) { return static_cast<int>(lane ^ (mask % width)); }
  };
  Row<width> to;
  for (std::size_t i = 0; i < Row<width>::kParts; ++i) {
    const auto& part = from.part[i ^ (mask / width)];
    to.part[i] = picked<width>(part, part, Pick());
  }
  return to;
}

/// Lanes whose number has the bit come from `b`, the others from `a`.
template <std::size_t bit, std::size_t width>
TW_NETWORK_INLINE Row<width> blended(const Row<width>& a, const Row<width>& b) {
  struct Pick {
    static constexpr int at(std::size_t lane) {
      return static_cast<int>((lane & bit) != 0 ? lane + width : lane);
    }
  };
  Row<width> to;
  for (std::size_t i = 0; i < Row<width>::kParts; ++i) {
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
TW_NETWORK_INLINE void clean_lanes(Row<width>& row) {
  Row<width> low = row;
  Row<width> high = swapped<bit>(row);
  compare(low, high);
  row = blended<bit>(low, high);
}

/// The first stage of a merge across lanes, l against l ^ mask: a row against the mirrored row.
template <std::size_t mask, std::size_t width>
TW_NETWORK_INLINE void flip_lanes(Row<width>& row, Row<width>& mirrored) {
  constexpr std::size_t kTop = (mask + 1) / 2;
  Row<width> low = row;
  Row<width> high = swapped<mask>(mirrored);
  compare(low, high);
  row = blended<kTop>(low, high);
  mirrored = swapped<mask>(blended<kTop>(high, low));
}

/// Compares rows `distance` apart within a block.
template <std::size_t block, std::size_t distance, std::size_t width>
TW_NETWORK_INLINE void clean(Row<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_NETWORK_LAMBDA {
    (compare(rows[i / distance * 2 * distance + i % distance],
             rows[i / distance * 2 * distance + i % distance + distance]),
     ...);
  }(std::make_index_sequence<block / 2>{});
}

/// The first stage of merging sorted runs of `run` rows: each row against the mirrored one.
template <std::size_t block, std::size_t run, std::size_t width>
TW_NETWORK_INLINE void flip(Row<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_NETWORK_LAMBDA {
    (compare(rows[i / run * 2 * run + i % run], rows[i / run * 2 * run + 2 * run - 1 - i % run]),
     ...);
  }(std::make_index_sequence<block / 2>{});
}

template <std::size_t block, std::size_t width>
TW_NETWORK_INLINE void sort_threes(Row<width>* rows) {
  [&]<std::size_t... i>(std::index_sequence<i...>) TW_NETWORK_LAMBDA {
    (compare(rows[3 * i], rows[3 * i + 2]), ...);
    (compare(rows[3 * i], rows[3 * i + 1]), ...);
    (compare(rows[3 * i + 1], rows[3 * i + 2]), ...);
  }(std::make_index_sequence<block / 3>{});
}

/// Sorts bitonic runs of at most `distance * 2` rows. Blocks of 12 end in threes, since a bitonic
/// run can be halved only while its length is even.
template <std::size_t block, std::size_t distance, std::size_t width>
TW_NETWORK_INLINE void clean_down(Row<width>* rows) {
  constexpr std::size_t kBase = block == 16 ? 1 : 3;
  if constexpr (distance >= kBase) {
    clean<block, distance>(rows);
    clean_down<block, distance / 2>(rows);
  } else if constexpr (kBase == 3) {
    sort_threes<block>(rows);
  }
}

template <std::size_t block, std::size_t width>
TW_NETWORK_INLINE void sort_block(Row<width>* rows) {
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
TW_NETWORK_INLINE void each_block(double* keys, std::size_t num_rows, Work work) {
  for (std::size_t first = 0; first < num_rows; first += block) {
    Row<width> rows[block];
    [&]<std::size_t... i>(std::index_sequence<i...>) TW_NETWORK_LAMBDA {
      (load(keys, first + i, rows[i]), ...);
      work(rows);
      (store(rows[i], keys, first + i), ...);
    }(std::make_index_sequence<block>{});
  }
}

/// Sorts bitonic runs of 2 * distance rows: two stages a pass down to a block, then the block.
template <std::size_t width, std::size_t block>
TW_NETWORK_INLINE void clean_runs(double* keys, std::size_t num_rows, std::size_t distance) {
  for (; distance >= 2 * block; distance /= 4) {
    const std::size_t half = distance / 2;
    for (std::size_t base = 0; base < num_rows; base += 2 * distance) {
      for (std::size_t r = base; r < base + half; ++r) {
        Row<width> a, b, c, d;
        load(keys, r, a);
        load(keys, r + half, b);
        load(keys, r + distance, c);
        load(keys, r + distance + half, d);
        compare(a, c);
        compare(b, d);
        compare(a, b);
        compare(c, d);
        store(a, keys, r);
        store(b, keys, r + half);
        store(c, keys, r + distance);
        store(d, keys, r + distance + half);
      }
    }
  }
  for (std::size_t base = 0; distance >= block && base < num_rows; base += 2 * distance) {
    for (std::size_t r = base; r < base + distance; ++r) {
      Row<width> a, b;
      load(keys, r, a);
      load(keys, r + distance, b);
      compare(a, b);
      store(a, keys, r);
      store(b, keys, r + distance);
    }
  }
  each_block<width, block>(keys, num_rows, [](Row<width>* rows) TW_NETWORK_LAMBDA {
    clean_down<block, block == 16 ? 8 : 6>(rows);
  });
}

template <std::size_t width, std::size_t block>
TW_NETWORK_INLINE void sort_lanes(double* keys, std::size_t num_rows) {
  each_block<width, block>(keys, num_rows,
                           [](Row<width>* rows) TW_NETWORK_LAMBDA { sort_block<block>(rows); });
  for (std::size_t run = block; run < num_rows; run *= 2) {
    for (std::size_t base = 0; base < num_rows; base += 2 * run) {
      for (std::size_t r = 0; r < run; ++r) {
        Row<width> a, b;
        load(keys, base + r, a);
        load(keys, base + 2 * run - 1 - r, b);
        compare(a, b);
        store(a, keys, base + r);
        store(b, keys, base + 2 * run - 1 - r);
      }
    }
    clean_runs<width, block>(keys, num_rows, run / 2);
  }
}

/// Merges the sorted sequences of lanes that differ in the top bit of `mask`.
template <std::size_t width, std::size_t block, std::size_t mask>
TW_NETWORK_INLINE void merge_lanes(double* keys, std::size_t num_rows) {
  for (std::size_t r = 0; r < num_rows / 2; ++r) {
    Row<width> a, b;
    load(keys, r, a);
    load(keys, num_rows - 1 - r, b);
    flip_lanes<mask>(a, b);
    if constexpr (mask == 7) {
      clean_lanes<2>(a);
      clean_lanes<2>(b);
    }
    if constexpr (mask >= 3) {
      clean_lanes<1>(a);
      clean_lanes<1>(b);
    }
    store(a, keys, r);
    store(b, keys, num_rows - 1 - r);
  }
  clean_runs<width, block>(keys, num_rows, num_rows / 2);
}

/// The rows that `size` keys take: the smallest 12 * 2^k or 16 * 2^k that hold them; at most half
/// as many again as needed, but for the first 12.
constexpr std::size_t rows_for(std::size_t size) {
  std::size_t rows = 12;
  while (rows * kRowLanes < size) rows = rows % 3 == 0 ? rows / 3 * 4 : rows / 4 * 6;
  return rows;
}

/// Sorts the keys of `num_rows` rows (by `rows_for`); element p ends in row p % num_rows of lane
/// p / num_rows. Requires no NaN.
template <std::size_t width>
TW_NETWORK_INLINE void sort(double* keys, std::size_t num_rows) {
  const auto run = [&]<std::size_t block>() TW_NETWORK_LAMBDA {
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
