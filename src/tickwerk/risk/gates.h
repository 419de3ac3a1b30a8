// QA gates: metrics of a backtest against thresholds, in one table. They say ok, warning or block;
// what follows from that is for the reader of the report.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace tickwerk::risk {

enum class GateStatus { kNotAvailable, kOk, kWarning, kBlock };
std::string_view to_string(GateStatus status) noexcept;

enum class GoodSide { kAtLeast, kAtMost };

/// `ok` while the metric is on the good side of it or equal, `warning` likewise, else block.
struct Gate {
  std::string_view metric;  // its name in metrics.json
  GoodSide good = GoodSide::kAtLeast;
  double ok = 0;
  double warning = 0;
};

inline constexpr std::array<Gate, 7> kGates{{
    {"sharpe", GoodSide::kAtLeast, 1.0, 0.5},
    {"max_drawdown_pct", GoodSide::kAtLeast, -15, -20},
    {"turnover", GoodSide::kAtMost, 30, 50},
    {"cagr", GoodSide::kAtLeast, 0.05, 0},
    {"volatility", GoodSide::kAtMost, 0.25, 0.30},
    {"hit_rate", GoodSide::kAtLeast, 0.5, 0.4},
    {"profit_factor", GoodSide::kAtLeast, 1.5, 1.2},
}};

struct GateResult {
  Gate gate;
  std::optional<double> value;
  GateStatus status = GateStatus::kNotAvailable;
};

GateResult judge(const Gate& gate, std::optional<double> value) noexcept;

/// The worst of the results; those not available do not count. An `ok` that fewer than half of the
/// gates stand for is not available: a run too short to be judged has not passed.
GateStatus overall(std::span<const GateResult> results) noexcept;

}  // namespace tickwerk::risk
