#include "tickwerk/model/uniqueness.h"

#include <algorithm>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

/// Row numbers by symbol: those of symbol s are [first[s], first[s + 1]).
struct RowsBySymbol {
  std::vector<std::size_t> first;
  std::vector<std::size_t> row;
};

RowsBySymbol rows_by_symbol(std::span<const std::uint32_t> symbol) {
  RowsBySymbol rows;
  const std::size_t num_symbols =
      symbol.empty() ? 0 : *std::max_element(symbol.begin(), symbol.end()) + std::size_t{1};
  rows.first.assign(num_symbols + 1, 0);
  for (const std::uint32_t s : symbol) ++rows.first[s + std::size_t{1}];
  for (std::size_t s = 0; s < num_symbols; ++s) rows.first[s + 1] += rows.first[s];
  std::vector<std::size_t> next(rows.first.begin(), rows.first.end() - 1);
  rows.row.resize(symbol.size());
  for (std::size_t r = 0; r < symbol.size(); ++r) rows.row[next[symbol[r]]++] = r;
  return rows;
}

void require_valid(const LabelSpans& labels) {
  const std::size_t size = labels.bar.size();
  if (labels.label_end.size() != size || labels.symbol.size() != size) {
    throw Error(Code::kInvalidArgument,
                fmt::format("there must be a label end and a symbol for each row: {} and {} for {}",
                            labels.label_end.size(), labels.symbol.size(), size));
  }
  for (std::size_t r = 0; r < size; ++r) {
    if (labels.label_end[r] >= labels.bar[r]) continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("a label must not end before its bar: {} before {} in row {}",
                            labels.label_end[r], labels.bar[r], r));
  }
}

}  // namespace

std::vector<double> average_uniqueness(const LabelSpans& labels) {
  require_valid(labels);
  const RowsBySymbol by_symbol = rows_by_symbol(labels.symbol);
  const auto first_read = [&labels](std::size_t r) -> std::size_t {
    return std::min<std::size_t>(labels.bar[r] + std::size_t{1}, labels.label_end[r]);
  };
  std::vector<double> uniqueness(labels.bar.size());
  std::vector<std::ptrdiff_t> changes;  // of the number of labels, from one bar to the next
  std::vector<double> shares;           // sum of 1 / number of labels over the bars before
  for (std::size_t s = 0; s + 1 < by_symbol.first.size(); ++s) {
    const std::span rows(by_symbol.row.data() + by_symbol.first[s],
                         by_symbol.first[s + 1] - by_symbol.first[s]);
    if (rows.empty()) continue;
    std::size_t begin = first_read(rows.front()), end = 0;
    for (const std::size_t r : rows) {
      begin = std::min(begin, first_read(r));
      end = std::max<std::size_t>(end, labels.label_end[r] + std::size_t{1});
    }
    changes.assign(end - begin + 1, 0);
    shares.assign(end - begin + 1, 0);
    for (const std::size_t r : rows) {
      ++changes[first_read(r) - begin];
      --changes[labels.label_end[r] + 1 - begin];
    }
    std::ptrdiff_t count = 0;
    for (std::size_t t = 0; t < end - begin; ++t) {
      count += changes[t];
      shares[t + 1] = shares[t] + (count > 0 ? 1 / static_cast<double>(count) : 0);
    }
    for (const std::size_t r : rows) {
      const std::size_t from = first_read(r) - begin, to = labels.label_end[r] + 1 - begin;
      uniqueness[r] = (shares[to] - shares[from]) / static_cast<double>(to - from);
    }
  }
  return uniqueness;
}

}  // namespace tickwerk::model
