#include "tickwerk/model/dataset.h"

#include <cmath>

namespace tickwerk::model {

std::size_t num_rows(std::span<const RowRange> ranges) noexcept {
  std::size_t sum = 0;
  for (const RowRange& range : ranges) sum += range.last - range.first;
  return sum;
}

Dataset complete_rows(const Dataset& dataset) {
  std::vector<std::size_t> kept;
  kept.reserve(dataset.num_rows());
  std::vector<char> complete(dataset.num_rows(), 1);
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const double* values = dataset.features.row(f);
    for (std::size_t r = 0; r < complete.size(); ++r) complete[r] &= std::isfinite(values[r]);
  }
  for (std::size_t r = 0; r < complete.size(); ++r) {
    if (complete[r] != 0) kept.push_back(r);
  }
  Dataset result;
  result.frequency = dataset.frequency;
  result.times = dataset.times;
  result.symbols = dataset.symbols;
  result.feature_names = dataset.feature_names;
  result.label_name = dataset.label_name;
  result.label_kind = dataset.label_kind;
  result.label_reach = dataset.label_reach;
  const auto keep = [&kept](const auto& all) {
    std::remove_cvref_t<decltype(all)> some;
    some.reserve(kept.size());
    for (const std::size_t r : kept) some.push_back(all[r]);
    return some;
  };
  result.bar = keep(dataset.bar);
  result.symbol = keep(dataset.symbol);
  result.label = keep(dataset.label);
  result.realized_return = keep(dataset.realized_return);
  result.label_end = keep(dataset.label_end);
  if (!dataset.exit_bar.empty()) result.exit_bar = keep(dataset.exit_bar);
  result.features = Panel(dataset.num_features(), kept.size());
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const double* from = dataset.features.row(f);
    double* to = result.features.row(f);
    for (std::size_t k = 0; k < kept.size(); ++k) to[k] = from[kept[k]];
  }
  return result;
}

}  // namespace tickwerk::model
