#include "tickwerk/model/dataset_builder.h"

#include <algorithm>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

void check_names(const std::vector<FeaturePanel>& features) {
  if (features.empty()) {
    throw Error(Code::kInvalidArgument, "a dataset must have a feature, found none");
  }
  std::set<std::string> seen;
  for (const FeaturePanel& feature : features) {
    const std::vector<std::string>& reserved = reserved_names();
    if (std::find(reserved.begin(), reserved.end(), feature.name) != reserved.end()) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a feature must have another name than the dataset's own columns, "
                              "found {}",
                              feature.name));
    }
    if (!seen.insert(feature.name).second) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a feature must be given once, found {} twice", feature.name));
    }
  }
}

void fill_column(PanelView values, const LabeledRows& rows, double* out) {
  const bool is_daily = values.num_symbols == 1;
  for (std::size_t r = 0; r < rows.num_rows(); ++r) {
    out[r] = values(rows.bar[r], is_daily ? 0 : rows.symbol[r]);
  }
}

}  // namespace

const std::vector<std::string>& reserved_names() {
  static const std::vector<std::string> names = {"timestamp",       "symbol",    "label",
                                                 "realized_return", "label_end", "exit_time"};
  return names;
}

void require_labels(const LabeledRows& rows, const LabelColumn& label) {
  if (rows.num_rows() == 0) {
    const LeftOut& out = rows.left_out;
    throw Error(Code::kInvalidArgument,
                fmt::format("a dataset must have a row with a label, found {} candidates: {} whose "
                            "label ends after the data, {} that met no price to get in at, {} "
                            "without a value, {} without a benchmark, {} outside the universe",
                            rows.num_candidates, out.num_unfinished, out.num_unfilled,
                            out.num_no_label, out.num_no_benchmark, out.num_strangers));
  }
  const std::vector<std::string> classes = class_names(label.rule);
  if (classes.empty()) return;
  const double first = rows.label.front();
  const bool same = std::all_of(rows.label.begin(), rows.label.end(),
                                [first](double value) { return value == first; });
  if (!same) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("labels must be of two classes at least, found {} rows, all '{}', in {}",
                          rows.num_rows(), classes[static_cast<std::size_t>(first)], label.name));
}

Dataset build_dataset(const market::Bars& bars,
                      std::vector<FeaturePanel> features,
                      LabeledRows rows,
                      const LabelColumn& label) {
  TW_ZONE("build_dataset");
  check_names(features);
  require_labels(rows, label);
  Dataset dataset;
  dataset.frequency = bars.frequency;
  dataset.times = bars.times;
  dataset.symbols = bars.symbols;
  for (const FeaturePanel& feature : features) dataset.feature_names.push_back(feature.name);
  dataset.features = Panel(features.size(), rows.num_rows());
  parallel_for(features.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t f = first; f < last; ++f) {
      fill_column(features[f].values.view(), rows, dataset.features.row(f));
      features[f].values = {};
    }
  });
  dataset.bar = std::move(rows.bar);
  dataset.symbol = std::move(rows.symbol);
  dataset.label_name = label.name;
  dataset.label_kind = kind_of(label.rule);
  dataset.label = std::move(rows.label);
  dataset.realized_return = std::move(rows.realized_return);
  dataset.label_end = std::move(rows.label_end);
  dataset.label_reach = rows.reach;
  dataset.exit_bar = std::move(rows.exit_bar);
  return dataset;
}

}  // namespace tickwerk::model
