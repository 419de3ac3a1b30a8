#include "limit/fused_loops.h"

#include <cmath>
#include <cstring>

// Vectors are passed between functions of this file alone, all of them inlined.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace tickwerk::limit {
namespace {

using Vector = double __attribute__((vector_size(64)));
using Mask = long long __attribute__((vector_size(64)));

constexpr int kEquityIterations = 8;
constexpr double kCashTolerance = 1e-9;  // of equity

// In place of a held value, which is never negative, where the symbol is not wanted long.
constexpr double kNoOrder = -1;
constexpr double kSellAll = -2;

[[gnu::always_inline]] inline Vector load(const double* from) noexcept {
  Vector value;
  std::memcpy(&value, __builtin_assume_aligned(from, 64), sizeof value);
  return value;
}

[[gnu::always_inline]] inline void store(double* to, Vector value) noexcept {
  std::memcpy(__builtin_assume_aligned(to, 64), &value, sizeof value);
}

[[gnu::always_inline]] inline Vector absolute(Vector x) noexcept {
  const Mask magnitude = Mask{} + 0x7fffffffffffffff;
  return reinterpret_cast<Vector>(reinterpret_cast<Mask>(x) & magnitude);
}

[[gnu::always_inline]] inline double total(Vector x) noexcept {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// Two chains of additions, so that one addition need not wait for the last.
struct Sum {
  Vector chain[2] = {};
  [[gnu::always_inline]] double value() const noexcept { return total(chain[0] + chain[1]); }
};

/// body(first symbol, chain) for every vector of a row.
template <class Body>
[[gnu::always_inline]] inline void for_vectors(std::size_t num_symbols, Body body) noexcept {
  std::size_t i = 0;
  for (; i + kLanes < num_symbols; i += 2 * kLanes) {
    body(i, 0);
    body(i + kLanes, 1);
  }
  if (i < num_symbols) body(i, 0);
}

/// The strategy's two means and the book, symbols contiguous.
struct State {
  State(std::size_t num_symbols, double* memory) noexcept
      : size(num_symbols),
        fast(memory),
        slow(memory + size),
        shares(memory + 2 * size),
        orders(memory + 3 * size),
        held_value(memory + 4 * size) {
    std::memset(memory, 0, num_state(size) * sizeof(double));
  }

  std::size_t size;
  double* fast;
  double* slow;
  double* shares;
  double* orders;
  double* held_value;
};

struct Means {
  explicit Means(const Rules& rules) noexcept
      : fast(2.0 / (rules.fast + 1.0)), slow(2.0 / (rules.slow + 1.0)) {}

  double fast;
  double slow;

  /// Moves the means of eight symbols on to `price`; -1 where the fast one is above the slow one.
  [[gnu::always_inline]] Mask step(const State& state, std::size_t i, Vector price) const noexcept {
    const Vector fast_mean = (1 - fast) * load(state.fast + i) + fast * price;
    const Vector slow_mean = (1 - slow) * load(state.slow + i) + slow * price;
    store(state.fast + i, fast_mean);
    store(state.slow + i, slow_mean);
    return fast_mean > slow_mean;
  }
};

/// Rows without a decision: the means need `slow` bars.
std::size_t warm_up(PanelView close,
                    const Rules& rules,
                    const Means& means,
                    const State& state,
                    std::span<Row> rows) noexcept {
  const std::size_t end = std::min(close.num_rows, static_cast<std::size_t>(rules.slow) - 1);
  if (end == 0) return 0;
  std::memcpy(state.fast, close.row(0), state.size * sizeof(double));
  std::memcpy(state.slow, close.row(0), state.size * sizeof(double));
  for (std::size_t t = 0; t < end; ++t) {
    rows[t] = {.equity = rules.start_capital, .cash = rules.start_capital};
    if (t == 0) continue;
    const double* price = close.row(t);
    for_vectors(state.size, [&](std::size_t i, int) { means.step(state, i, load(price + i)); });
  }
  return end;
}

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
  const State state(close.num_symbols, memory.state.data());
  const Means means(rules);
  Outcome outcome;
  double cash = rules.start_capital;
  double num_fills = 0, num_partial = 0;

  for (std::size_t t = warm_up(close, rules, means, state, memory.rows); t < close.num_rows; ++t) {
    const double* price = close.row(t);
    Sum value, longs;
    for_vectors(state.size, [&](std::size_t i, int k) {
      const Vector p = load(price + i);
      const Mask is_long = means.step(state, i, p);
      const Vector held = load(state.shares + i) * p;
      store(state.held_value + i, held);
      value.chain[k] += held;
      longs.chain[k] += is_long ? Vector{} + 1 : Vector{};
    });

    const double equity = cash + value.value();
    const double num_longs = longs.value();
    const double share = num_longs > 0 ? 1 / num_longs : 0;
    const double least = rules.min_trade * equity;
    double unit = equity * share;
    Sum wanted, left, orders;
    for_vectors(state.size, [&](std::size_t i, int k) {
      const Mask is_long = load(state.fast + i) > load(state.slow + i);
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

namespace {

struct Marked {
  double holdings;
  double num_longs;
};

/// Fills the orders of a row at `factor` times their buys, marks the book and moves the means on.
/// Listing: writes a fill for every symbol and steps on where there was an order.
enum class Listing { kCount, kList };
template <Listing kListing>
[[gnu::always_inline]] inline Marked fill_and_mark(const State& state,
                                                   const Means& means,
                                                   const double* open,
                                                   const double* close,
                                                   double factor,
                                                   std::size_t t,
                                                   risk::Fill*& fills) noexcept {
  Sum value, longs;
  for_vectors(state.size, [&](std::size_t i, int k) {
    const Vector order = load(state.orders + i);
    const Vector filled = order > 0 ? order * factor : order;
    const Vector shares = load(state.shares + i) + filled;
    const Vector p = load(close + i);
    store(state.shares + i, shares);
    value.chain[k] += shares * p;
    longs.chain[k] += means.step(state, i, p) ? Vector{} + 1 : Vector{};
    if constexpr (kListing == Listing::kList) {
      const auto status = factor < 1 ? risk::FillStatus::kPartial : risk::FillStatus::kFilled;
      for (std::size_t j = 0; j < kLanes; ++j) {
        risk::Fill& fill = *fills;
        fill.bar = static_cast<std::int32_t>(t);
        fill.symbol = static_cast<std::uint32_t>(i + j) & 0xffffff;
        fill.status_bits = static_cast<std::uint8_t>(order[j] > 0 ? status : risk::FillStatus{});
        fill.order_qty = order[j];
        fill.fill_qty = filled[j];
        fill.price = open[i + j];
        fills += order[j] != 0 ? 1 : 0;
      }
    }
  });
  return {value.value(), longs.value()};
}

struct Decided {
  double gross = 0;  // notional at the next open
  double net = 0;
  double num_orders = 0;
  double num_buys = 0;
};

/// Orders at the close, priced at the next open.
[[gnu::always_inline]] inline Decided decide(const State& state,
                                             const double* close,
                                             const double* next_open,
                                             double unit,
                                             double least) noexcept {
  Sum gross, net, orders, buys;
  for_vectors(state.size, [&](std::size_t i, int k) {
    const Mask is_long = load(state.fast + i) > load(state.slow + i);
    const Vector shares = load(state.shares + i);
    const Vector p = load(close + i);
    const Vector difference = absolute((is_long ? Vector{} + unit : Vector{}) - shares * p);
    const Mask is_order = (difference >= least) & (difference != 0);
    const Vector order = is_order ? (is_long ? unit / p : Vector{}) - shares : Vector{};
    const Vector notional = order * load(next_open + i);
    store(state.orders + i, order);
    gross.chain[k] += absolute(notional);
    net.chain[k] += notional;
    orders.chain[k] += order != 0 ? Vector{} + 1 : Vector{};
    buys.chain[k] += order > 0 ? Vector{} + 1 : Vector{};
  });
  return {gross.value(), net.value(), orders.value(), buys.value()};
}

template <Listing kListing>
Outcome run_next_open(PanelView open,
                      PanelView close,
                      const Rules& rules,
                      const Memory& memory) noexcept {
  const State state(close.num_symbols, memory.state.data());
  const Means means(rules);
  double cash = rules.start_capital;
  double num_fills = 0, num_partial = 0;
  risk::Fill* fills = memory.fills.data();
  Decided open_orders;

  for (std::size_t t = warm_up(close, rules, means, state, memory.rows); t < close.num_rows; ++t) {
    const double sold = (open_orders.gross - open_orders.net) / 2;
    const double wanted = (open_orders.gross + open_orders.net) / 2;
    const double available = cash + sold - rules.cost_rate * sold;
    const double needed = wanted + rules.cost_rate * wanted;
    const double factor = needed > available ? std::fmax(available, 0.0) / needed : 1.0;
    const double bought = wanted * factor;
    cash += sold - bought - rules.cost_rate * (sold + bought);
    num_fills += open_orders.num_orders;
    num_partial += factor < 1 ? open_orders.num_buys : 0;

    const Marked marked =
        fill_and_mark<kListing>(state, means, open.row(t), close.row(t), factor, t, fills);
    const double equity = cash + marked.holdings;
    memory.rows[t] = {equity, cash, bought, sold};
    if (t + 1 == close.num_rows) break;
    const double unit = marked.num_longs > 0 ? equity / marked.num_longs : 0;
    open_orders = decide(state, close.row(t), open.row(t + 1), unit, rules.min_trade * equity);
  }
  return {.final_equity = memory.rows[close.num_rows - 1].equity,
          .num_fills = static_cast<std::uint64_t>(num_fills),
          .num_partial = static_cast<std::uint64_t>(num_partial)};
}

}  // namespace

Outcome next_open(PanelView open,
                  PanelView close,
                  const Rules& rules,
                  const Memory& memory) noexcept {
  return memory.fills.empty() ? run_next_open<Listing::kCount>(open, close, rules, memory)
                              : run_next_open<Listing::kList>(open, close, rules, memory);
}

}  // namespace tickwerk::limit
