#include "tickwerk/job/ml_dataset_recipe.h"

#include <fmt/format.h>

#include <concepts>
#include <utility>

#include "tickwerk/base/error.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;

template <class Part, class Of>
concept Is = std::same_as<std::remove_const_t<Part>, Of>;

// Each key once: `at` writes the member under it, or reads it from there.

template <Is<RecipeStrategy> Part, class At>
void each_member(Part& strategy, const At& at) {
  at("name", strategy.name);
  at("texts", strategy.texts);
  at("language", strategy.language);
  at("params", strategy.params);
  at("top_n", strategy.top_n);
  at("rebalance", strategy.rebalance);
  at("min_volume_ratio", strategy.min_volume_ratio);
}

template <Is<risk::CostRates> Part, class At>
void each_member(Part& costs, const At& at) {
  at("commission", costs.commission.value);
  at("spread", costs.spread.value);
  at("impact", costs.impact.value);
}

template <Is<model::FeatureSource> Part, class At>
void each_member(Part& features, const At& at) {
  at("catalogue", features.catalogue);
  at("language", features.language);
  at("params", features.params);
}

template <Is<RecipeEntries> Part, class At>
void each_member(Part& entries, const At& at) {
  at("strategy", entries.strategy);
  at("costs_bps", entries.costs);
  at("delist_after", entries.delist_after);
}

template <Is<RecipeBarriers> Part, class At>
void each_member(Part& barriers, const At& at) {
  at("barrier_up", barriers.up);
  at("barrier_down", barriers.down);
}

template <Is<model::LeftOut> Part, class At>
void each_member(Part& left_out, const At& at) {
  at("label_after_data", left_out.num_unfinished);
  at("unfilled", left_out.num_unfilled);
  at("no_label", left_out.num_no_label);
  at("no_benchmark", left_out.num_no_benchmark);
  at("not_a_member", left_out.num_strangers);
}

template <Is<DatasetRecipe> Part, class At>
void each_member(Part& recipe, const At& at) {
  at("rows", recipe.rows);
  at("label_kind", recipe.label_kind);
  at("horizon", recipe.horizon);
  at("fill", recipe.fill);
  at("delist_haircut", recipe.delist_haircut);
  at("success_threshold", recipe.success_threshold);
  at.members("barrier_up", recipe.barriers);
  at("benchmark", recipe.benchmark);
  at("label", recipe.label);
  at("from", recipe.from);
  at("features", recipe.features);
  at("candidates", recipe.candidates);
  at("left_out", recipe.left_out);
  at("adjustment", recipe.adjustment);
  at("price_levels", recipe.price_levels);
  at.members("strategy", recipe.entries);
}

template <class T, class At>
concept HasMembers = requires(T& value, const At& at) { each_member(value, at); };

class Writer {
 public:
  explicit Writer(json& object) : object_(object) {}

  template <class T>
  void operator()(const char* key, const T& value) const {
    if constexpr (HasMembers<const T, Writer>) {
      object_[key] = json::object();
      each_member(value, Writer(object_[key]));
    } else {
      object_[key] = value;
    }
  }
  template <class T>
  void operator()(const char* key, const std::optional<T>& value) const {
    if (value) (*this)(key, *value);
  }

  /// Members that are all there or none, beside the others.
  template <class T>
  void members(const char*, const std::optional<T>& part) const {
    if (part) each_member(*part, *this);
  }

 private:
  json& object_;
};

/// The library would cast any number, also one that is too large.
template <std::integral T>
bool fits(const json& value) {
  if (!value.is_number_integer()) return false;
  return value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                    : std::in_range<T>(value.get<std::int64_t>());
}

class Reader {
 public:
  Reader(const json& object, const std::filesystem::path& file) : object_(object), file_(file) {}

  template <class T>
  void operator()(const char* key, T& value) const {
    const auto found = object_.find(key);
    if (found == object_.end()) return;
    if constexpr (HasMembers<T, Reader>) {
      if (!found->is_object()) refuse(key);
      each_member(value, Reader(*found, file_));
    } else {
      if constexpr (std::integral<T>) {
        if (!fits<T>(*found)) refuse(key);
      }
      try {
        found->get_to(value);
      } catch (const json::exception&) {
        refuse(key);
      }
    }
  }
  template <class T>
  void operator()(const char* key, std::optional<T>& value) const {
    if (object_.contains(key)) (*this)(key, value.emplace());
  }

  /// They are there where the first of them is.
  template <class T>
  void members(const char* first, std::optional<T>& part) const {
    if (object_.contains(first)) each_member(part.emplace(), *this);
  }

 private:
  [[noreturn]] void refuse(const char* key) const {
    throw Error(Code::kCorruptData,
                fmt::format("a dataset must say how it was made as it was written, found '{}' of "
                            "another kind: {}",
                            key, file_.string()));
  }

  const json& object_;
  const std::filesystem::path& file_;
};

}  // namespace

json recipe_json(const DatasetRecipe& recipe) {
  json written = json::object();
  each_member(recipe, Writer(written));
  return written;
}

DatasetRecipe read_recipe(const json& config, const std::filesystem::path& file) {
  DatasetRecipe recipe;
  each_member(recipe, Reader(config, file));
  return recipe;
}

}  // namespace tickwerk::job
