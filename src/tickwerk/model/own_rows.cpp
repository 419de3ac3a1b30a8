#include "tickwerk/model/own_rows.h"

#include <algorithm>

namespace tickwerk::model {

OwnRows::OwnRows(PanelView close) : num_rows_(close.num_rows), begin_(close.num_symbols + 1, 0) {
  for (std::size_t t = 0; t < num_rows_; ++t) {
    const double* row = close.row(t);
    for (std::size_t i = 0; i < close.num_symbols; ++i) begin_[i + 1] += row[i] == row[i] ? 1 : 0;
  }
  for (std::size_t i = 0; i < close.num_symbols; ++i) begin_[i + 1] += begin_[i];
  rows_.resize(begin_.back());
  std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
  for (std::size_t t = 0; t < num_rows_; ++t) {
    const double* row = close.row(t);
    for (std::size_t i = 0; i < close.num_symbols; ++i) {
      if (row[i] == row[i]) rows_[next[i]++] = static_cast<std::uint32_t>(t);
    }
  }
}

std::size_t OwnRows::number(std::size_t symbol, std::size_t row) const noexcept {
  const std::span<const std::uint32_t> rows = of(symbol);
  return static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), row) - rows.begin());
}

std::optional<std::uint32_t> label_end(const OwnRows& rows,
                                       std::size_t symbol,
                                       std::size_t number,
                                       const Ahead& ahead) noexcept {
  const std::span<const std::uint32_t> own = rows.of(symbol);
  const std::size_t wanted = number + ahead.bars;
  if (wanted < own.size()) return own[wanted];
  const std::size_t last_bar = own.back();
  const std::size_t last_row = rows.num_rows() - 1;
  if (last_bar + ahead.stopped_after > last_row) return {};
  const std::size_t beyond = wanted - (own.size() - 1);
  return static_cast<std::uint32_t>(
      std::min(last_row, last_bar + std::max(beyond, ahead.stopped_after)));
}

}  // namespace tickwerk::model
