#include "tickwerk/model/symbol_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/model/uniqueness.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kFewestOfGroup = 3;

/// Positions whose rows belong together follow each other in `positions`.
void rank_group(std::vector<std::uint32_t>& positions,
                const std::vector<double>& values,
                std::vector<float>& ranks) {
  if (positions.size() < kFewestOfGroup) return;
  std::sort(positions.begin(), positions.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] < values[b] || (values[a] == values[b] && a < b);
  });
  const auto n = static_cast<double>(positions.size());
  for (std::size_t i = 0; i < positions.size();) {
    std::size_t end = i + 1;
    while (end < positions.size() && values[positions[end]] == values[positions[i]]) ++end;
    const double rank = (static_cast<double>(i + end) / 2 - n / 2) / n;
    for (; i < end; ++i) ranks[positions[i]] = static_cast<float>(rank);
  }
}

std::vector<std::uint32_t> column_of(const std::vector<std::uint32_t>& column,
                                     const SymbolOrder& order) {
  std::vector<std::uint32_t> ordered;
  ordered.reserve(order.size());
  for (const std::uint32_t row : order.rows) ordered.push_back(column[row]);
  return ordered;
}

}  // namespace

SymbolOrder symbol_order(const Dataset& dataset, std::size_t max_rows) {
  const std::size_t num_symbols = dataset.symbols.size();
  const std::size_t num_rows = dataset.num_rows();
  const std::size_t share = std::max<std::size_t>(1, (num_rows + max_rows - 1) / max_rows);
  std::vector<std::size_t> count(num_symbols + 1, 0);
  const auto is_chosen = [&](std::uint32_t symbol) { return symbol % share == 0; };
  for (const std::uint32_t symbol : dataset.symbol) {
    if (is_chosen(symbol)) ++count[symbol + 1];
  }
  std::partial_sum(count.begin(), count.end(), count.begin());
  SymbolOrder order{.rows = std::vector<std::uint32_t>(count.back()), .begin = count};
  for (std::size_t r = 0; r < num_rows; ++r) {
    const std::uint32_t symbol = dataset.symbol[r];
    if (is_chosen(symbol)) order.rows[count[symbol]++] = static_cast<std::uint32_t>(r);
  }
  return order;
}

std::vector<std::uint32_t> bars_of(const Dataset& dataset, const SymbolOrder& order) {
  std::vector<std::uint32_t> bars = column_of(dataset.bar, order);
  std::sort(bars.begin(), bars.end());
  bars.erase(std::unique(bars.begin(), bars.end()), bars.end());
  return bars;
}

std::vector<double> uniqueness_of(const Dataset& dataset, const SymbolOrder& order) {
  const std::vector<std::uint32_t> bar = column_of(dataset.bar, order);
  const std::vector<std::uint32_t> label_end = column_of(dataset.label_end, order);
  const std::vector<std::uint32_t> symbol = column_of(dataset.symbol, order);
  return average_uniqueness({bar, label_end, symbol});
}

std::vector<float> centered_ranks(const Dataset& dataset,
                                  const SymbolOrder& order,
                                  const double* values,
                                  RankView view) {
  std::vector<float> ranks(order.size(), std::nanf(""));
  std::vector<double> ordered(order.size());
  for (std::size_t p = 0; p < order.size(); ++p) ordered[p] = values[order.rows[p]];
  std::vector<std::uint32_t> positions;
  if (view == RankView::kSymbol) {
    for (std::size_t s = 0; s + 1 < order.begin.size(); ++s) {
      positions.clear();
      for (std::size_t p = order.begin[s]; p < order.begin[s + 1]; ++p) {
        if (!std::isnan(ordered[p])) positions.push_back(static_cast<std::uint32_t>(p));
      }
      rank_group(positions, ordered, ranks);
    }
    return ranks;
  }
  std::vector<std::size_t> first(dataset.times.size() + 1, 0);
  for (const std::uint32_t row : order.rows) ++first[dataset.bar[row] + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> by_date(order.size());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (std::size_t p = 0; p < order.size(); ++p) {
    by_date[next[dataset.bar[order.rows[p]]]++] = static_cast<std::uint32_t>(p);
  }
  for (std::size_t t = 0; t + 1 < first.size(); ++t) {
    positions.clear();
    for (std::size_t i = first[t]; i < first[t + 1]; ++i) {
      if (!std::isnan(ordered[by_date[i]])) positions.push_back(by_date[i]);
    }
    rank_group(positions, ordered, ranks);
  }
  return ranks;
}

LaggedCorrelation correlate(const SymbolOrder& order,
                            const std::vector<float>& a,
                            const std::vector<float>& b,
                            std::size_t lag) {
  double products = 0, squares_a = 0, squares_b = 0;
  std::size_t num_pairs = 0;
  for (std::size_t s = 0; s + 1 < order.begin.size(); ++s) {
    for (std::size_t p = order.begin[s]; p + lag < order.begin[s + 1]; ++p) {
      const double x = a[p], y = b[p + lag];
      if (std::isnan(x) || std::isnan(y)) continue;
      products += x * y;
      squares_a += x * x;
      squares_b += y * y;
      ++num_pairs;
    }
  }
  const double scale = std::sqrt(squares_a * squares_b);
  return {.value = scale > 0 ? products / scale : 0, .num_pairs = num_pairs};
}

}  // namespace tickwerk::model
