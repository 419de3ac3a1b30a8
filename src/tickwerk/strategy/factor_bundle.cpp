#include "tickwerk/strategy/factor_bundle.h"

#include <fmt/ranges.h>

#include <cmath>

#include "tickwerk/strategy/file_definition.h"

namespace tickwerk::strategy {
namespace {

constexpr double kWeightTolerance = 0.01;

struct FactorParts {
  YAML::Node expression;
  YAML::Node weight;
};

/// Of `name: {expr: ..., weight: ...}`.
FactorParts parts_of(const YamlText& file, const YAML::Node& key, const YAML::Node& value) {
  FactorParts parts;
  file.for_each_pair(
      value, "a key of a factor",
      [&](const std::string& part, const YAML::Node& part_key, const YAML::Node& item) {
        if (part == "expr") {
          parts.expression = item;
        } else if (part == "weight") {
          parts.weight = item;
        } else {
          file.refuse(fmt::format("a factor must have the keys expr and weight, found '{}' in {}; "
                                  "an expression with commas inside {{ }} must be quoted",
                                  part, key.Scalar()),
                      part_key);
        }
      });
  if (parts.expression.IsNull() || parts.weight.IsNull()) {
    file.refuse(fmt::format("a factor must have the keys expr and weight, found one of them in {}",
                            key.Scalar()),
                key);
  }
  return parts;
}

class BundleReader {
 public:
  BundleReader(const YamlText& file, ModuleText& module) : file_(file), module_(module) {}

  void read_factor(const YAML::Node& key, const YAML::Node& value) {
    const std::string& name = key.Scalar();
    const std::string what = "the weight of " + name;
    if (!is_name(name)) {
      file_.refuse(
          fmt::format("a factor must be a name of letters, digits and _, found '{}'", name), key);
    }
    double weight = 0;
    if (!value.IsMap()) {
      weight = file_.number(value, what);
      module_.add(fmt::format("_factor_{} = {}\n", name, name), file_.span(key));
      texts_.push_back(fmt::format("{} x {}", weight, name));
    } else {
      const FactorParts parts = parts_of(file_, key, value);
      weight = file_.number(parts.weight, what);
      add_definition(file_, {"_factor_" + name, key, parts.expression}, module_);
      texts_.push_back(fmt::format("{} x ({})", weight, parts.expression.Scalar()));
    }
    if (!(weight > 0)) {
      file_.refuse(
          fmt::format("{} must be > 0 (turn a factor round by its expression: -{}), found {}", what,
                      name, weight),
          value);
    }
    bundle_.factors.push_back({name, weight, file_.span(key)});
  }

  FactorBundle take() {
    bundle_.text = fmt::format("{}", fmt::join(texts_, " + "));
    return std::move(bundle_);
  }

 private:
  const YamlText& file_;
  ModuleText& module_;
  FactorBundle bundle_;
  std::vector<std::string> texts_;
};

}  // namespace

FactorBundle read_factor_bundle(const YamlText& file,
                                const YAML::Node& key,
                                const YAML::Node& value,
                                ModuleText& module) {
  if (!value.IsMap() || value.size() == 0) {
    file.refuse("factors must be a mapping of names to weights", value.IsNull() ? key : value);
  }
  BundleReader reader(file, module);
  file.for_each_pair(value, "a factor",
                     [&](const std::string&, const YAML::Node& factor, const YAML::Node& item) {
                       reader.read_factor(factor, item);
                     });
  FactorBundle bundle = reader.take();
  double sum = 0;
  for (const FactorBundle::Factor& factor : bundle.factors) sum += factor.weight;
  if (!(std::abs(sum - 1) <= kWeightTolerance + 1e-12)) {
    file.refuse(fmt::format("the weights of factors must add up to 1 within {}, found {:.10g}",
                            kWeightTolerance, sum),
                key);
  }
  return bundle;
}

void add_score(const FactorBundle& bundle, expr::syntax::Span place, ModuleText& module) {
  std::vector<std::string> terms;
  std::vector<std::string> weights;
  for (const auto& [name, weight, at] : bundle.factors) {
    module.add(fmt::format("_z_{} = cs_zscore(cs_winsorize(_factor_{}))\n", name, name), at);
    terms.push_back(fmt::format("{} * fillna(_z_{}, 0)", weight, name));
    weights.push_back(fmt::format("where(isnan(_z_{}), 0, {})", name, weight));
  }
  module.add(
      fmt::format("score = ratio({}, {})\n", fmt::join(terms, " + "), fmt::join(weights, " + ")),
      place);
}

}  // namespace tickwerk::strategy
