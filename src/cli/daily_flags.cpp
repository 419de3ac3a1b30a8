#include "cli/run_flag_rows.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;

std::string shown_limit(const std::optional<double>& limit) { return limit ? shown(*limit) : ""; }

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back(
      {{.key = "date",
        .kind = Kind::kDate,
        .placeholder = "DATE",
        .text = "session whose close decides the orders (without it: the last in the data)"},
       [](const Settings& s, RunConfig& c) { c.date = s.date("date"); },
       [](const RunConfig& c) { return c.date ? to_string(*c.date) : ""; }});
  rows.push_back(
      {{.key = "positions",
        .placeholder = "FILE|none",
        .text = "holdings as `symbol,quantity` with a CASH row, or none (without it: those of the "
                "backtest at the date)"},
       [](const Settings& s, RunConfig& c) { c.positions = s.text("positions"); },
       [](const RunConfig& c) { return c.positions; }});
  rows.push_back(
      {{.key = "max_orders",
        .kind = Kind::kWhole,
        .placeholder = "N",
        .text = "more orders than this are an error",
        .range = {.low = 0, .high = 1'000'000}},
       [](const Settings& s, RunConfig& c) { c.limits.max_orders = s.number("max_orders"); },
       [](const RunConfig& c) { return shown_limit(c.limits.max_orders); }});
  rows.push_back(
      {{.key = "max_notional",
        .kind = Kind::kNumber,
        .placeholder = "CASH",
        .text = "a larger sum of the orders' notionals is an error",
        .range = {.low = 0}},
       [](const Settings& s, RunConfig& c) { c.limits.max_notional = s.number("max_notional"); },
       [](const RunConfig& c) { return shown_limit(c.limits.max_notional); }});
  rows.push_back(
      {{.key = "max_order_weight",
        .kind = Kind::kNumber,
        .placeholder = "SHARE",
        .text = "a target above this share of equity is an error",
        .range = {.low = 0}},
       [](const Settings& s, RunConfig& c) { c.limits.max_weight = s.number("max_order_weight"); },
       [](const RunConfig& c) { return shown_limit(c.limits.max_weight); }});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& daily_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
