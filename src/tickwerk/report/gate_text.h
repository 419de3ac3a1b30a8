// QA gates for people: a metric by its name in the tables of the report, its value and thresholds
// in the same unit. Used by the report and the summary; judges nothing (risk/gates.h does).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tickwerk/risk/gates.h"

namespace tickwerk::report {

/// `max drawdown` for `max_drawdown_pct`.
std::string gate_label(const risk::Gate& gate);

/// A value or threshold of the gate: `-15.00 %`, `1.500`; "not available" when missing.
std::string gate_figure(const risk::Gate& gate, std::optional<double> value);

/// The overall status: `ok`; `block (max drawdown -29.15 %)` with every gate as bad as the worst;
/// `not available (1 of 7 could be judged)`.
std::string verdict(std::span<const risk::GateResult> results);

}  // namespace tickwerk::report
