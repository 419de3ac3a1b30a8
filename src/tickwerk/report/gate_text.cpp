#include "tickwerk/report/gate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tickwerk/base/error.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

enum class Unit { kRatio, kFraction, kPercent };

struct Shown {
  std::string_view metric;
  std::string_view label;
  Unit unit = Unit::kRatio;
};

constexpr std::array<Shown, risk::kGates.size()> kShown{{
    {"sharpe", "Sharpe ratio", Unit::kRatio},
    {"max_drawdown_pct", "max drawdown", Unit::kPercent},
    {"turnover", "turnover a year", Unit::kRatio},
    {"cagr", "CAGR", Unit::kFraction},
    {"volatility", "volatility a year", Unit::kFraction},
    {"hit_rate", "hit rate of episodes", Unit::kFraction},
    {"profit_factor", "profit factor", Unit::kRatio},
}};

const Shown& shown(const risk::Gate& gate) {
  const auto found = std::find_if(kShown.begin(), kShown.end(),
                                  [&](const Shown& one) { return one.metric == gate.metric; });
  TW_CHECK(found != kShown.end(), ==, true);
  return *found;
}

}  // namespace

std::string gate_label(const risk::Gate& gate) { return std::string(shown(gate).label); }

std::string gate_figure(const risk::Gate& gate, std::optional<double> value) {
  switch (shown(gate).unit) {
    case Unit::kFraction:
      return percent(value);
    case Unit::kPercent:
      return percent_points(value);
    case Unit::kRatio:
      break;
  }
  return with_decimals(value, 3);
}

std::string verdict(std::span<const risk::GateResult> results) {
  const risk::GateStatus overall = risk::overall(results);
  std::string text(to_string(overall));
  if (overall == risk::GateStatus::kOk) return text;
  if (overall == risk::GateStatus::kNotAvailable) {
    const auto judged = std::count_if(results.begin(), results.end(), [](const auto& result) {
      return result.status != risk::GateStatus::kNotAvailable;
    });
    return fmt::format("{} ({} of {} could be judged)", text, judged, results.size());
  }
  const char* before = " (";
  for (const risk::GateResult& result : results) {
    if (result.status != overall) continue;
    text += fmt::format("{}{} {}", before, gate_label(result.gate),
                        gate_figure(result.gate, result.value));
    before = ", ";
  }
  return text + ")";
}

}  // namespace tickwerk::report
