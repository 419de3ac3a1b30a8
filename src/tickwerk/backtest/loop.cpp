#include "tickwerk/backtest/loop.h"

#include <algorithm>
#include <cmath>

namespace tickwerk::backtest {
namespace {

constexpr double kCashTolerance = 1e-9;  // of equity
constexpr int kEquityIterations = 8;

risk::Fill make_fill(std::size_t t, std::size_t symbol, risk::FillStatus status) {
  risk::Fill fill;
  fill.bar = static_cast<std::int32_t>(t);
  fill.symbol = static_cast<std::uint32_t>(symbol) & 0xffffff;
  fill.status_bits = static_cast<std::uint8_t>(status);
  return fill;
}

}  // namespace

Loop::Loop(const market::Bars& bars,
           const strategy::Signals& signals,
           const strategy::StrategySpec& spec,
           const BacktestConfig& config)
    : bars_(bars),
      signals_(signals),
      spec_(spec),
      config_(config),
      close_(bars.close()),
      open_(config.fill == FillRule::kNextOpen ? &bars.field("open") : nullptr),
      cost_rate_(config.costs.total()),
      book_(bars.num_symbols()) {
  book_.cash = config.start_capital;
  result_.equity.reserve(bars.num_rows());
  // Room for every symbol on every bar: memory that is never written to costs nothing.
  const std::size_t most = bars.num_rows() * bars.num_symbols();
  if (config.fills == Listing::kList) result_.fills.reserve(most);
  if (config.orders == Listing::kList) result_.orders.reserve(most);
}

void Loop::step(std::size_t t) {
  traded_ = {};
  const std::size_t fills_before = result_.fills.size();
  if (open_ != nullptr && orders_open_) fill(t, *open_, 0);

  const MarkSums marked = mark(close_.row(t), book_.size, config_.delist_after, book_.shares(),
                               book_.last_close(), book_.bars_missing());
  const bool market_is_closed = marked.num_present == 0;
  if (market_is_closed) forget_missing(book_.size, book_.bars_missing());
  const bool delists = marked.num_expired > 0 && !market_is_closed;

  double holdings = marked.value;
  if (delists && open_ != nullptr) {
    sell_delisted(t);
    holdings = holdings_value(book_.shares(), book_.last_close(), book_.size);
  }
  if (signals_.decides[t] != 0) {
    const double equity = book_.cash + holdings;
    decide(t, equity);
    if (open_ == nullptr && orders_open_) fill(t, close_, kCashTolerance * equity);
  }
  if (delists && open_ == nullptr) sell_delisted(t);
  if (delists) {
    std::stable_sort(result_.fills.begin() + static_cast<std::ptrdiff_t>(fills_before),
                     result_.fills.end(),
                     [](const risk::Fill& a, const risk::Fill& b) { return a.symbol < b.symbol; });
  }
  record(t);
}

void Loop::watch(std::size_t t) {
  mark(close_.row(t), book_.size, config_.delist_after, book_.shares(), book_.last_close(),
       book_.bars_missing());
}

void Loop::hold(const Holdings& holdings) {
  TW_CHECK(holdings.shares.size(), ==, bars_.num_symbols());
  std::copy(holdings.shares.begin(), holdings.shares.end(), book_.shares());
  book_.cash = holdings.cash;
}

void Loop::decide_only(std::size_t t) {
  if (signals_.decides[t] == 0) return;
  decide(t, book_.cash + holdings_value(book_.shares(), book_.last_close(), book_.size));
}

void Loop::decide(std::size_t t, double equity) {
  if (!(equity > 0)) {  // ruined: nothing left to share out
    std::fill_n(book_.orders(), book_.size, 0.0);
    orders_open_ = false;
    return;
  }
  const double* strength_in = signals_.strength.empty() ? nullptr : signals_.strength.row(t);
  const WantSums wanted =
      want(signals_.direction.row(t), strength_in, close_.row(t), book_.shares(),
           book_.last_close(), book_.size, book_.strength(), book_.held_value());
  const auto targets_at = [&](double at_equity) -> Targets {
    const double budget = std::max(spec_.gross * at_equity - wanted.kept_value, 0.0);
    return {.unit = wanted.strength > 0 ? budget / wanted.strength : 0,
            .cap = spec_.max_weight * at_equity};
  };

  Targets targets = targets_at(equity);
  double traded = select_orders(targets, config_.min_trade * equity, spec_.band * equity,
                                book_.size, book_.strength(), book_.held_value());
  if (open_ == nullptr && traded > 0) {
    // Equity after costs: the fixed point of E = equity - cost(orders at E), iterated from
    // `equity`.
    for (int i = 1; i <= kEquityIterations; ++i) {
      targets = targets_at(equity - cost_rate_ * traded);
      if (i == kEquityIterations) break;
      traded = traded_value(targets, book_.strength(), book_.held_value(), book_.size);
    }
  }
  const double num_orders =
      order_shares(targets, config_.lot_size, book_.strength(), book_.held_value(), close_.row(t),
                   book_.shares(), book_.size, book_.orders());
  orders_open_ = num_orders > 0;
  result_.num_orders += static_cast<std::uint64_t>(num_orders);
  if (orders_open_ && config_.orders == Listing::kList) list_orders(t);
}

void Loop::fill(std::size_t t, const Panel& prices, double tolerance) {
  const double* price = prices.row(t);
  const Notional wanted = order_notional(book_.orders(), price, book_.size);
  const double available = book_.cash + wanted.sold - cost_rate_ * wanted.sold;
  const double needed = wanted.bought + cost_rate_ * wanted.bought;
  const bool scaled = needed > available + tolerance && needed > 0;
  const double buy_factor = scaled ? std::max(available, 0.0) / needed : 1.0;

  traded_ = fill_orders(book_.orders(), price, buy_factor, config_.lot_size, book_.size,
                        book_.shares(), book_.fills());
  book_.cash += traded_.sold - traded_.bought - cost_rate_ * (traded_.sold + traded_.bought);
  list_fills(t, price, buy_factor);
  drop_filled(price, book_.size, book_.orders());
}

void Loop::sell_delisted(std::size_t t) {
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    const double held = book_.shares()[i];
    if (held == 0 || book_.bars_missing()[i] != config_.delist_after) continue;
    risk::Fill fill = make_fill(t, i, risk::FillStatus::kDelisted);
    fill.order_qty = fill.fill_qty = -held;
    fill.price = book_.last_close()[i] * (1 - config_.delist_haircut);
    const double notional = held * fill.price;
    book_.cash += notional - cost_rate_ * notional;
    traded_.sold += notional;
    book_.shares()[i] = 0;
    book_.orders()[i] = 0;
    ++result_.num_delisted;
    ++result_.num_fills;
    if (config_.fills == Listing::kList) result_.fills.push_back(fill);
  }
}

void Loop::list_orders(std::size_t t) {
  const double* orders = book_.orders();
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    if (orders[i] == 0) continue;
    result_.orders.push_back(
        {static_cast<std::int32_t>(t), static_cast<std::int32_t>(i), orders[i]});
  }
}

void Loop::list_fills(std::size_t t, const double* price, double buy_factor) {
  const double* orders = book_.orders();
  const double* fills = book_.fills();
  std::uint64_t num_filled = 0, num_partial = 0, num_waiting = 0;
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    if (orders[i] == 0) continue;
    auto status = risk::FillStatus::kFilled;
    if (std::isnan(price[i])) {
      status = risk::FillStatus::kWaiting;
      ++num_waiting;
    } else if (orders[i] > 0 && buy_factor < 1) {
      status = risk::FillStatus::kPartial;
      ++num_partial;
    } else {
      ++num_filled;
    }
    if (config_.fills == Listing::kCount) continue;
    risk::Fill fill = make_fill(t, i, status);
    fill.order_qty = orders[i];
    fill.fill_qty = fills[i];
    fill.price = price[i];
    result_.fills.push_back(fill);
  }
  result_.num_fills += num_filled + num_partial;
  result_.num_partial += num_partial;
  result_.num_waiting += num_waiting;
  orders_open_ = num_waiting > 0;
}

void Loop::record(std::size_t t) {
  const double holdings = holdings_value(book_.shares(), book_.last_close(), book_.size);
  const double equity = book_.cash + holdings;
  const double exposure = equity > 0 ? holdings / equity : 0;
  result_.equity.push_back({.time = bars_.times[t],
                            .equity = equity,
                            .cash = book_.cash,
                            .gross_exposure = exposure,
                            .net_exposure = exposure,
                            .cost = cost_rate_ * (traded_.bought + traded_.sold),
                            .bought = traded_.bought,
                            .sold = traded_.sold});
}

BacktestResult Loop::finish() {
  const std::size_t num_symbols = bars_.num_symbols();
  result_.shares.assign(book_.shares(), book_.shares() + num_symbols);
  result_.last_close.assign(book_.last_close(), book_.last_close() + num_symbols);
  std::replace(result_.last_close.begin(), result_.last_close.end(), 0.0, kNaN);
  result_.cash = book_.cash;
  return std::move(result_);
}

}  // namespace tickwerk::backtest
