#include "tickwerk/expr/tile_copy.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstring>
#include <span>

namespace tickwerk::expr {
namespace {

constexpr std::size_t kLanes = kernel::kTileLanes;
constexpr std::size_t kLineBytes = kLanes * sizeof(double);

/// The bars of [first, first + num_bars) that are in [begin, end), as offsets from `first`.
struct Range {
  std::size_t begin, end;
};
Range present(std::int64_t first, std::size_t num_bars, std::int64_t begin, std::int64_t end) {
  const auto size = static_cast<std::int64_t>(num_bars);
  const std::int64_t from = std::clamp<std::int64_t>(begin - first, 0, size);
  const std::int64_t to = std::clamp<std::int64_t>(end - first, from, size);
  return {static_cast<std::size_t>(from), static_cast<std::size_t>(to)};
}

Range present(const OwnBars& bars,
              const OwnBars::Group& group,
              std::size_t lane,
              std::int64_t first,
              std::size_t num_bars) {
  if (lane >= group.num_lanes) return {num_bars, num_bars};
  const std::size_t symbol = group.symbol + lane;
  return present(first, num_bars, bars.begin(symbol), bars.end(symbol));
}

std::int64_t bar_at(std::int64_t first, std::size_t k) {
  return first + static_cast<std::int64_t>(k);
}

std::size_t row_of(const OwnBars::Group& group, std::int64_t bar) {
  return static_cast<std::size_t>(group.first_row + bar);
}

/// Calls body(k, row) for the bars of a range, k from `first`.
template <class Body>
void for_rows(
    const OwnBars& bars, std::size_t symbol, std::int64_t first, Range range, const Body& body) {
  if (range.begin == range.end) return;
  const std::span<const std::int32_t> rows = bars.rows(symbol);
  const std::int64_t oldest = bar_at(first, range.begin);
  if (rows.empty()) {
    std::size_t row = bars.row(symbol, oldest);
    for (std::size_t k = range.begin; k < range.end; ++k) body(k, row++);
  } else {
    const std::int32_t* row = rows.data() + (oldest - bars.begin(symbol));
    for (std::size_t k = range.begin; k < range.end; ++k) {
      body(k, static_cast<std::size_t>(*row++));
    }
  }
}

/// Writes a line of the cache past it: nobody reads it soon, and it need not be read to be written.
void write_line(const double* from, double* to) {
#ifdef __SSE2__
  for (std::size_t lane = 0; lane < kLanes; lane += 2) {
    _mm_stream_pd(to + lane, _mm_load_pd(from + lane));
  }
#else
  std::memcpy(to, from, kLineBytes);
#endif
}

#ifdef __SSE2__
/// -1 in each of the eight low bytes whose lane has all bits set.
__m128i as_bytes(const __m128d (&lanes)[4]) {
  const auto half = [](__m128d a, __m128d b) {
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castpd_ps(a), _mm_castpd_ps(b), 0x88));
  };
  const __m128i words = _mm_packs_epi32(half(lanes[0], lanes[1]), half(lanes[2], lanes[3]));
  return _mm_packs_epi16(words, words);
}
#endif

/// as_condition of eight lanes.
void write_conditions(const double* from, std::int8_t* to) {
#ifdef __SSE2__
  __m128d is_true[4], is_nan[4];  // NaN differs from 0: both, which makes 2
  for (std::size_t k = 0; k < 4; ++k) {
    const __m128d value = _mm_load_pd(from + 2 * k);
    is_true[k] = _mm_cmpneq_pd(value, _mm_setzero_pd());
    is_nan[k] = _mm_cmpunord_pd(value, value);
  }
  const __m128i sum = _mm_add_epi8(as_bytes(is_true), as_bytes(is_nan));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_sub_epi8(_mm_setzero_si128(), sum));
#else
  for (std::size_t lane = 0; lane < kLanes; ++lane) to[lane] = as_condition(from[lane]);
#endif
}

}  // namespace

void gather_tile(PanelView panel,
                 const OwnBars& bars,
                 const OwnBars::Group& group,
                 std::int64_t first,
                 std::size_t num_bars,
                 double* tile) {
  const bool is_daily = panel.num_symbols == 1 && bars.num_symbols() > 1;
  if (group.aligned && !is_daily) {
    const Range range = present(first, num_bars, group.begin, group.end);
    std::fill_n(tile, range.begin * kLanes, kNaN);
    for (std::size_t k = range.begin; k < range.end; ++k) {
      std::memcpy(tile + k * kLanes, panel.row(row_of(group, bar_at(first, k))) + group.symbol,
                  kLineBytes);
    }
    std::fill_n(tile + range.end * kLanes, (num_bars - range.end) * kLanes, kNaN);
    return;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::size_t symbol = group.symbol + lane;
    const Range range = present(bars, group, lane, first, num_bars);
    double* out = tile + lane;
    for (std::size_t k = 0; k < range.begin; ++k) out[k * kLanes] = kNaN;
    const double* column = panel.data + (is_daily ? 0 : symbol);
    for_rows(bars, symbol, first, range,
             [&](std::size_t k, std::size_t row) { out[k * kLanes] = column[row * panel.stride]; });
    for (std::size_t k = range.end; k < num_bars; ++k) out[k * kLanes] = kNaN;
  }
}

void scatter_tile(const double* tile,
                  const OwnBars& bars,
                  const OwnBars::Group& group,
                  std::int64_t first,
                  std::size_t num_bars,
                  const Place& place) {
  const bool wants_numbers = place.write.data != nullptr;
  const bool wants_conditions = place.conditions.data != nullptr;
  if (group.aligned) {
    const Range range = present(first, num_bars, group.begin, group.end);
    for (std::size_t k = range.begin; wants_numbers && k < range.end; ++k) {
      double* row = place.write.row(row_of(group, bar_at(first, k))) + group.symbol;
      if (group.num_lanes == kLanes) {
        write_line(tile + k * kLanes, row);
      } else {
        std::copy_n(tile + k * kLanes, group.num_lanes, row);
      }
    }
    for (std::size_t k = range.begin; wants_conditions && k < range.end; ++k) {
      std::int8_t* out = place.conditions.row(row_of(group, bar_at(first, k))) + group.symbol;
      if (group.num_lanes == kLanes) {
        write_conditions(tile + k * kLanes, out);
        continue;
      }
      for (std::size_t lane = 0; lane < group.num_lanes; ++lane) {
        out[lane] = as_condition(tile[k * kLanes + lane]);
      }
    }
    return;
  }
  for (std::size_t lane = 0; lane < group.num_lanes; ++lane) {
    const std::size_t symbol = group.symbol + lane;
    const Range range = present(bars, group, lane, first, num_bars);
    if (wants_numbers) {
      double* column = place.write.data + symbol;
      for_rows(bars, symbol, first, range, [&](std::size_t k, std::size_t row) {
        column[row * place.write.stride] = tile[k * kLanes + lane];
      });
    }
    if (wants_conditions) {
      for_rows(bars, symbol, first, range, [&](std::size_t k, std::size_t row) {
        place.conditions(row, symbol) = as_condition(tile[k * kLanes + lane]);
      });
    }
  }
}

void finish_scatter() noexcept {
#ifdef __SSE2__
  _mm_sfence();
#endif
}

void clear_missing(const OwnBars& bars, const OwnBars::Group& group, const Place& place) {
  const auto clear_rows = [&](std::size_t lane, std::size_t begin, std::size_t end) {
    const std::size_t symbol = group.symbol + lane;
    for (std::size_t t = begin; t < end; ++t) {
      if (place.write.data != nullptr) place.write(t, symbol) = kNaN;
      if (place.conditions.data != nullptr) place.conditions(t, symbol) = as_condition(kNaN);
    }
  };
  for (std::size_t lane = 0; lane < group.num_lanes; ++lane) {
    const std::size_t symbol = group.symbol + lane;
    if (bars.count(symbol) == 0) {
      clear_rows(lane, 0, bars.num_rows());
      continue;
    }
    clear_rows(lane, 0, bars.row(symbol, bars.begin(symbol)));
    for (const std::int32_t hole : bars.holes(symbol)) {
      clear_rows(lane, static_cast<std::size_t>(hole), static_cast<std::size_t>(hole) + 1);
    }
    clear_rows(lane, bars.row(symbol, bars.end(symbol) - 1) + 1, bars.num_rows());
  }
}

void mask_tile(const OwnBars& bars,
               const OwnBars::Group& group,
               std::int64_t first,
               std::size_t num_bars,
               double* tile) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Range range = present(bars, group, lane, first, num_bars);
    for (std::size_t k = 0; k < range.begin; ++k) tile[k * kLanes + lane] = kNaN;
    for (std::size_t k = range.end; k < num_bars; ++k) tile[k * kLanes + lane] = kNaN;
  }
}

}  // namespace tickwerk::expr
