#include "tickwerk/model/dataset_summary.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/base/parallel.h"

namespace tickwerk::model {
namespace {

std::size_t class_of(const Dataset& dataset, std::size_t row) {
  return static_cast<std::size_t>(dataset.label[row]);
}

double share(std::size_t count, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(count) / static_cast<double>(all);
}

std::vector<ClassCount> count_classes(const Dataset& dataset,
                                      const std::vector<std::string>& names) {
  std::vector<ClassCount> classes;
  for (const std::string& name : names) classes.push_back({.name = name});
  if (names.empty()) classes.push_back({.name = "all"});
  std::vector<double> sums(classes.size(), 0);
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    const std::size_t k = names.empty() ? 0 : class_of(dataset, r);
    ++classes[k].num_rows;
    sums[k] += dataset.realized_return[r];
  }
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].num_rows == 0) continue;
    classes[k].mean_return = sums[k] / static_cast<double>(classes[k].num_rows);
  }
  return classes;
}

std::vector<YearCount> count_years(const Dataset& dataset, std::size_t num_classes) {
  std::vector<int> year_of;
  for (const Timestamp time : dataset.times) {
    year_of.push_back(year_month_day(date_of(time)).year);
  }
  std::vector<YearCount> years;
  double sum = 0;
  const auto close_year = [&] {
    if (!years.empty()) years.back().mean_return = sum / static_cast<double>(years.back().num_rows);
    sum = 0;
  };
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    const int year = year_of[dataset.bar[r]];
    if (years.empty() || years.back().year != year) {
      close_year();
      years.push_back({.year = year, .by_class = std::vector<std::size_t>(num_classes, 0)});
    }
    ++years.back().num_rows;
    sum += dataset.realized_return[r];
    if (num_classes > 0) ++years.back().by_class[class_of(dataset, r)];
  }
  close_year();
  return years;
}

constexpr std::size_t kRowsPerTask = 65'536;

/// Rows, in parts, in which every feature is finite, and what each feature lacks there.
struct Lacks {
  std::vector<std::size_t> missing;
  std::vector<std::size_t> infinite;
  std::size_t num_complete = 0;
};

Lacks count_lacks(const Dataset& dataset, RowRange rows) {
  Lacks lacks{.missing = std::vector<std::size_t>(dataset.num_features(), 0),
              .infinite = std::vector<std::size_t>(dataset.num_features(), 0)};
  std::vector<std::uint8_t> complete(rows.last - rows.first, 1);
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const double* values = dataset.features.row(f) + rows.first;
    std::size_t missing = 0, finite = 0;
    for (std::size_t r = 0; r < complete.size(); ++r) {
      const bool is_finite = values[r] - values[r] == 0;
      missing += values[r] != values[r] ? 1 : 0;
      finite += is_finite ? 1 : 0;
      complete[r] &= is_finite ? 1 : 0;
    }
    lacks.missing[f] = missing;
    lacks.infinite[f] = complete.size() - finite - missing;
  }
  lacks.num_complete =
      static_cast<std::size_t>(std::count(complete.begin(), complete.end(), std::uint8_t{1}));
  return lacks;
}

}  // namespace

DatasetSummary summarize(const Dataset& dataset,
                         const std::vector<std::string>& classes,
                         std::size_t num_candidates,
                         const LeftOut& left_out) {
  const std::size_t num_rows = dataset.num_rows();
  DatasetSummary summary;
  summary.num_rows = num_rows;
  summary.num_candidates = num_candidates;
  summary.left_out = left_out;
  summary.classes = count_classes(dataset, classes);
  summary.years = count_years(dataset, classes.size());
  std::vector<std::uint8_t> seen(dataset.symbols.size(), 0);
  for (std::size_t r = 0; r < num_rows; ++r) {
    seen[dataset.symbol[r]] = 1;
    if (r == 0 || dataset.bar[r] != dataset.bar[r - 1]) ++summary.num_bars;
  }
  summary.num_symbols = static_cast<std::size_t>(std::count(seen.begin(), seen.end(), 1));

  std::vector<Lacks> parts((num_rows + kRowsPerTask - 1) / kRowsPerTask);
  parallel_for(num_rows, kRowsPerTask, [&](std::size_t first, std::size_t last) {
    parts[first / kRowsPerTask] = count_lacks(dataset, {first, last});
  });
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    std::size_t missing = 0, infinite = 0;
    for (const Lacks& part : parts) {
      missing += part.missing[f];
      infinite += part.infinite[f];
    }
    summary.features.push_back({.name = dataset.feature_names[f],
                                .missing = share(missing, num_rows),
                                .infinite = share(infinite, num_rows)});
  }
  for (const Lacks& part : parts) summary.num_complete += part.num_complete;
  return summary;
}

}  // namespace tickwerk::model
