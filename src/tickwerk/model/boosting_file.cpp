#include "tickwerk/model/boosting_file.h"

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/model/xgboost_library.h"

namespace tickwerk::model {
namespace {

using nlohmann::json;
using xgboost::library;
using xgboost::require;

constexpr int kLatestMajor = 3;
constexpr std::int64_t kNoChild = -1;

[[noreturn]] void corrupt(const std::string& rule) { throw Error(Code::kCorruptData, rule); }

[[noreturn]] void unsupported(std::string_view what, std::string_view found) {
  throw Error(Code::kUnsupported, fmt::format("{}: found {}", what, found));
}

/// XGBoost writes its counts as text.
std::size_t count_of(const json& fields, const char* name) {
  const auto& text = fields.at(name).get_ref<const std::string&>();
  std::size_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || end != text.data() + text.size()) {
    corrupt(fmt::format("a model's {} must be a count: found '{}'", name, text));
  }
  return count;
}

/// A list of a tree with one entry a node.
const json& per_node(const json& tree, const char* name, std::size_t num_nodes) {
  const json& list = tree.at(name);
  if (!list.is_array() || list.size() != num_nodes) {
    corrupt(fmt::format("a tree's {} must have one entry a node: found {} for {} nodes", name,
                        list.size(), num_nodes));
  }
  return list;
}

/// Every node below the root is the child of one; the features that are split on exist.
void require_tree(const json& tree, std::size_t num_features) {
  const json& sizes = tree.at("tree_param");
  const std::size_t num_nodes = count_of(sizes, "num_nodes");
  if (count_of(sizes, "size_leaf_vector") > 1) {
    unsupported("a leaf must have one value", "several");
  }
  for (const char* name :
       {"categories", "categories_nodes", "categories_segments", "categories_sizes"}) {
    if (!tree.at(name).empty()) {
      unsupported("a tree must split on numbers", "a split on categories");
    }
  }
  const json& left = per_node(tree, "left_children", num_nodes);
  const json& right = per_node(tree, "right_children", num_nodes);
  const json& feature = per_node(tree, "split_indices", num_nodes);
  const json& parent = per_node(tree, "parents", num_nodes);
  const json& type = per_node(tree, "split_type", num_nodes);
  for (std::size_t node = 0; node < num_nodes; ++node) {
    if (type[node].get<int>() != 0) unsupported("a split must be on numbers", type[node].dump());
    if (node > 0 && parent[node].get<std::uint64_t>() >= num_nodes) {
      corrupt(fmt::format("a parent must be one of {} nodes: found {}", num_nodes,
                          parent[node].dump()));
    }
  }
  if (num_nodes == 0) corrupt("a tree must have a root: found no node");
  std::vector<char> is_reached(num_nodes, 0);
  std::vector<std::size_t> open = {0};
  is_reached[0] = 1;
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    const auto to_left = left[node].get<std::int64_t>();
    const auto to_right = right[node].get<std::int64_t>();
    if (to_left == kNoChild && to_right == kNoChild) continue;
    if (feature[node].get<std::uint64_t>() >= num_features) {
      corrupt(fmt::format("a split must be on one of {} features: found {}", num_features,
                          feature[node].dump()));
    }
    for (const std::int64_t child : {to_left, to_right}) {
      if (child <= 0 || child >= static_cast<std::int64_t>(num_nodes) || is_reached[child] != 0) {
        corrupt(
            fmt::format("a child must be a node of its own below {}: found {}", num_nodes, child));
      }
      is_reached[child] = 1;
      open.push_back(static_cast<std::size_t>(child));
    }
  }
}

Target target_of(const std::string& objective) {
  if (objective == "reg:squarederror") return Target::kValue;
  if (objective == "binary:logistic") return Target::kBinary;
  unsupported("a model's objective must be reg:squarederror or binary:logistic", objective);
}

/// Rounds end after the trees counted here; each round has as many as the others.
std::size_t rounds_of(const json& ends, std::size_t num_trees, std::size_t trees_per_round) {
  const std::size_t num_rounds = trees_per_round == 0 ? 0 : num_trees / trees_per_round;
  if (num_rounds == 0 || num_rounds * trees_per_round != num_trees ||
      ends.size() != num_rounds + 1) {
    corrupt(fmt::format("a model must have whole rounds of {} trees: found {} trees, {} ends",
                        trees_per_round, num_trees, ends.size()));
  }
  for (std::size_t i = 0; i <= num_rounds; ++i) {
    if (ends[i].get<std::size_t>() != i * trees_per_round) {
      corrupt(fmt::format("round {} must begin at tree {}: found {}", i, i * trees_per_round,
                          ends[i].dump()));
    }
  }
  return num_rounds;
}

/// Throws unless the library can use the model without harm.
BoostingModel::Parts require_model(const json& model) {
  const auto major = model.at("version").at(0).get<int>();
  if (major > kLatestMajor) {
    unsupported(fmt::format("a model must be of XGBoost {} or before", kLatestMajor),
                fmt::format("version {}", major));
  }
  const json& learner = model.at("learner");
  const json& booster = learner.at("gradient_booster");
  if (booster.at("name") != "gbtree") {
    unsupported("a booster must be gbtree", booster.at("name").dump());
  }
  const json& shape = learner.at("learner_model_param");
  if (count_of(shape, "num_class") > 1 || count_of(shape, "num_target") > 1) {
    unsupported("a model must predict one number a row", "several classes or targets");
  }
  BoostingModel::Parts parts;
  parts.num_features = count_of(shape, "num_feature");
  parts.target = target_of(learner.at("objective").at("name").get<std::string>());

  const json& forest = booster.at("model");
  const json& counts = forest.at("gbtree_model_param");
  const std::size_t num_trees = count_of(counts, "num_trees");
  parts.trees_per_round = count_of(counts, "num_parallel_tree");
  parts.num_rounds = rounds_of(forest.at("iteration_indptr"), num_trees, parts.trees_per_round);
  if (forest.contains("cats") && !forest.at("cats").at("enc").empty()) {
    unsupported("features must be numbers", "categories");
  }
  const json& groups = forest.at("tree_info");
  const json& trees = forest.at("trees");
  if (trees.size() != num_trees || groups.size() != num_trees) {
    corrupt(fmt::format("a model must have {} trees: found {}", num_trees, trees.size()));
  }
  for (std::size_t i = 0; i < num_trees; ++i) {
    if (groups[i].get<int>() != 0) corrupt("a tree must be of group 0");
    // The library puts each tree where its number says.
    if (trees[i].at("id").get<std::size_t>() != i) {
      corrupt(fmt::format("tree {} must bear its number: found {}", i, trees[i].at("id").dump()));
    }
    require_tree(trees[i], parts.num_features);
  }
  const json& names = learner.at("feature_names");
  if (!names.empty() && names.size() != parts.num_features) {
    corrupt(fmt::format("a model must have no names or {}: found {}", parts.num_features,
                        names.size()));
  }
  return parts;
}

BoostingModel::Parts checked(std::string_view bytes) {
  try {
    return require_model(json::from_ubjson(bytes));
  } catch (const json::exception& error) {
    corrupt(fmt::format("a model must be XGBoost's UBJSON: found {}", error.what()));
  }
}

}  // namespace

void save_boosting(const BoostingModel& model, const std::filesystem::path& path) {
  io::write_file(path, model.bytes());
}

std::unique_ptr<BoostingModel> load_boosting(const std::filesystem::path& path) {
  const io::MappedFile file(path);
  return parse_boosting(file.bytes(), path.string());
}

std::unique_ptr<BoostingModel> parse_boosting(std::string_view bytes, std::string_view name) {
  try {
    BoostingModel::Parts parts = checked(bytes);
    xgboost::Handle handle = nullptr;
    require(library().create_booster(nullptr, 0, &handle));
    xgboost::Booster booster(handle);
    require(library().set_parameter(handle, "verbosity", "0"));
    require(library().set_parameter(handle, "nthread", std::to_string(num_threads()).c_str()));
    require(library().load(handle, bytes.data(), bytes.size()), Code::kCorruptData);
    parts.booster = std::move(booster);
    return std::make_unique<BoostingModel>(std::move(parts));
  } catch (const Error& error) {
    throw error.with_context(fmt::format("while reading {}", name));
  }
}

}  // namespace tickwerk::model
