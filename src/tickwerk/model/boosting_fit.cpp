#include <cmath>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/model/boosting.h"
#include "tickwerk/model/finite_features.h"
#include "tickwerk/model/xgboost_library.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

using xgboost::library;
using xgboost::require;

// What XGBRFRegressor changes of the library's defaults.
constexpr double kForestShare = 0.8;
constexpr double kForestLambda = 1e-5;
constexpr std::size_t kMostDepth = 30;
constexpr std::size_t kMostTrees = 1'000'000;
constexpr std::size_t kMostBins = 65536;

// What must hold before the library is asked
// -------------------------------------------------------

struct Bounds {
  double least = 0;
  double most = 0;
};

void require_within(std::string_view name, double value, Bounds bounds) {
  if (value >= bounds.least && value <= bounds.most) return;
  throw Error(Code::kInvalidArgument, fmt::format("{} must be in [{}, {}]: found {}", name,
                                                  bounds.least, bounds.most, value));
}

void require_params(const ModelSpec& spec) {
  if (spec.kind != ModelKind::kGradientBoosting && spec.kind != ModelKind::kRandomForest) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a model of trees must be gradient boosting or a random forest: found "
                            "'{}'",
                            spec.name));
  }
  constexpr double kLeastShare = 1e-6;
  constexpr double kMostWeight = 1e12;
  const TreeParams& trees = spec.trees;
  require_within("num_trees", static_cast<double>(trees.num_trees), {1, kMostTrees});
  require_within("max_depth", static_cast<double>(trees.max_depth), {1, kMostDepth});
  require_within("max_bins", static_cast<double>(trees.max_bins), {2, kMostBins});
  require_within("learning_rate", trees.learning_rate, {kLeastShare, 1});
  require_within("min_child_weight", trees.min_child_weight, {0, kMostWeight});
  require_within("lambda", trees.lambda, {0, kMostWeight});
  require_within("subsample", trees.subsample, {kLeastShare, 1});
  require_within("colsample", trees.colsample, {kLeastShare, 1});
}

void require_target(double value, Target target, std::size_t row) {
  if (target == Target::kBinary && value != 0 && value != 1) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a target of two classes must be 0 or 1: found {} in row {}", value, row));
  }
  if (!(std::abs(value) <= std::numeric_limits<float>::max())) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a target must be finite and within single precision: found {} in row "
                            "{}",
                            value, row));
  }
}

void require_targets(const TrainingRows& training, Target target) {
  std::size_t num_rows = 0;
  double num_ones = 0;
  for (const RowRange& range : training.rows) {
    for (std::size_t row = range.first; row < range.last; ++row) {
      require_target(training.target[row], target, row);
      num_ones += training.target[row];
    }
    num_rows += range.last - range.first;
  }
  if (num_rows == 0) {
    throw Error(Code::kInvalidArgument, "a model must have rows to learn from: found none");
  }
  if (target == Target::kBinary && (num_ones == 0 || num_ones == static_cast<double>(num_rows))) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a target of two classes must have both among its rows: found {} rows "
                            "of class {} alone",
                            num_rows, num_ones == 0 ? 0 : 1));
  }
}

void require_weights(const TrainingRows& training) {
  if (training.weights.empty()) return;
  double sum = 0;
  for (const RowRange& range : training.rows) {
    for (std::size_t row = range.first; row < range.last; ++row) {
      const double weight = training.weights[row];
      if (!(weight >= 0 && weight <= std::numeric_limits<float>::max())) {
        throw Error(Code::kInvalidArgument,
                    fmt::format("a weight must be finite and not negative: found {} in row {}",
                                weight, row));
      }
      sum += weight;
    }
  }
  if (sum == 0) {
    throw Error(Code::kInvalidArgument, "weights must not all be zero: found none above it");
  }
}

void require_shapes(const TrainingRows& training) {
  TW_CHECK(training.target.size(), ==, training.features.num_symbols);
  if (!training.weights.empty()) TW_CHECK(training.weights.size(), ==, training.target.size());
  if (!training.feature_names.empty()) {
    TW_CHECK(training.feature_names.size(), ==, training.features.num_rows);
  }
  for (const RowRange& range : training.rows) {
    TW_CHECK(range.first, <=, range.last);
    TW_CHECK(range.last, <=, training.target.size());
  }
  if (training.features.num_rows == 0) {
    throw Error(Code::kInvalidArgument, "a model must have features to learn from: found none");
  }
}

// The matrix
// ---------------------------------------------------------------------------------------

/// Hands the rows to the library, a range at a time, as often as it asks.
class Batches {
 public:
  explicit Batches(const TrainingRows& training) : training_(training) {
    xgboost::Handle handle = nullptr;
    require(library().create_proxy(&handle));
    proxy_.reset(handle);
  }

  xgboost::Matrix quantile_matrix(std::size_t max_bins) {
    const std::string config =
        fmt::format(R"({{"missing":NaN,"nthread":{},"max_bin":{}}})", num_threads(), max_bins);
    xgboost::Handle handle = nullptr;
    const int status = library().create_quantile_matrix(
        this, proxy_.get(), nullptr, [](void* batches) { static_cast<Batches*>(batches)->reset(); },
        [](void* batches) { return static_cast<Batches*>(batches)->next(); }, config.c_str(),
        &handle);
    xgboost::Matrix matrix(handle);
    if (failure_) std::rethrow_exception(failure_);
    require(status);
    return matrix;
  }

 private:
  void reset() noexcept { at_ = 0; }

  /// 0 at the end. No exception may pass through the library.
  int next() noexcept {
    try {
      while (at_ < training_.rows.size() && training_.rows[at_].first == training_.rows[at_].last) {
        ++at_;
      }
      if (failure_ || at_ == training_.rows.size()) return 0;
      const RowRange range = training_.rows[at_++];
      const std::size_t size = range.last - range.first;
      require(library().set_columns(
          proxy_.get(), xgboost::view_of(training_.features, range.first, range.last).c_str()));
      set("label", training_.target.subspan(range.first, size));
      if (!training_.weights.empty()) set("weight", training_.weights.subspan(range.first, size));
      return 1;
    } catch (...) {
      failure_ = std::current_exception();
      return 0;
    }
  }

  void set(const char* field, std::span<const double> values) {
    require(library().set_info(proxy_.get(), field, xgboost::view_of(values).c_str()));
  }

  const TrainingRows& training_;
  xgboost::Matrix proxy_;
  std::size_t at_ = 0;
  std::exception_ptr failure_;
};

// The trees
// ----------------------------------------------------------------------------------------

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings settings_of(const ModelSpec& spec, Target target) {
  const TreeParams& trees = spec.trees;
  Settings settings = {
      {"validate_parameters", "true"},
      {"verbosity", "0"},
      {"nthread", std::to_string(num_threads())},
      {"seed", std::to_string(spec.seed & std::numeric_limits<std::int64_t>::max())},
      {"objective", target == Target::kBinary ? "binary:logistic" : "reg:squarederror"},
      {"tree_method", "hist"},
      {"max_bin", std::to_string(trees.max_bins)},
      {"max_depth", std::to_string(trees.max_depth)},
      {"min_child_weight", fmt::to_string(trees.min_child_weight)},
  };
  const Settings further = spec.kind == ModelKind::kRandomForest
                               ? Settings{{"num_parallel_tree", std::to_string(trees.num_trees)},
                                          {"learning_rate", "1"},
                                          {"lambda", fmt::to_string(kForestLambda)},
                                          {"subsample", fmt::to_string(kForestShare)},
                                          {"colsample_bynode", fmt::to_string(kForestShare)}}
                               : Settings{{"learning_rate", fmt::to_string(trees.learning_rate)},
                                          {"lambda", fmt::to_string(trees.lambda)},
                                          {"subsample", fmt::to_string(trees.subsample)},
                                          {"colsample_bytree", fmt::to_string(trees.colsample)}};
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

xgboost::Booster make_booster(xgboost::Handle matrix, const Settings& settings) {
  xgboost::Handle handle = nullptr;
  require(library().create_booster(&matrix, 1, &handle));
  xgboost::Booster booster(handle);
  for (const auto& [name, value] : settings) {
    require(library().set_parameter(handle, name.c_str(), value.c_str()));
  }
  return booster;
}

void set_names(xgboost::Handle booster, std::span<const std::string> names) {
  if (names.empty()) return;
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  require(library().set_names(booster, "feature_name", pointers.data(), pointers.size()));
}

}  // namespace

std::unique_ptr<BoostingModel> fit_boosting(const ModelSpec& spec,
                                            Target target,
                                            const TrainingRows& training,
                                            const TrainProgress& progress) {
  TW_ZONE("fit_boosting");
  require_params(spec);
  require_shapes(training);
  require_targets(training, target);
  require_weights(training);
  require_finite(training.features, training.rows);

  const std::size_t all = spec.trees.num_trees;
  const bool is_forest = spec.kind == ModelKind::kRandomForest;
  const std::size_t num_rounds = is_forest ? 1 : all;
  const std::size_t trees_per_round = is_forest ? all : 1;
  const xgboost::Matrix matrix = Batches(training).quantile_matrix(spec.trees.max_bins);
  xgboost::Booster booster = make_booster(matrix.get(), settings_of(spec, target));
  if (progress) progress(0, all);
  for (std::size_t round = 0; round < num_rounds; ++round) {
    require(library().update(booster.get(), static_cast<int>(round), matrix.get()));
    if (progress) progress((round + 1) * trees_per_round, all);
  }
  set_names(booster.get(), training.feature_names);
  // What training kept of the rows goes with it.
  require(library().reset(booster.get()));
  return std::make_unique<BoostingModel>(
      BoostingModel::Parts{.booster = std::shared_ptr<void>(std::move(booster)),
                           .target = target,
                           .num_features = training.features.num_rows,
                           .num_rounds = num_rounds,
                           .trees_per_round = trees_per_round});
}

}  // namespace tickwerk::model
