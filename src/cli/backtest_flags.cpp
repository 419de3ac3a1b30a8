#include <fmt/format.h>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

using backtest::CostModel;
using backtest::FillRule;
using job::RunConfig;
using strategy::ShortSelling;

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
  rows.push_back({{.key = "cost_model",
                   .kind = Kind::kChoice,
                   .text = "how impact grows with the order: linear is impact_w, sqrt is "
                           "impact_coef x vol_20 x sqrt(order / adv_20), at most 50 basis points",
                   .choices = {"linear", "sqrt"}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.cost_model =
                        s.text("cost_model") == "sqrt" ? CostModel::kSqrt : CostModel::kLinear;
                  },
                  [](const RunConfig& c) -> std::string {
                    return std::string(backtest::to_string(c.backtest.cost_model));
                  }});
  rows.push_back(
      {{.key = "impact_coef",
        .kind = Kind::kNumber,
        .placeholder = "NUMBER",
        .text = "impact of cost model sqrt for an order of a day's volume, in daily volatilities",
        .range = {.low = 0}},
       [](const Settings& s, RunConfig& c) { c.backtest.impact_coef = s.number("impact_coef"); },
       [](const RunConfig& c) { return shown(c.backtest.impact_coef); }});
  rows.push_back(
      {{.key = "no_costs", .kind = Kind::kSwitch, .text = "all costs of orders are zero"},
       [](const Settings& s, RunConfig& c) {
         if (!s.on("no_costs")) return;
         c.backtest.costs = {Bps{0}, Bps{0}, Bps{0}};
         c.backtest.impact_coef = 0;
       },
       [](const RunConfig& c) {
         return fmt::format(
             "{}", c.backtest.costs.total() == 0 && (c.backtest.cost_model == CostModel::kLinear ||
                                                     c.backtest.impact_coef == 0));
       }});
  rows.push_back({{.key = "participation_cap",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "an order fills no more than this share of adv_20 a bar, 0 for no limit",
                   .range = {.low = 0}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.participation_cap = s.number("participation_cap");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.participation_cap); }});
  rows.push_back(
      {{.key = "cash_rate",
        .kind = Kind::kNumber,
        .placeholder = "RATE",
        .text = "interest a year on cash as a fraction, paid where cash is below zero",
        .range = {.low = -1, .high = 1, .low_bound = Bound::kExcluded}},
       [](const Settings& s, RunConfig& c) { c.backtest.cash_rate = s.number("cash_rate"); },
       [](const RunConfig& c) { return shown(c.backtest.cash_rate); }});
  return rows;
}

std::vector<RunFlagRow> short_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back({{.key = "allow_short",
                   .kind = Kind::kSwitch,
                   .text = "short positions, where the strategy wants them"},
                  [](const Settings& s, RunConfig& c) {
                    if (s.on("allow_short")) c.strategy.short_selling = ShortSelling::kAllow;
                  },
                  [](const RunConfig& c) {
                    return fmt::format("{}", c.strategy.short_selling == ShortSelling::kAllow);
                  }});
  rows.push_back({{.key = "borrow_fee",
                   .kind = Kind::kNumber,
                   .placeholder = "RATE",
                   .text = "paid a year on the short value, as a fraction",
                   .range = {.low = 0}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.shorts.borrow_fee = s.number("borrow_fee");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.shorts.borrow_fee); }});
  rows.push_back({{.key = "initial_margin",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "equity needed to open shorts, as a share of the short value",
                   .range = {.low = 0}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.shorts.initial_margin = s.number("initial_margin");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.shorts.initial_margin); }});
  rows.push_back({{.key = "maintenance_margin",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "equity below this share of the short value has shorts covered",
                   .range = {.low = 0}},
                  [](const Settings& s, RunConfig& c) {
                    c.backtest.shorts.maintenance_margin = s.number("maintenance_margin");
                  },
                  [](const RunConfig& c) { return shown(c.backtest.shorts.maintenance_margin); }});
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
  return rows;
}

std::vector<RunFlagRow> result_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back(
      {{.key = "no_trades", .kind = Kind::kSwitch, .text = "do not write the trades file"},
       [](const Settings& s, RunConfig& c) {
         c.trades_file = s.on("no_trades") ? job::TradesFile::kOmit : job::TradesFile::kWrite;
       },
       [](const RunConfig& c) {
         return fmt::format("{}", c.trades_file == job::TradesFile::kOmit);
       }});
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
  for (auto more : {cost_rows, short_rows, result_rows}) {
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
