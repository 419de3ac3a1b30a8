#include "tickwerk/expr/tile_copy.h"

#include <algorithm>
#include <cstring>

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kLanes = kernel::kTileLanes;
constexpr std::size_t kLineBytes = kLanes * sizeof(double);
constexpr std::int8_t kUnknown = 2;

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

std::int8_t as_condition(double value) {
  if (value != value) return kUnknown;
  return value != 0 ? 1 : 0;
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
    for (std::size_t k = range.begin; k < range.end; ++k) {
      out[k * kLanes] = panel(bars.row(symbol, bar_at(first, k)), is_daily ? 0 : symbol);
    }
    for (std::size_t k = range.end; k < num_bars; ++k) out[k * kLanes] = kNaN;
  }
}

TW_VECTOR_CLONES
void make_nan_one(double* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) values[i] = values[i] == values[i] ? values[i] : kNaN;
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
      std::memcpy(place.write.row(row_of(group, bar_at(first, k))) + group.symbol,
                  tile + k * kLanes, group.num_lanes * sizeof(double));
    }
    for (std::size_t k = range.begin; wants_conditions && k < range.end; ++k) {
      std::int8_t* out = place.conditions.row(row_of(group, bar_at(first, k))) + group.symbol;
      for (std::size_t lane = 0; lane < group.num_lanes; ++lane) {
        out[lane] = as_condition(tile[k * kLanes + lane]);
      }
    }
    return;
  }
  for (std::size_t lane = 0; lane < group.num_lanes; ++lane) {
    const std::size_t symbol = group.symbol + lane;
    const Range range = present(bars, group, lane, first, num_bars);
    for (std::size_t k = range.begin; k < range.end; ++k) {
      const std::size_t row = bars.row(symbol, bar_at(first, k));
      const double value = tile[k * kLanes + lane];
      if (wants_numbers) place.write(row, symbol) = value;
      if (wants_conditions) place.conditions(row, symbol) = as_condition(value);
    }
  }
}

void clear_missing(const OwnBars& bars, const OwnBars::Group& group, const Place& place) {
  const auto clear_rows = [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      if (place.write.data != nullptr) {
        std::fill_n(place.write.row(t) + group.symbol, group.num_lanes, kNaN);
      }
      if (place.conditions.data != nullptr) {
        std::fill_n(place.conditions.row(t) + group.symbol, group.num_lanes, kUnknown);
      }
    }
  };
  if (group.aligned) {
    clear_rows(0, row_of(group, group.begin));
    clear_rows(row_of(group, group.end), bars.num_rows());
  } else {
    clear_rows(0, bars.num_rows());
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
