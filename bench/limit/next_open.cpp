#include <bit>
#include <cmath>
#include <cstddef>

#include "limit/state.h"

namespace tickwerk::limit {
namespace {

struct Marked {
  double holdings;
  double num_longs;
};

/// The first eight bytes of the fills of eight symbols: bar, symbol, status.
[[gnu::always_inline]] inline Vector header_of(std::size_t t,
                                               std::size_t first_symbol,
                                               Vector order,
                                               double factor) noexcept {
  static_assert(offsetof(risk::Fill, order_qty) == 8 && sizeof(risk::Fill) == 32);
  static_assert(std::endian::native == std::endian::little);
  constexpr auto kPartial = static_cast<long long>(risk::FillStatus::kPartial) << 56;
  const Mask symbol = Mask{0, 1, 2, 3, 4, 5, 6, 7} + static_cast<long long>(first_symbol);
  const Mask buys = Mask{} + (factor < 1 ? kPartial : 0);
  const Mask header = symbol << 32 | (order > 0 ? buys : Mask{}) | static_cast<long long>(t);
  return reinterpret_cast<Vector>(header);
}

/// Writes the fills of eight symbols, four columns turned into eight rows of 32 bytes, and keeps
/// those with an order: each is written where the last kept one ended, so no branch can miss.
[[gnu::always_inline]] inline void list_fills(
    Vector header, Vector order, Vector filled, Vector price, risk::Fill*& fills) noexcept {
  const Vector left_low = __builtin_shufflevector(header, order, 0, 8, 2, 10, 4, 12, 6, 14);
  const Vector left_high = __builtin_shufflevector(header, order, 1, 9, 3, 11, 5, 13, 7, 15);
  const Vector right_low = __builtin_shufflevector(filled, price, 0, 8, 2, 10, 4, 12, 6, 14);
  const Vector right_high = __builtin_shufflevector(filled, price, 1, 9, 3, 11, 5, 13, 7, 15);
  const Vector rows[4] = {
      __builtin_shufflevector(left_low, right_low, 0, 1, 8, 9, 2, 3, 10, 11),      // 0 and 2
      __builtin_shufflevector(left_high, right_high, 0, 1, 8, 9, 2, 3, 10, 11),    // 1 and 3
      __builtin_shufflevector(left_low, right_low, 4, 5, 12, 13, 6, 7, 14, 15),    // 4 and 6
      __builtin_shufflevector(left_high, right_high, 4, 5, 12, 13, 6, 7, 14, 15),  // 5 and 7
  };
  const Mask kept = order != 0 ? Mask{} + 1 : Mask{};
  for (std::size_t j = 0; j < kLanes; ++j) {
    const Vector& pair = rows[j / 4 * 2 + j % 2];
    const auto* half = reinterpret_cast<const char*>(&pair) + (j % 4 / 2) * sizeof(risk::Fill);
    std::memcpy(static_cast<void*>(fills), half, sizeof(risk::Fill));
    fills += kept[j];
  }
}

/// Fills the orders of a row at `factor` times their buys, marks the book and moves the means on.
enum class Listing { kCount, kList };
template <Listing kListing>
[[gnu::always_inline]] inline Marked fill_and_mark(const State& state,
                                                   const std::uint8_t* above,
                                                   const double* open,
                                                   const double* close,
                                                   double factor,
                                                   std::size_t t,
                                                   risk::Fill*& fills) noexcept {
  Sum value;
  for_vectors(state.size, [&](std::size_t i, int k) {
    const Vector order = load(state.orders + i);
    const Vector filled = order > 0 ? order * factor : order;
    const Vector shares = load(state.shares + i) + filled;
    const Vector p = load(close + i);
    store(state.shares + i, shares);
    value.chain[k] += shares * p;
    if constexpr (kListing == Listing::kList) {
      list_fills(header_of(t, i, order, factor), order, filled, load(open + i), fills);
    }
  });
  return {value.value(), count_above(above, state.size)};
}

struct Decided {
  double gross = 0;  // notional at the next open
  double net = 0;
  double num_orders = 0;
  double num_buys = 0;
};

/// Orders at the close, priced at the next open.
[[gnu::always_inline]] inline Decided decide(const State& state,
                                             const std::uint8_t* above,
                                             const double* close,
                                             const double* next_open,
                                             double unit,
                                             double least) noexcept {
  Sum gross, net, orders, buys;
  for_vectors(state.size, [&](std::size_t i, int k) {
    const Mask is_long = unpack(above[i / kLanes]);
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
  const State state(close.num_symbols, memory);
  const Means means(rules);
  double cash = rules.start_capital;
  double num_fills = 0, num_partial = 0;
  risk::Fill* fills = memory.fills.data();
  Decided open_orders;

  for (std::size_t t = 0; t < close.num_rows; ++t) {
    const std::uint8_t* above = above_on(t, close, means, state);
    if (t + 1 < static_cast<std::size_t>(rules.slow)) {
      memory.rows[t] = {.equity = cash, .cash = cash};
      continue;
    }
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
        fill_and_mark<kListing>(state, above, open.row(t), close.row(t), factor, t, fills);
    const double equity = cash + marked.holdings;
    memory.rows[t] = {equity, cash, bought, sold};
    if (t + 1 == close.num_rows) break;
    const double unit = marked.num_longs > 0 ? equity / marked.num_longs : 0;
    open_orders =
        decide(state, above, close.row(t), open.row(t + 1), unit, rules.min_trade * equity);
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
