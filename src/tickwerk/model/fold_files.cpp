#include "tickwerk/model/fold_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tickwerk/base/build_id.h"
#include "tickwerk/base/hash.h"
#include "tickwerk/base/version.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/model/names.h"

namespace tickwerk::model {
namespace {

// Numbers come back bit for bit: MessagePack keeps doubles as they are.
using nlohmann::json;

constexpr std::size_t kHashDigits = 32;

std::string hash_of(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.hex();
}

json json_of(const Fold& fold) {
  json curve = json::array();
  for (const CurvePoint& point : fold.explanation.curve) {
    curve.push_back({point.num_trees, point.train_loss, point.test_loss});
  }
  return {{"split", fold.split},
          {"num_train", fold.num_train},
          {"num_test", fold.num_test},
          {"predicted", fold.predicted},
          {"train_loss", fold.train_loss},
          {"importance", fold.importance},
          {"raw_importance", fold.raw_importance},
          {"permutation", fold.explanation.permutation},
          {"contribution", fold.explanation.contribution},
          {"curve", std::move(curve)}};
}

Fold fold_of(const json& from) {
  Fold fold{.split = from.at("split").get<std::size_t>(),
            .num_train = from.at("num_train").get<std::size_t>(),
            .num_test = from.at("num_test").get<std::size_t>(),
            .predicted = from.at("predicted").get<std::vector<double>>(),
            .train_loss = from.at("train_loss").get<double>(),
            .importance = from.at("importance").get<std::vector<double>>(),
            .raw_importance = from.at("raw_importance").get<std::vector<double>>()};
  fold.explanation.permutation = from.at("permutation").get<std::vector<double>>();
  fold.explanation.contribution = from.at("contribution").get<std::vector<double>>();
  for (const json& point : from.at("curve")) {
    fold.explanation.curve.push_back(
        {point.at(0).get<std::size_t>(), point.at(1).get<double>(), point.at(2).get<double>()});
  }
  return fold;
}

}  // namespace

FoldFiles::FoldFiles(std::filesystem::path root, const std::string& key)
    : root_(std::move(root)), folder_(root_ / key) {}

std::filesystem::path FoldFiles::path_of(const std::string& model, std::size_t split) const {
  return folder_ / fmt::format("{}_{}.fold", model, split);
}

std::optional<Fold> FoldFiles::find(const std::string& model, std::size_t split) {
  const std::filesystem::path path = path_of(model, split);
  if (!std::filesystem::exists(path)) return {};
  const io::MappedFile file(path);
  const std::string_view bytes = file.bytes();
  if (bytes.size() < kHashDigits ||
      hash_of(bytes.substr(kHashDigits)) != bytes.substr(0, kHashDigits)) {
    return {};
  }
  Fold fold = fold_of(json::from_msgpack(bytes.substr(kHashDigits)));
  ++num_found_;
  ++num_kept_;
  return fold;
}

void FoldFiles::keep(const std::string& model, const Fold& fold) {
  std::string bytes;
  json::to_msgpack(json_of(fold), nlohmann::detail::output_adapter<char>(bytes));
  io::write_file(path_of(model, fold.split), hash_of(bytes) + bytes);
  ++num_kept_;
}

void FoldFiles::remove() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  std::filesystem::remove(root_, ignored);  // refuses while other folders are there
}

std::string fold_key(std::string_view dataset_fingerprint,
                     const ValidationConfig& config,
                     const SplitConfig& splits,
                     std::string_view weights) {
  Hasher hasher;
  hasher.update(dataset_fingerprint);
  hasher.update(weights);
  hasher.update(fmt::format("{} {}", kVersion, build_id()));
  for (const ModelSpec& spec : config.models) {
    const TreeParams& trees = spec.trees;
    hasher.update(fmt::format("{} {} {} {} {} {} {} {} {} {} {} {}", spec.name,
                              to_string(spec.kind), spec.alpha, trees.num_trees, trees.max_depth,
                              trees.learning_rate, trees.min_child_weight, trees.lambda,
                              trees.subsample, trees.colsample, trees.max_bins, spec.seed));
  }
  hasher.update(
      fmt::format("{} {} {} {} {} {} {} {} {}", to_string(splits.scheme), splits.num_splits,
                  splits.num_test_groups, to_string(splits.window), splits.window_dates,
                  splits.embargo ? static_cast<long>(*splits.embargo) : -1L, splits.min_train_dates,
                  static_cast<int>(splits.purge), static_cast<int>(config.target)));
  hasher.update(fmt::format("{} {} {} {}", static_cast<int>(config.explain.what),
                            config.explain.max_rows, config.explain.num_points,
                            config.explain.seed));
  return hasher.hex();
}

}  // namespace tickwerk::model
