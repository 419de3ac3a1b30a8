#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

using backtest::FillRule;
using job::RunConfig;

std::vector<RunFlagRow> cost_rows() {
  constexpr Range kBps{.low = 0};
  std::vector<RunFlagRow> rows;
  rows.push_back({{.key = "commission_bps",
                   .kind = Kind::kNumber,
                   .placeholder = "BPS",
                   .text = "commission in basis points of the traded notional, paid in cash",
                   .range = kBps},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.costs.commission = Bps{s.number("commission_bps")};
                  },
                  [](const RunConfig& c) { return shown(c.backtest.costs.commission.value); }});
  rows.push_back(
      {{.key = "spread_w",
        .kind = Kind::kNumber,
        .placeholder = "BPS",
        .text = "half spread in basis points, in the fill price",
        .range = kBps},
       [](const Settings& s, RunConfig& c) { c.backtest.costs.spread = Bps{s.number("spread_w")}; },
       [](const RunConfig& c) { return shown(c.backtest.costs.spread.value); }});
  rows.push_back(
      {{.key = "impact_w",
        .kind = Kind::kNumber,
        .placeholder = "BPS",
        .text = "market impact in basis points, in the fill price",
        .range = kBps},
       [](const Settings& s, RunConfig& c) { c.backtest.costs.impact = Bps{s.number("impact_w")}; },
       [](const RunConfig& c) { return shown(c.backtest.costs.impact.value); }});
  rows.push_back({{.key = "no_costs", .kind = Kind::kSwitch, .text = "all three costs are zero"},
                  [](const Settings& s, RunConfig& c) {
                    if (s.on("no_costs")) c.backtest.costs = {Bps{0}, Bps{0}, Bps{0}};
                  },
                  [](const RunConfig& c) { return shown_switch(c.backtest.costs.total() == 0); }});
  rows.push_back({{.key = "cost_model",
                   .kind = Kind::kChoice,
                   .text = "how impact grows with the order",
                   .choices = {"linear"},
                   .later_choices = {"sqrt"}},
                  [](const Settings&, RunConfig&) {},
                  [](const RunConfig&) -> std::string { return "linear"; }});
  return rows;
}

std::vector<RunFlagRow> order_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back({{.key = "start_capital",
                   .kind = Kind::kNumber,
                   .placeholder = "CASH",
                   .text = "cash on the first bar",
                   .range = {.low = 0, .low_bound = Bound::kExcluded}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.start_capital = s.number("start_capital");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.start_capital); }});
  rows.push_back({{.key = "fill",
                   .kind = Kind::kChoice,
                   .text = "where orders decided at a close are filled",
                   .choices = {"next_open", "same_close"}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.fill =
                        s.text("fill") == "next_open" ? FillRule::kNextOpen : FillRule::kSameClose;
                  },
                  [](const RunConfig& c) -> std::string {
                    return c.backtest.fill == FillRule::kNextOpen ? "next_open" : "same_close";
                  }});
  rows.push_back(
      {{.key = "min_trade",
        .kind = Kind::kNumber,
        .placeholder = "SHARE",
        .text = "differences below this share of equity are no orders",
        .range = {.low = 0, .high = 1}},
       [](const Settings& s, RunConfig& c) { c.backtest.min_trade = s.number("min_trade"); },
       [](const RunConfig& c) { return shown(c.backtest.min_trade); }});
  rows.push_back(
      {{.key = "lot_size",
        .kind = Kind::kNumber,
        .placeholder = "SHARES",
        .text = "holdings are multiples of this many shares, 0 for fractions",
        .range = {.low = 0}},
       [](const Settings& s, RunConfig& c) { c.backtest.lot_size = s.number("lot_size"); },
       [](const RunConfig& c) { return shown(c.backtest.lot_size); }});
  rows.push_back({{.key = "delist_after",
                   .kind = Kind::kWhole,
                   .placeholder = "BARS",
                   .text = "a holding without a bar for this many bars is sold at its last close",
                   .range = {.low = 1, .high = 1'000'000}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.delist_after = static_cast<int>(s.whole("delist_after"));
                  },
                  [](const RunConfig& c) { return std::to_string(c.backtest.delist_after); }});
  rows.push_back({{.key = "delist_haircut",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "share of the last close that such a sale loses",
                   .range = {.low = 0, .high = 1}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.delist_haircut = s.number("delist_haircut");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.delist_haircut); }});
  rows.push_back({{.key = "allow_short",
                   .kind = Kind::kSwitch,
                   .text = "short positions",
                   .availability = Availability::kLater}});
  return rows;
}

std::vector<RunFlagRow> result_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back(
      {{.key = "no_trades", .kind = Kind::kSwitch, .text = "do not write the trades file"},
       [](const Settings& s, RunConfig& c) {
         c.trades_file = s.on("no_trades") ? job::TradesFile::kOmit : job::TradesFile::kWrite;
       },
       [](const RunConfig& c) { return shown_switch(c.trades_file == job::TradesFile::kOmit); }});
  rows.push_back({{.key = "benchmark",
                   .placeholder = "X",
                   .text = "compare with a symbol of the data, a file of closes, or equal_weight"},
                  [](const Settings& s, RunConfig& c) { c.benchmark = s.text("benchmark"); },
                  [](const RunConfig& c) { return c.benchmark; }});
  rows.push_back({{.key = "rf",
                   .kind = Kind::kNumber,
                   .placeholder = "RATE",
                   .text = "risk-free rate a year as a fraction (0.02 is two percent)",
                   .range = {.low = -1, .high = 1, .low_bound = Bound::kExcluded}},
                  [](const Settings& s, RunConfig& c) { c.rf = s.number("rf"); },
                  [](const RunConfig& c) { return shown(c.rf); }});
  return rows;
}

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows = order_rows();
  for (auto more : {cost_rows, result_rows}) {
    for (RunFlagRow& row : more()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& backtest_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
