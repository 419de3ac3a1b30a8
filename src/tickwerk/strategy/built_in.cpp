#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "tickwerk/base/embedded_text.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/strategy/strategy.h"
#include "tickwerk/strategy/strategy_file.h"

namespace tickwerk::strategy {

std::span<const EmbeddedText> embedded_texts();

std::vector<std::string> built_in_names() {
  std::vector<std::string> names;
  for (const EmbeddedText& file : embedded_texts()) names.emplace_back(file.name);
  return names;
}

std::string_view built_in_text(std::string_view name) {
  const auto found = std::ranges::find(embedded_texts(), name, &EmbeddedText::name);
  if (found != embedded_texts().end()) return found->text;
  const std::vector<std::string> names = built_in_names();
  throw Error(Code::kInvalidArgument,
              fmt::format("strategy must be a built-in one ({}) or a file *.yaml, found '{}'{}",
                          fmt::join(names, ", "), name, nearest_hint(name, names)));
}

StrategySpec built_in_spec(std::string_view name) {
  return parse_strategy(built_in_text(name), name);
}

}  // namespace tickwerk::strategy
