#include "tickwerk/expr/operator.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tickwerk/base/error.h"

namespace tickwerk::expr {
namespace {

std::vector<Operator> joined() {
  std::vector<Operator> all;
  for (auto* group : {&element_wise_operators, &window_operators, &recursive_operators,
                      &cross_sectional_operators, &derived_operators}) {
    std::vector<Operator> part = group();
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const Operator& a, const Operator& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < all.size(); ++i) TW_CHECK(all[i - 1].name, !=, all[i].name);
  return all;
}

}  // namespace

std::span<const Operator> operators() {
  static const std::vector<Operator> kAll = joined();
  return kAll;
}

const Operator* find_operator(std::string_view name) {
  const std::span<const Operator> all = operators();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Operator& op, std::string_view wanted) { return op.name < wanted; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

std::string signature(const Operator& op) {
  std::string text = fmt::format("{}(", op.name);
  bool first = true;
  for (const Parameter& parameter : op.parameters) {
    if (!first) text += ", ";
    first = false;
    text += parameter.name;
    if (!parameter.default_text.empty()) text += fmt::format("={}", parameter.default_text);
    if (parameter.repeats) {
      text += "...";
    } else if (parameter.optional) {
      text += "=";
    }
  }
  return text + ")";
}

}  // namespace tickwerk::expr
