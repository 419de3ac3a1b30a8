#include "tickwerk/job/empty_sides.h"

#include <fmt/format.h>

#include <algorithm>

namespace tickwerk::job {
namespace {

bool has_text(const strategy::StrategySpec& spec, std::string_view key) {
  return std::ranges::any_of(spec.texts,
                             [key](const strategy::KeyText& text) { return text.key == key; });
}

bool wants_both(const strategy::StrategySpec& spec) {
  const double net = spec.net.value_or(0);
  return has_text(spec, "long") && has_text(spec, "short") &&
         spec.short_selling == strategy::ShortSelling::kAllow && spec.gross + net > 0 &&
         spec.gross - net > 0;
}

}  // namespace

std::vector<std::string> empty_sides(const strategy::StrategySpec& spec,
                                     const strategy::Signals& signals) {
  if (!wants_both(spec)) return {};
  std::size_t num_days = 0, num_without_long = 0, num_without_short = 0;
  for (std::size_t t = 0; t < signals.decides.size(); ++t) {
    if (signals.decides[t] == 0) continue;
    const std::int8_t* row = signals.direction.row(t);
    const std::int8_t* end = row + signals.direction.num_symbols();
    const bool has_long = std::find(row, end, strategy::kLong) != end;
    const bool has_short = std::find(row, end, strategy::kShort) != end;
    if (!has_long && !has_short) continue;
    ++num_days;
    if (!has_long) ++num_without_long;
    if (!has_short) ++num_without_short;
  }
  std::vector<std::string> warnings;
  const auto say = [&](std::size_t count, std::string_view side) {
    if (count == 0) return;
    warnings.push_back(fmt::format(
        "{} wants longs and shorts and has no {} on {} of {} days on which it has "
        "either: that share stays in cash, and net exposure is not the {} that is wanted",
        spec.name, side, count, num_days, spec.net.value_or(0)));
  };
  say(num_without_long, "long");
  say(num_without_short, "short");
  return warnings;
}

}  // namespace tickwerk::job
