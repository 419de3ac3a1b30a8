#include "tickwerk/backtest/loop.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace tickwerk::backtest {
namespace {

constexpr double kCashTolerance = 1e-9;  // of equity
constexpr int kEquityIterations = 8;
constexpr double kDust = 1e-12;  // what rounding leaves of the cash, as a share of what buys need

double net_of(const strategy::StrategySpec& spec) {
  const bool has_shorts = spec.short_selling == strategy::ShortSelling::kAllow;
  return has_shorts ? spec.net.value_or(0) : spec.gross;
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
      costs_(config),
      each_order_(spec.short_selling == strategy::ShortSelling::kAllow ||
                  costs_.has_own_impacts() || costs_.reads_liquidity()),
      periods_per_year_(periods_per_year(bars.frequency)),
      long_share_((spec.gross + net_of(spec)) / 2),
      short_share_((spec.gross - net_of(spec)) / 2),
      book_(bars.num_symbols()),
      with_orders_(bars.num_symbols() + 1) {
  book_.cash = config.start_capital;
  if (costs_.reads_liquidity()) liquidity_ = liquidity(bars);
  result_.equity.reserve(bars.num_rows());
  // Room for every symbol on every bar: memory that is never written to costs nothing.
  const std::size_t most = bars.num_rows() * bars.num_symbols();
  if (config.fills == Listing::kList) {
    result_.fills.reserve(most);
    prefer_huge_pages(result_.fills.data(), most * sizeof(risk::Fill));
    if (costs_.has_own_impacts()) result_.impacts.reserve(most);
  }
  if (config.orders == Listing::kList) {
    result_.orders.reserve(most);
    prefer_huge_pages(result_.orders.data(), most * sizeof(risk::Order));
  }
}

void Loop::step(std::size_t t) {
  traded_ = {};
  cost_ = 0;
  accrue();
  const std::size_t fills_before = result_.fills.size();
  if (open_ != nullptr && orders_open_) fill(t, *open_, 0);

  const MarkSums there = mark(book_, close_.row(t), config_.delist_after);
  double holdings = there.value;
  const bool market_is_closed = there.num_present == 0;
  if (market_is_closed) forget_missing(book_);
  const bool delists = there.num_expired > 0 && !market_is_closed;
  if (delists && open_ != nullptr) {
    close_delisted(t);
    holdings = holdings_value(book_);
  }
  const double equity = book_.cash + holdings;
  order(t, equity);
  if (open_ == nullptr && orders_open_) {
    fill(t, close_, kCashTolerance * equity);
    holdings = holdings_value(book_);
  }
  if (delists && open_ == nullptr) {
    close_delisted(t);
    holdings = holdings_value(book_);
  }
  if (delists) sort_fills(fills_before);
  record(t, holdings);
}

/// Interest and borrow fee for what was held since the row before, at its values.
void Loop::accrue() {
  if (result_.equity.empty()) return;
  if (config_.cash_rate == 0 && short_value_ == 0 && borrow_fee_ == 0) return;
  interest_ = book_.cash * config_.cash_rate / periods_per_year_;
  borrow_fee_ = short_value_ * config_.shorts.borrow_fee / periods_per_year_;
  book_.cash += interest_ - borrow_fee_;
}

void Loop::watch(std::size_t t) { mark(book_, close_.row(t), config_.delist_after); }

void Loop::hold(const Holdings& holdings) {
  TW_CHECK(holdings.shares.size(), ==, bars_.num_symbols());
  std::copy(holdings.shares.begin(), holdings.shares.end(), book_.shares());
  book_.cash = holdings.cash;
}

void Loop::decide_only(std::size_t t) { order(t, book_.cash + holdings_value(book_)); }

/// The orders of bar t: those of the strategy, and the covers that a margin call forces.
void Loop::order(std::size_t t, double equity) {
  const bool decides = signals_.decides[t] != 0;
  if (decides) each_order_ ? decide_each_order(t, equity) : decide(t, equity);
  const std::span<const std::uint32_t> called = call_margin(t, equity);
  orders_open_ = orders_open_ || !called.empty();
  if ((!decides || !orders_open_) && called.empty()) return;
  const bool listed = config_.orders == Listing::kList;
  if (!each_order_ && !listed) return;
  const std::span<const std::uint32_t> symbols = decides ? symbols_with_orders() : called;
  if (each_order_) result_.num_orders += symbols.size();
  if (listed) list_orders(t, symbols);
}

void Loop::decide(std::size_t t, double equity) {
  if (!(equity > 0)) {  // ruined: nothing left to share out
    std::fill_n(book_.orders(), book_.size, 0.0);
    orders_open_ = false;
    return;
  }
  const double* strength = signals_.strength.empty() ? book_.ones() : signals_.strength.row(t);
  const WantSums wanted = want(book_, signals_.direction.row(t), strength, close_.row(t));
  const auto targets_at = [&](double at_equity) -> Targets {
    const double budget = std::max(spec_.gross * at_equity - wanted.kept_value, 0.0);
    return {.unit = wanted.strength > 0 ? budget / wanted.strength : 0,
            .cap = spec_.max_weight * std::max(at_equity, 0.0)};
  };

  Targets targets = targets_at(equity);
  double traded = select_orders(book_, targets, config_.min_trade * equity, spec_.band * equity);
  if (open_ == nullptr && traded > 0) {
    // Equity after costs: the fixed point of E = equity - cost(orders at E), iterated from
    // `equity`.
    for (int i = 1; i <= kEquityIterations; ++i) {
      const Targets next = targets_at(equity - cost_rate_ * traded);
      const bool settled = next.unit == targets.unit && next.cap == targets.cap;
      targets = next;
      if (settled) break;  // all further iterations give the same bits
      if (i < kEquityIterations) traded = traded_value(book_, targets);
    }
  }
  const std::int64_t num_orders = order_shares(book_, targets, config_.lot_size, close_.row(t));
  orders_open_ = num_orders > 0;
  result_.num_orders += static_cast<std::uint64_t>(num_orders);
}

void Loop::fill(std::size_t t, const Panel& prices, double tolerance) {
  each_order_ ? fill_each_order(t, prices, tolerance) : fill_all_orders(t, prices, tolerance);
}

void Loop::fill_all_orders(std::size_t t, const Panel& prices, double tolerance) {
  const double* price = prices.row(t);
  const Tradeable wanted = tradeable(book_, price);
  const double sold = wanted.notional.sold, bought = wanted.notional.bought;
  const double available = book_.cash + sold - cost_rate_ * sold;
  const double needed = bought + cost_rate_ * bought;
  const bool scaled = needed > available + tolerance && needed > 0;
  const double affordable = available > kDust * needed ? available / needed : 0;
  const double buy_factor = scaled ? affordable : 1.0;
  if (scaled) {
    traded_ = fill_scaled_orders(book_, price, buy_factor, config_.lot_size);
    result_.num_partial += static_cast<std::uint64_t>(wanted.num_buys);
  } else {
    fill_orders(book_, price);
    traded_ = wanted.notional;
  }
  book_.cash += traded_.sold - traded_.bought - cost_rate_ * (traded_.sold + traded_.bought);

  std::int64_t num_bought = buy_factor > 0 ? wanted.num_buys : 0;
  if (scaled && config_.lot_size > 0) num_bought = count_bought(book_);  // less than a lot is none
  result_.num_fills += static_cast<std::uint64_t>(num_bought + wanted.num_sells);
  result_.num_waiting += static_cast<std::uint64_t>(wanted.num_waiting);
  if (config_.fills == Listing::kList) list_fills(t, price, buy_factor);
  orders_open_ = wanted.num_waiting > 0;
  if (orders_open_) drop_filled(book_, price);
}

void Loop::close_delisted(std::size_t t) {
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    const double held = book_.shares()[i];
    if (held == 0 || book_.bars_missing()[i] != config_.delist_after) continue;
    risk::Fill fill;
    fill.bar = static_cast<std::int32_t>(t);
    fill.symbol = static_cast<std::uint32_t>(i) & 0xffffff;
    fill.status_bits = static_cast<std::uint8_t>(risk::FillStatus::kDelisted);
    fill.order_qty = fill.fill_qty = -held;
    // A haircut is a loss: what a short would win by it, nobody pays out.
    fill.price = book_.last_close()[i] * (held > 0 ? 1 - config_.delist_haircut : 1);
    const double notional = std::abs(held) * fill.price;
    const double impact = costs_.impact(notional, {});
    const double cost = each_order_ ? costs_.rate(notional, {}) * notional : cost_rate_ * notional;
    book_.cash += held * fill.price - cost;
    (held > 0 ? traded_.sold : traded_.bought) += notional;
    cost_ += cost;
    book_.shares()[i] = 0;
    book_.orders()[i] = 0;
    ++result_.num_delisted;
    ++result_.num_fills;
    result_.num_impact_capped += costs_.is_capped(notional, {}) ? 1 : 0;
    if (config_.fills == Listing::kList) result_.fills.push_back(fill);
    if (config_.fills == Listing::kList && costs_.has_own_impacts()) {
      result_.impacts.push_back(impact);
    }
  }
}

/// Sorts the fills from `first` on, all of one bar, by symbol.
void Loop::sort_fills(std::size_t first) {
  const auto begin = result_.fills.begin() + static_cast<std::ptrdiff_t>(first);
  const auto by_symbol = [](const risk::Fill& a, const risk::Fill& b) {
    return a.symbol < b.symbol;
  };
  if (result_.impacts.empty()) {
    std::stable_sort(begin, result_.fills.end(), by_symbol);
    return;
  }
  std::vector<std::pair<risk::Fill, double>> fills;
  for (std::size_t k = first; k < result_.fills.size(); ++k) {
    fills.emplace_back(result_.fills[k], result_.impacts[k]);
  }
  std::stable_sort(fills.begin(), fills.end(),
                   [&](const auto& a, const auto& b) { return by_symbol(a.first, b.first); });
  for (std::size_t k = 0; k < fills.size(); ++k) {
    std::tie(result_.fills[first + k], result_.impacts[first + k]) = fills[k];
  }
}

std::span<const std::uint32_t> Loop::symbols_with_orders() {
  // Written without a branch: which symbols trade is as good as random to the processor.
  const double* orders = book_.orders();
  std::size_t count = 0;
  for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
    with_orders_[count] = static_cast<std::uint32_t>(i);
    count += orders[i] != 0 ? 1 : 0;
  }
  return {with_orders_.data(), count};
}

void Loop::list_orders(std::size_t t, std::span<const std::uint32_t> symbols) {
  for (const std::uint32_t i : symbols) {
    result_.orders.push_back({.bar = static_cast<std::int32_t>(t),
                              .symbol = static_cast<std::int32_t>(i),
                              .qty = book_.orders()[i]});
  }
}

void Loop::list_fills(std::size_t t, const double* price, double buy_factor) {
  constexpr int kFilled = static_cast<int>(risk::FillStatus::kFilled);
  constexpr int kPartial = static_cast<int>(risk::FillStatus::kPartial);
  constexpr int kWaiting = static_cast<int>(risk::FillStatus::kWaiting);
  const double* orders = book_.orders();
  const double* fills = book_.fills();
  const int buy_status = buy_factor < 1 ? kPartial : kFilled;
  for (const std::uint32_t i : symbols_with_orders()) {
    const int status = orders[i] > 0 ? buy_status : kFilled;
    risk::Fill fill;
    fill.bar = static_cast<std::int32_t>(t);
    fill.symbol = i & 0xffffff;
    fill.status_bits = static_cast<std::uint8_t>(price[i] == price[i] ? status : kWaiting);
    fill.order_qty = orders[i];
    fill.fill_qty = fills[i];
    fill.price = price[i];
    result_.fills.push_back(fill);
  }
}

void Loop::record(std::size_t t, double holdings) {
  const double equity = book_.cash + holdings;
  double gross = holdings;
  if (each_order_) {
    short_value_ = holding_sides(book_).shorts;
    gross += 2 * short_value_;
  }
  const double cost = each_order_ ? cost_ : cost_rate_ * (traded_.bought + traded_.sold);
  result_.equity.push_back({.time = bars_.times[t],
                            .equity = equity,
                            .cash = book_.cash,
                            .gross_exposure = equity > 0 ? gross / equity : 0,
                            .net_exposure = equity > 0 ? holdings / equity : 0,
                            .cost = cost,
                            .bought = traded_.bought,
                            .sold = traded_.sold,
                            .borrow_fee = borrow_fee_,
                            .interest = interest_});
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
