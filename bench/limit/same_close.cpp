#include <cmath>

#include "limit/state.h"

namespace tickwerk::limit {
namespace {

constexpr int kEquityIterations = 8;
constexpr double kCashTolerance = 1e-9;  // of equity

// In place of a held value, which is never negative, where the symbol is not wanted long.
constexpr double kNoOrder = -1;
constexpr double kSellAll = -2;

struct ScaledBuys {
  double bought = 0;
  double num_buys = 0;
};

/// Takes back the part of this row's buys that the cash does not reach. Rare: what min_trade leaves
/// out keeps a value that costs have made too large, a few times 1e-9 of equity.
ScaledBuys scale_buys(const State& state, const double* price, double factor) noexcept {
  Sum bought, buys;
  for_vectors(state.size, [&](std::size_t i, int k) {
    const Vector p = load(price + i);
    const Vector held = load(state.held_value + i);
    const Vector shares = load(state.shares + i);
    const Vector before = held / p;
    const Vector order = held >= 0 ? shares - before : Vector{};
    const Vector filled = order > 0 ? order * factor : Vector{};
    store(state.shares + i, order > 0 ? before + filled : shares);
    bought.chain[k] += filled * p;
    buys.chain[k] += order > 0 ? Vector{} + 1 : Vector{};
  });
  return {bought.value(), buys.value()};
}

}  // namespace

Outcome same_close(PanelView close, const Rules& rules, const Memory& memory) noexcept {
  const State state(close.num_symbols, memory);
  const Means means(rules);
  Outcome outcome;
  double cash = rules.start_capital;
  double num_fills = 0, num_partial = 0;

  for (std::size_t t = 0; t < close.num_rows; ++t) {
    const std::uint8_t* above = above_on(t, close, means, state);
    if (t + 1 < static_cast<std::size_t>(rules.slow)) {
      memory.rows[t] = {.equity = cash, .cash = cash};
      continue;
    }
    const double* price = close.row(t);
    Sum value;
    for_vectors(state.size, [&](std::size_t i, int k) {
      const Vector p = load(price + i);
      const Vector held = load(state.shares + i) * p;
      store(state.held_value + i, held);
      value.chain[k] += held;
    });

    const double equity = cash + value.value();
    const double num_longs = count_above(above, state.size);
    const double share = num_longs > 0 ? 1 / num_longs : 0;
    const double least = rules.min_trade * equity;
    double unit = equity * share;
    Sum wanted, left, orders;
    for_vectors(state.size, [&](std::size_t i, int k) {
      const Mask is_long = unpack(above[i / kLanes]);
      const Vector held = load(state.held_value + i);
      const Vector difference = absolute((is_long ? Vector{} + unit : Vector{}) - held);
      const Mask is_order = (difference >= least) & (difference != 0);
      const Vector selected = is_order ? difference : Vector{};
      const Vector coded = is_long ? held : Vector{} + kSellAll;
      store(state.held_value + i, is_order ? coded : Vector{} + kNoOrder);
      wanted.chain[k] += is_long ? selected : Vector{};
      left.chain[k] += is_long ? Vector{} : selected;
      orders.chain[k] += is_order ? Vector{} + 1 : Vector{};
    });
    num_fills += orders.value();

    const double value_left = left.value();
    double traded = value_left + wanted.value();
    for (int iteration = 1; iteration <= kEquityIterations && traded > 0; ++iteration) {
      const double next = (equity - rules.cost_rate * traded) * share;
      const bool settled = next == unit;
      unit = next;
      if (settled || iteration == kEquityIterations) break;
      Sum again;
      for_vectors(state.size, [&](std::size_t i, int k) {
        const Vector held = load(state.held_value + i);
        again.chain[k] += held >= 0 ? absolute(unit - held) : Vector{};
      });
      traded = value_left + again.value();
    }

    Sum gross, net, after;
    for_vectors(state.size, [&](std::size_t i, int k) {
      const Vector p = load(price + i);
      const Vector shares = load(state.shares + i);
      const Vector coded = load(state.held_value + i);
      const Vector target = coded >= 0 ? unit / p : Vector{};
      const Vector order = coded == kNoOrder ? Vector{} : target - shares;
      const Vector notional = order * p;
      const Vector now = shares + order;
      store(state.shares + i, now);
      gross.chain[k] += absolute(notional);
      net.chain[k] += notional;
      after.chain[k] += now * p;
    });
    double bought = (gross.value() + net.value()) / 2;
    const double sold = (gross.value() - net.value()) / 2;
    double holdings = after.value();
    const double available = cash + sold - rules.cost_rate * sold;
    const double needed = bought + rules.cost_rate * bought;
    if (needed > available + kCashTolerance * equity) {
      const double factor = std::fmax(available, 0.0) / needed;
      const ScaledBuys scaled = scale_buys(state, price, factor);
      holdings -= bought - scaled.bought;
      bought = scaled.bought;
      num_partial += scaled.num_buys;
    }
    cash += sold - bought - rules.cost_rate * (bought + sold);
    memory.rows[t] = {cash + holdings, cash, bought, sold};
  }
  outcome.final_equity = memory.rows[close.num_rows - 1].equity;
  outcome.num_fills = static_cast<std::uint64_t>(num_fills);
  outcome.num_partial = static_cast<std::uint64_t>(num_partial);
  return outcome;
}

}  // namespace tickwerk::limit
