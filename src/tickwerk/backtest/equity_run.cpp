#include "tickwerk/backtest/equity_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tickwerk/backtest/checks.h"
#include "tickwerk/backtest/value_passes.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::backtest {
namespace {

constexpr double kCashTolerance = 1e-9;  // of equity
constexpr int kEquityIterations = 8;
constexpr double kDust = 1e-12;  // what rounding leaves of the cash, as a share of what buys need
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSmallSlope = 0.01;  // of costs over equity; its eighth power is no longer seen
constexpr double kSameSides = 1e-10;  // of equity: by how little the traded value may be off

struct Targets {
  double unit = 0;
  double cap = 0;

  bool operator==(const Targets&) const = default;
};

/// Holdings, cash and counts between bars.
class Account {
 public:
  Account(Panel& memory,
          const CloseSteps& steps,
          const strategy::StrategySpec& spec,
          const BacktestConfig& config)
      : size_(memory.stride()),
        value_(memory.row(0)),
        other_(memory.row(1)),
        wanted_(memory.row(2)),
        steps_(steps),
        spec_(spec),
        config_(config),
        rate_(config.costs.total()),
        interest_(config.cash_rate / periods_per_year(steps.frequency())),
        cash_(config.start_capital) {
    std::fill_n(memory.row(0), 3 * size_, 0.0);
  }

  void step(std::size_t t, const strategy::Signals& signals, risk::EquityRow& row) {
    bought_ = sold_ = 0;
    row.interest = t == steps_.first_row() ? 0 : cash_ * interest_;
    cash_ += row.interest;
    signals.decides[t] != 0 ? decide(t, signals)
                            : void(holdings_ = move_values(size_, steps_.ratio().row(t), value_));
    sell_delisted(t);
    record(t, row);
  }

  const EquityOutcome& counts() const noexcept { return counts_; }

 private:
  void decide(std::size_t t, const strategy::Signals& signals) {
    WantPass want{.size = size_,
                  .ratio = steps_.ratio().row(t),
                  .direction = signals.direction.row(t),
                  .strength = signals.strength.empty() ? nullptr : signals.strength.row(t),
                  .value = value_,
                  .wanted = wanted_};
    want_values(want);
    holdings_ = want.all_values;
    const double equity = cash_ + holdings_;
    if (!(equity > 0)) return;  // ruined: nothing left to share out
    const double share = want.strengths > 0 ? 1 / want.strengths : 0;
    // No target is above the budget, which is at most gross of equity.
    const bool is_capped = spec_.max_weight < spec_.gross;
    const auto targets_at = [&](double at_equity) -> Targets {
      const double budget = std::max(spec_.gross * at_equity - want.kept_values, 0.0);
      return {.unit = budget * share,
              .cap = is_capped ? spec_.max_weight * std::max(at_equity, 0.0) : kInfinity};
    };
    const Targets first = targets_at(equity);
    SelectPass select{.size = size_,
                      .unit = first.unit,
                      .cap = first.cap,
                      .least = config_.min_trade * equity,
                      .band = spec_.band * equity,
                      .value = value_,
                      .wanted = wanted_};
    select_values(select);
    if (select.num_orders == 0) return;
    // The traded value is linear in the targets while every order stays on its side.
    const auto traded_at = [&](Targets at) {
      const double of_cap = select.of_cap == 0 ? 0 : at.cap * select.of_cap;
      return at.unit * select.of_unit + of_cap - select.of_held;
    };
    const double slope = rate_ * (spec_.gross * share * select.of_unit +
                                  (is_capped ? spec_.max_weight * select.of_cap : 0.0));
    const double after_costs = equity - rate_ * traded_at(first) / (1 + slope);
    // Where costs are small, eight iterations reach the fixed point of a line to the last bits.
    const bool is_line = std::abs(slope) <= kSmallSlope &&
                         spec_.gross * after_costs > want.kept_values && after_costs > 0;
    const Targets settled =
        is_line ? targets_at(after_costs) : settle(first, equity, targets_at, traded_at);
    TradePass trade = trade_at(settled);
    if (std::abs(trade.bought + trade.sold - traded_at(settled)) > kSameSides * equity) {
      const auto traded_exactly = [&](Targets at) {
        const TradePass pass = trade_at(at);
        return pass.bought + pass.sold;
      };
      trade = trade_at(settle(first, equity, targets_at, traded_exactly));
    }
    take(trade, kCashTolerance * equity, static_cast<std::uint64_t>(select.num_orders));
  }

  /// Equity after costs: the fixed point of E = equity - cost(orders at E).
  template <class TargetsAt, class TradedAt>
  Targets settle(Targets targets, double equity, TargetsAt targets_at, TradedAt traded_at) const {
    for (int i = 0; i < kEquityIterations; ++i) {
      const Targets next = targets_at(equity - rate_ * traded_at(targets));
      const bool settled = next == targets;
      targets = next;
      if (settled) break;
    }
    return targets;
  }

  TradePass trade_at(Targets at) const {
    TradePass pass{.size = size_,
                   .unit = at.unit,
                   .cap = at.cap,
                   .value = value_,
                   .wanted = wanted_,
                   .traded_value = other_};
    trade_values(pass);
    return pass;
  }

  void take(TradePass trade, double tolerance, std::uint64_t num_orders) {
    counts_.num_orders += num_orders;
    counts_.num_fills += num_orders;
    const double available = cash_ + trade.sold - rate_ * trade.sold;
    const double needed = trade.bought + rate_ * trade.bought;
    if (needed > available + tolerance) {
      scale_buys(available > kDust * needed ? available / needed : 0, trade);
    }
    std::swap(value_, other_);
    holdings_ += trade.bought - trade.sold;
    cash_ += trade.sold - trade.bought - rate_ * (trade.sold + trade.bought);
    bought_ = trade.bought;
    sold_ = trade.sold;
  }

  /// Takes back a part of the buys of the last trade pass.
  void scale_buys(double factor, TradePass& trade) {
    std::uint64_t num_buys = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!(other_[i] > value_[i])) continue;
      other_[i] = value_[i] + factor * (other_[i] - value_[i]);
      ++num_buys;
    }
    trade.bought *= factor;
    counts_.num_partial += num_buys;
    if (factor == 0) counts_.num_fills -= num_buys;
  }

  void sell_delisted(std::size_t t) {
    for (const std::uint32_t i : steps_.expired(t)) {
      if (value_[i] == 0) continue;
      const double notional = value_[i] * (1 - config_.delist_haircut);
      cash_ += notional - rate_ * notional;
      sold_ += notional;
      holdings_ -= value_[i];
      value_[i] = 0;
      ++counts_.num_delisted;
      ++counts_.num_fills;
    }
  }

  void record(std::size_t t, risk::EquityRow& row) const {
    row.time = steps_.times()[t];
    row.equity = cash_ + holdings_;
    row.cash = cash_;
    row.gross_exposure = row.net_exposure = row.equity > 0 ? holdings_ / row.equity : 0;
    row.cost = rate_ * (bought_ + sold_);
    row.bought = bought_;
    row.sold = sold_;
  }

  std::size_t size_;
  double* value_;
  double* other_;
  double* wanted_;
  const CloseSteps& steps_;
  const strategy::StrategySpec& spec_;
  const BacktestConfig& config_;
  double rate_;
  double interest_;  // of one bar
  double cash_;
  double holdings_ = 0;
  double bought_ = 0;  // on this bar
  double sold_ = 0;
  EquityOutcome counts_;
};

}  // namespace

bool equity_alone_suffices(const strategy::StrategySpec& spec,
                           const BacktestConfig& config) noexcept {
  return config.fill == FillRule::kSameClose && config.cost_model == CostModel::kLinear &&
         config.lot_size == 0 && config.participation_cap == 0 &&
         spec.short_selling == strategy::ShortSelling::kRefuse;
}

EquityRun::EquityRun(const CloseSteps& steps)
    : steps_(steps), memory_(3, steps.ratio().num_symbols()), equity_(steps.times().size()) {}

EquityOutcome EquityRun::run(const strategy::Signals& signals,
                             const strategy::StrategySpec& spec,
                             const BacktestConfig& config) {
  TW_ZONE("EquityRun::run");
  TW_CHECK(equity_alone_suffices(spec, config), ==, true);
  check(config);
  check(signals, spec, config, {steps_.times().size(), steps_.ratio().num_symbols()});
  Account account(memory_, steps_, spec, config);
  const std::size_t first_row = steps_.first_row(), num_rows = steps_.times().size();
  for (std::size_t t = first_row; t < num_rows; ++t) {
    account.step(t, signals, equity_[t - first_row]);
  }
  EquityOutcome outcome = account.counts();
  outcome.equity = std::span(equity_).first(first_row < num_rows ? num_rows - first_row : 0);
  trace::count(trace::Counter::kRows, outcome.equity.size());
  trace::count(trace::Counter::kOrders, outcome.num_orders);
  trace::count(trace::Counter::kFills, outcome.num_fills);
  return outcome;
}

}  // namespace tickwerk::backtest
