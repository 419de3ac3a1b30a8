#include "tickwerk/model/boosting.h"

#include <algorithm>
#include <utility>

#include "tickwerk/base/parallel.h"
#include "tickwerk/model/finite_features.h"
#include "tickwerk/model/xgboost_library.h"

namespace tickwerk::model {
namespace {

using xgboost::library;
using xgboost::require;

// Rows predicted by one call: what the library writes stays in the caches.
constexpr std::size_t kBlockRows = 65536;
// Rows explained by one call: the library copies them, 8 bytes a value.
constexpr std::size_t kExplainedRows = 8192;

enum class Predicted { kValue = 0, kContributions = 2 };

std::string prediction_config(Predicted what, std::size_t num_rounds) {
  return fmt::format(
      R"({{"type":{},"training":false,"iteration_begin":0,"iteration_end":{},"strict_shape":false,)"
      R"("missing":NaN,"cache_id":0}})",
      static_cast<int>(what), num_rounds);
}

std::size_t product(const xgboost::Length* shape, xgboost::Length dimensions) {
  std::size_t size = 1;
  for (xgboost::Length i = 0; i < dimensions; ++i) size *= shape[i];
  return size;
}

/// Calls body(first, last, place) for blocks of the rows, `place` counting those before.
template <class Body>
void for_blocks(std::span<const RowRange> rows, std::size_t block, const Body& body) {
  std::size_t place = 0;
  for (const RowRange& range : rows) {
    for (std::size_t first = range.first; first < range.last; first += block) {
      const std::size_t last = std::min(range.last, first + block);
      body(first, last, place);
      place += last - first;
    }
  }
}

}  // namespace

void BoostingModel::require_features(PanelView features) const {
  if (features.num_rows == parts_.num_features) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("the matrix must have the {} features of the model: found {}",
                          parts_.num_features, features.num_rows));
}

void BoostingModel::predict(PanelView features,
                            std::span<const RowRange> rows,
                            std::span<double> out) const {
  predict_by_first(num_trees(), features, rows, out);
}

void BoostingModel::predict_by_first(std::size_t num_trees,
                                     PanelView features,
                                     std::span<const RowRange> rows,
                                     std::span<double> out) const {
  TW_CHECK(out.size(), ==, num_rows(rows));
  require_features(features);
  if (num_trees < 1 || num_trees > this->num_trees() || num_trees % parts_.trees_per_round != 0) {
    throw Error(Code::kInvalidArgument,
                fmt::format("the first trees must be a multiple of {} in [1, {}]: found {}",
                            parts_.trees_per_round, this->num_trees(), num_trees));
  }
  require_finite(features, rows);
  const std::string config =
      prediction_config(Predicted::kValue, num_trees / parts_.trees_per_round);
  for_blocks(rows, kBlockRows, [&](std::size_t first, std::size_t last, std::size_t place) {
    const xgboost::Length* shape = nullptr;
    xgboost::Length dimensions = 0;
    const float* values = nullptr;
    require(library().predict_columns(parts_.booster.get(),
                                      xgboost::view_of(features, first, last).c_str(),
                                      config.c_str(), nullptr, &shape, &dimensions, &values));
    TW_CHECK(product(shape, dimensions), ==, last - first);
    std::copy_n(values, last - first, out.data() + place);
  });
}

Panel BoostingModel::predict_contributions(PanelView features,
                                           std::span<const RowRange> rows) const {
  require_features(features);
  require_finite(features, rows);
  const std::size_t width = parts_.num_features + 1;
  Panel out(width, num_rows(rows));
  const std::string config = prediction_config(Predicted::kContributions, parts_.num_rounds);
  const std::string config_of_matrix =
      fmt::format(R"({{"missing":NaN,"nthread":{}}})", num_threads());
  for_blocks(rows, kExplainedRows, [&](std::size_t first, std::size_t last, std::size_t place) {
    xgboost::Handle handle = nullptr;
    require(library().create_from_columns(xgboost::view_of(features, first, last).c_str(),
                                          config_of_matrix.c_str(), &handle));
    const xgboost::Matrix matrix(handle);
    const xgboost::Length* shape = nullptr;
    xgboost::Length dimensions = 0;
    const float* values = nullptr;
    require(library().predict_matrix(parts_.booster.get(), matrix.get(), config.c_str(), &shape,
                                     &dimensions, &values));
    TW_CHECK(product(shape, dimensions), ==, (last - first) * width);
    for (std::size_t feature = 0; feature < width; ++feature) {
      double* const row = out.span().row(feature) + place;
      for (std::size_t i = 0; i < last - first; ++i) row[i] = values[i * width + feature];
    }
  });
  return out;
}

std::vector<Importance> BoostingModel::importance() const {
  std::vector<Importance> importance(parts_.num_features);
  xgboost::Length num_used = 0;
  const char** used = nullptr;
  xgboost::Length dimensions = 0;
  const xgboost::Length* shape = nullptr;
  const float* gains = nullptr;
  // By place, not by name: names need not differ.
  std::vector<std::string> places;
  std::vector<const char*> pointers;
  for (std::size_t i = 0; i < parts_.num_features; ++i) places.push_back(std::to_string(i));
  for (const std::string& place : places) pointers.push_back(place.c_str());
  std::string config = R"({"importance_type":"gain","feature_names":[)";
  for (std::size_t i = 0; i < places.size(); ++i) {
    config += fmt::format("{}\"{}\"", i == 0 ? "" : ",", places[i]);
  }
  config += "]}";
  require(library().scores(parts_.booster.get(), config.c_str(), &num_used, &used, &dimensions,
                           &shape, &gains));
  for (xgboost::Length i = 0; i < num_used; ++i) {
    const std::size_t feature = std::stoul(used[i]);
    importance.at(feature) = {.feature = {}, .value = gains[i], .raw_value = gains[i]};
  }
  return importance;
}

std::vector<std::string> BoostingModel::feature_names() const {
  xgboost::Length size = 0;
  const char** names = nullptr;
  require(library().get_names(parts_.booster.get(), "feature_name", &size, &names));
  return {names, names + size};
}

std::string BoostingModel::bytes() const {
  xgboost::Length size = 0;
  const char* bytes = nullptr;
  require(library().save(parts_.booster.get(), R"({"format":"ubj"})", &size, &bytes));
  return {bytes, bytes + size};
}

}  // namespace tickwerk::model
