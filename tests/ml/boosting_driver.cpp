// Fits a model of trees to matrix.csv by spec.json of a folder, or reads its given.ubj, and leaves
// model.ubj and predictions, contributions and importance as CSV there. For test_boosting.py.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/model/boosting.h"
#include "tickwerk/model/boosting_file.h"

namespace {

using namespace tickwerk;
using namespace tickwerk::model;

constexpr std::size_t kNumExplained = 300;  // rows whose contributions are written

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

double number(std::string_view text) {
  double value = kNaN;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Features, then the target and the weight; a field that is no number is missing.
struct Matrix {
  explicit Matrix(const std::filesystem::path& file) {
    const io::MappedFile mapped(file);
    const std::vector<std::string_view> lines = split(mapped.bytes(), '\n');
    const std::vector<std::string_view> head = split(lines.front(), ',');
    const std::size_t num_features = head.size() - 2;
    names.assign(head.begin(), head.end() - 2);
    features = Panel(num_features, lines.size() - 1);
    for (std::size_t row = 0; row + 1 < lines.size(); ++row) {
      const std::vector<std::string_view> fields = split(lines[row + 1], ',');
      for (std::size_t f = 0; f < num_features; ++f) {
        features.span()(f, row) = number(fields.at(f));
      }
      target.push_back(number(fields.at(num_features)));
      weights.push_back(number(fields.at(num_features + 1)));
    }
  }

  std::vector<std::string> names;
  Panel features;
  std::vector<double> target;
  std::vector<double> weights;
};

ModelSpec spec_of(const nlohmann::json& json) {
  ModelSpec spec{.name = json.at("kind").get<std::string>()};
  spec.kind =
      spec.name == "random_forest" ? ModelKind::kRandomForest : ModelKind::kGradientBoosting;
  spec.seed = json.value("seed", spec.seed);
  TreeParams& trees = spec.trees;
  trees.num_trees = json.value("num_trees", trees.num_trees);
  trees.max_depth = json.value("max_depth", trees.max_depth);
  trees.learning_rate = json.value("learning_rate", trees.learning_rate);
  trees.min_child_weight = json.value("min_child_weight", trees.min_child_weight);
  trees.lambda = json.value("lambda", trees.lambda);
  trees.subsample = json.value("subsample", trees.subsample);
  trees.colsample = json.value("colsample", trees.colsample);
  trees.max_bins = json.value("max_bins", trees.max_bins);
  return spec;
}

std::unique_ptr<BoostingModel> model_of(const std::filesystem::path& folder,
                                        const nlohmann::json& json,
                                        const Matrix& matrix) {
  if (std::filesystem::exists(folder / "given.ubj")) return load_boosting(folder / "given.ubj");
  RowRanges ranges;
  for (const auto& range : json.at("ranges")) ranges.push_back({range.at(0), range.at(1)});
  return fit_boosting(spec_of(json),
                      json.at("target") == "binary" ? Target::kBinary : Target::kValue,
                      {.features = matrix.features.view(),
                       .target = matrix.target,
                       .weights = matrix.weights,
                       .rows = ranges,
                       .feature_names = matrix.names});
}

void run(const std::filesystem::path& folder) {
  const io::MappedFile spec(folder / "spec.json");
  const nlohmann::json json = nlohmann::json::parse(spec.bytes());
  set_num_threads(json.at("num_threads"));
  const Matrix matrix(folder / "matrix.csv");
  const auto model = model_of(folder, json, matrix);
  save_boosting(*model, folder / "model.ubj");

  const RowRanges all = {{0, matrix.target.size()}};
  std::vector<double> predicted(matrix.target.size());
  model->predict(matrix.features.view(), all, predicted);
  io::write_file(folder / "predictions.csv", fmt::format("{}\n", fmt::join(predicted, "\n")));

  const RowRanges some = {{0, std::min(kNumExplained, matrix.target.size())}};
  const Panel contributions = model->predict_contributions(matrix.features.view(), some);
  std::string text;
  for (std::size_t row = 0; row < contributions.num_symbols(); ++row) {
    for (std::size_t f = 0; f < contributions.num_rows(); ++f) {
      text += fmt::format("{}{}", f == 0 ? "" : ",", contributions.view()(f, row));
    }
    text += '\n';
  }
  io::write_file(folder / "contributions.csv", text);

  text.clear();
  for (const Importance& importance : model->importance()) {
    text += fmt::format("{}\n", importance.value);
  }
  io::write_file(folder / "importance.csv", text);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: boosting_driver FOLDER\n", stderr);
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const tickwerk::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return exit_code(error.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
