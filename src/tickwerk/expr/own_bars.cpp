#include "tickwerk/expr/own_bars.h"

#include <algorithm>

#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kSymbolsPerTask = 128;

/// Where the bars of some symbols lie, from the rows seen so far.
struct Seen {
  std::int32_t* count;
  std::int32_t* oldest;
  std::int32_t* newest;
};

TW_VECTOR_CLONES
void see_row(const double* __restrict row, std::int32_t now, std::size_t size, Seen seen) noexcept {
  std::int32_t* __restrict count = seen.count;
  std::int32_t* __restrict oldest = seen.oldest;
  std::int32_t* __restrict newest = seen.newest;
  for (std::size_t i = 0; i < size; ++i) {
    const bool present = row[i] == row[i];
    count[i] += present ? 1 : 0;
    newest[i] = present ? now : newest[i];
    oldest[i] = present && oldest[i] > now ? now : oldest[i];
  }
}

}  // namespace

OwnBars::OwnBars(PanelView bar, std::span<const std::int64_t> earlier)
    : num_rows_(bar.num_rows),
      first_(bar.num_symbols, 0),
      count_(bar.num_symbols, 0),
      earlier_(earlier.begin(), earlier.end()),
      rows_(bar.num_symbols),
      holes_(bar.num_symbols) {
  TW_ZONE("expr::OwnBars");
  earlier_.resize(bar.num_symbols, 0);
  parallel_for(bar.num_symbols, kSymbolsPerTask, [&](std::size_t first, std::size_t last) {
    std::vector<std::int32_t> oldest_of(last - first, static_cast<std::int32_t>(bar.num_rows));
    std::vector<std::int32_t> newest_of(last - first, -1);
    const Seen seen{count_.data() + first, oldest_of.data(), newest_of.data()};
    for (std::size_t t = 0; t < bar.num_rows; ++t) {
      see_row(bar.row(t) + first, static_cast<std::int32_t>(t), last - first, seen);
    }
    for (std::size_t s = first; s < last; ++s) {
      const std::int32_t oldest = oldest_of[s - first], newest = newest_of[s - first];
      if (count_[s] == 0) continue;
      first_[s] = oldest;
      if (newest - oldest + 1 == count_[s]) continue;
      rows_[s].reserve(static_cast<std::size_t>(count_[s]));
      for (std::int32_t t = oldest; t <= newest; ++t) {
        const double x = bar(static_cast<std::size_t>(t), s);
        (x == x ? rows_[s] : holes_[s]).push_back(t);
      }
    }
  });
}

OwnBars OwnBars::every_row(std::size_t num_rows, std::int64_t earlier) {
  OwnBars bars;
  bars.num_rows_ = num_rows;
  bars.first_ = {0};
  bars.count_ = {static_cast<std::int32_t>(num_rows)};
  bars.earlier_ = {earlier};
  bars.rows_.resize(1);
  bars.holes_.resize(1);
  return bars;
}

std::int64_t OwnBars::count_before(std::size_t symbol, std::size_t row) const noexcept {
  const std::vector<std::int32_t>& rows = rows_[symbol];
  const auto limit = static_cast<std::int32_t>(row);
  if (rows.empty()) return std::clamp(limit - first_[symbol], 0, count_[symbol]);
  return std::lower_bound(rows.begin(), rows.end(), limit) - rows.begin();
}

std::int64_t OwnBars::most_bars() const noexcept {
  std::int64_t most = 0;
  for (std::size_t s = 0; s < count_.size(); ++s) most = std::max(most, earlier_[s] + count_[s]);
  return most;
}

OwnBars::Group OwnBars::group(std::size_t index) const noexcept {
  Group group;
  const std::size_t lane_0 = index * kernel::kTileLanes;
  group.symbol = lane_0;
  group.num_lanes = std::min(kernel::kTileLanes, count_.size() - lane_0);
  group.first_row = first_[lane_0] - begin(lane_0);
  group.begin = begin(lane_0);
  group.aligned = true;
  for (std::size_t s = lane_0; s < lane_0 + group.num_lanes; ++s) {
    group.begin = std::min(group.begin, begin(s));
    group.end = std::max(group.end, end(s));
    group.aligned = group.aligned && rows_[s].empty() && first_[s] == first_[lane_0] &&
                    count_[s] == count_[lane_0] && begin(s) == begin(lane_0);
  }
  return group;
}

}  // namespace tickwerk::expr
