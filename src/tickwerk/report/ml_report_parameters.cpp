#include <fmt/format.h>

#include <string>

#include "tickwerk/report/ml_report_tables.h"

namespace tickwerk::report {
namespace {

constexpr const char* kLibrary = "default of the library";
constexpr const char* kForest = "default of the library's forests";
constexpr const char* kSet = "set";
constexpr const char* kOurs = "of every meta-model";

class Parameters {
 public:
  template <typename Value>
  void add(const char* name, Value value, Value by_default) {
    table_.add({name, fmt::to_string(value), value == by_default ? kLibrary : kSet});
  }
  void add_fixed(const char* name, const std::string& value, const char* from) {
    table_.add({name, value, from});
  }
  Table take() { return std::move(table_); }

 private:
  Table table_{{{"parameter"}, {"value", Align::kRight}, {"chosen by"}}};
};

}  // namespace

Table parameter_table(const MlTrainingReport& report) {
  const model::ModelSpec& spec = report.notes.config.model;
  const model::TreeParams& trees = spec.trees;
  const model::TreeParams by_default;
  const bool is_forest = spec.kind == model::ModelKind::kRandomForest;
  Parameters all;
  all.add_fixed("objective", "binary:logistic", kOurs);
  all.add_fixed("tree_method", "hist", kOurs);
  all.add_fixed("seed", fmt::to_string(spec.seed), kSet);
  all.add(is_forest ? "num_parallel_tree" : "num_boost_round", trees.num_trees,
          by_default.num_trees);
  all.add("max_depth", trees.max_depth, by_default.max_depth);
  all.add("min_child_weight", trees.min_child_weight, by_default.min_child_weight);
  all.add("max_bin", trees.max_bins, by_default.max_bins);
  if (is_forest) {
    all.add_fixed("num_boost_round", "1", kForest);
    all.add_fixed("learning_rate", "1", kForest);
    all.add_fixed("lambda", "1e-05", kForest);
    all.add_fixed("subsample", "0.8", kForest);
    all.add_fixed("colsample_bynode", "0.8", kForest);
    all.add_fixed("colsample_bytree", "1", kLibrary);
  } else {
    all.add("learning_rate", trees.learning_rate, by_default.learning_rate);
    all.add("lambda", trees.lambda, by_default.lambda);
    all.add("subsample", trees.subsample, by_default.subsample);
    all.add("colsample_bytree", trees.colsample, by_default.colsample);
    all.add_fixed("num_parallel_tree", "1", kLibrary);
    all.add_fixed("colsample_bynode", "1", kLibrary);
  }
  for (const char* name : {"alpha", "gamma", "max_delta_step", "max_leaves"}) {
    all.add_fixed(name, "0", kLibrary);
  }
  all.add_fixed("colsample_bylevel", "1", kLibrary);
  all.add_fixed("scale_pos_weight", "1", kLibrary);
  all.add_fixed("base_score", "share of label 1 in training", kLibrary);
  all.add_fixed("grow_policy", "depthwise", kLibrary);
  all.add_fixed("sampling_method", "uniform", kLibrary);
  all.add_fixed("missing", "NaN, each split learns its side", kLibrary);
  return all.take();
}

}  // namespace tickwerk::report
