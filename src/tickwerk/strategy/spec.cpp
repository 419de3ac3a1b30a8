#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <cmath>

#include "tickwerk/base/nearest.h"
#include "tickwerk/strategy/ema_strategy.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {
namespace {

void require(std::string_view rule, double found, bool holds, const StrategySpec& spec) {
  if (holds) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("{}, found {} in strategy {}", rule, found, spec.name));
}

void check(const StrategySpec& spec) {
  require("top_n must be >= 0", spec.top_n, spec.top_n >= 0, spec);
  require("max_weight must be in (0, 1]", spec.max_weight,
          spec.max_weight > 0 && spec.max_weight <= 1, spec);
  require("gross must be in (0, 1] while short selling and leverage are not available", spec.gross,
          spec.gross > 0 && spec.gross <= 1, spec);
  require("band must be in [0, 1)", spec.band, spec.band >= 0 && spec.band < 1, spec);
  require("min_volume_ratio must be finite and >= 0", spec.min_volume_ratio,
          std::isfinite(spec.min_volume_ratio) && spec.min_volume_ratio >= 0, spec);
  require("the window of inverse_vol must be >= 2", spec.inverse_vol_window,
          spec.inverse_vol_window >= 2, spec);
  require("every(n) must have n >= 1", spec.rebalance.every_rows, spec.rebalance.every_rows >= 1,
          spec);
}

}  // namespace

std::string_view to_string(Weighting weighting) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"equal", "score", "inverse_vol", "rank"};
  return kNames[static_cast<std::size_t>(weighting)];
}

std::string to_string(const Rebalance& rebalance) {
  switch (rebalance.period) {
    case Period::kDaily:
      return "daily";
    case Period::kWeekly:
      return "weekly";
    case Period::kMonthly:
      return "monthly";
    case Period::kEveryRows:
      break;
  }
  return fmt::format("every({})", rebalance.every_rows);
}

Rebalance parse_rebalance(std::string_view text) {
  if (text == "daily") return {Period::kDaily};
  if (text == "weekly") return {Period::kWeekly};
  if (text == "monthly") return {Period::kMonthly};
  if (text.starts_with("every(") && text.ends_with(")")) {
    const std::string_view number = text.substr(6, text.size() - 7);
    int rows = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rows);
    if (error == std::errc() && end == number.data() + number.size() && rows >= 1) {
      return {Period::kEveryRows, rows};
    }
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("rebalance must be daily, weekly, monthly or every(n) with n >= 1, "
                          "found '{}'",
                          text));
}

std::vector<std::string> built_in_names() {
  std::vector<std::string> names;
  for (const StrategySpec& spec : ema_strategies()) names.push_back(spec.name);
  return names;
}

StrategySpec built_in_spec(std::string_view name) {
  for (const StrategySpec& spec : ema_strategies()) {
    if (spec.name == name) return spec;
  }
  const std::vector<std::string> names = built_in_names();
  throw Error(Code::kInvalidArgument,
              fmt::format("strategy must be a built-in one ({}), found '{}'{}",
                          fmt::join(names, ", "), name, nearest_hint(name, names)));
}

std::unique_ptr<Strategy> make_strategy(StrategySpec spec) {
  check(spec);
  return std::make_unique<EmaStrategy>(std::move(spec));
}

}  // namespace tickwerk::strategy
