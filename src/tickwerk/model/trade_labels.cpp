#include "tickwerk/model/trade_labels.h"

#include <algorithm>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

using backtest::FillRule;

bool known(double value) { return value == value; }

enum class Pending : std::uint8_t { kNone, kBuy, kSell };

/// What the strategy holds of a symbol, as shares or as an open order.
struct Position {
  bool held = false;
  Pending pending = Pending::kNone;
  int missing = 0;
  std::uint32_t decided = 0;  // row of the entry
  std::uint32_t filled = 0;
  double fill_price = 0;
  double last_close = kNaN;
};

/// From a fill to the strategy's own exit, which may be years later or never.
struct Holding {
  std::uint32_t decided = 0;
  std::uint32_t symbol = 0;
  std::uint32_t filled = 0;
  double fill_price = 0;
  bool ended = false;
  std::uint32_t exit_bar = 0;
  double exit_price = 0;
  TradeEnd end = TradeEnd::kStrategy;
};

class Follower {
 public:
  Follower(const market::Bars& bars, const strategy::Signals& signals, const TradeRules& rules)
      : close_(bars.close()),
        open_(rules.fill == FillRule::kNextOpen ? &bars.field("open") : nullptr),
        signals_(signals),
        rules_(rules),
        positions_(bars.num_symbols()) {}

  void step(std::size_t t) {
    const double* close = close_.row(t);
    const bool market_is_open = std::any_of(close, close + positions_.size(), known);
    const bool decides = signals_.decides[t] != 0;
    for (std::uint32_t i = 0; i < positions_.size(); ++i) {
      if (open_ != nullptr) fill(t, i, (*open_)(t, i));
      if (market_is_open) mark(t, i, close[i]);
      if (decides) decide(t, i, signals_.direction(t, i));
      if (open_ == nullptr) fill(t, i, close[i]);
    }
  }

  void finish() {
    for (std::uint32_t i = 0; i < positions_.size(); ++i) {
      if (positions_[i].held) holdings_.push_back(holding_of(i));
    }
  }

  const std::vector<Holding>& holdings() const { return holdings_; }
  std::size_t num_entries() const { return num_entries_; }
  std::size_t num_unfilled() const { return num_unfilled_; }

 private:
  Holding holding_of(std::uint32_t i) const {
    const Position& position = positions_[i];
    return {.decided = position.decided,
            .symbol = i,
            .filled = position.filled,
            .fill_price = position.fill_price};
  }

  void leave(std::size_t t, std::uint32_t i, double price, TradeEnd end) {
    Holding holding = holding_of(i);
    holding.ended = true;
    holding.exit_bar = static_cast<std::uint32_t>(t);
    holding.exit_price = price;
    holding.end = end;
    holdings_.push_back(holding);
    positions_[i].held = false;
    positions_[i].pending = Pending::kNone;
  }

  void fill(std::size_t t, std::uint32_t i, double price) {
    Position& position = positions_[i];
    if (position.pending == Pending::kNone || !known(price)) return;
    if (position.pending == Pending::kSell) return leave(t, i, price, TradeEnd::kStrategy);
    position.pending = Pending::kNone;
    position.held = true;
    position.filled = static_cast<std::uint32_t>(t);
    position.fill_price = price;
  }

  void mark(std::size_t t, std::uint32_t i, double close) {
    Position& position = positions_[i];
    if (known(close)) {
      position.last_close = close;
      position.missing = 0;
      return;
    }
    ++position.missing;
    if (position.missing != rules_.delist_after || !position.held) return;
    leave(t, i, position.last_close * (1 - rules_.delist_haircut), TradeEnd::kDelisted);
  }

  /// A decision replaces what is open; where the symbol has no bar, or its condition is NaN, by
  /// nothing.
  void decide(std::size_t t, std::uint32_t i, std::int8_t direction) {
    Position& position = positions_[i];
    const bool keeps = direction == strategy::kKeep || !known(close_(t, i));
    const bool wants = !keeps && direction == strategy::kLong;
    if (position.pending == Pending::kBuy && position.decided >= rules_.first_row) ++num_unfilled_;
    position.pending = Pending::kNone;
    if (wants && !position.held) {
      if (t >= rules_.first_row) ++num_entries_;
      position.pending = Pending::kBuy;
      position.decided = static_cast<std::uint32_t>(t);
    } else if (!keeps && !wants && position.held) {
      position.pending = Pending::kSell;
    }
  }

  const Panel& close_;
  const Panel* open_;
  const strategy::Signals& signals_;
  const TradeRules& rules_;
  std::vector<Position> positions_;
  std::vector<Holding> holdings_;
  std::size_t num_entries_ = 0;
  std::size_t num_unfilled_ = 0;
};

enum class Lack { kNothing, kFill, kEnd };

/// The trade that a holding is within the horizon.
Lack limit_to_horizon(const Holding& holding,
                      const OwnRows& rows,
                      const Panel& close,
                      const TradeRules& rules,
                      Trade& trade) {
  const std::size_t number = rows.number(holding.symbol, holding.decided);
  const auto end = label_end(
      rows, holding.symbol, number,
      {.bars = rules.horizon, .stopped_after = static_cast<std::size_t>(rules.delist_after)});
  if (!end) return Lack::kEnd;
  const std::span<const std::uint32_t> own = rows.of(holding.symbol);
  const std::size_t last = number + rules.horizon;
  const bool has_last = last < own.size();
  if (has_last && holding.filled > own[last]) return Lack::kFill;
  trade = {.bar = holding.decided,
           .symbol = holding.symbol,
           .fill_bar = holding.filled,
           .exit_bar = holding.exit_bar,
           .label_end = *end,
           .end = holding.end,
           .fill_price = holding.fill_price,
           .exit_price = holding.exit_price};
  if (has_last && (!holding.ended || holding.exit_bar > own[last])) {
    trade.end = TradeEnd::kHorizon;
    trade.exit_bar = own[last];
    trade.exit_price = close(own[last], holding.symbol);
  } else if (!holding.ended) {
    return Lack::kEnd;
  }
  trade.label_end = std::max(trade.label_end, trade.exit_bar);
  trade.realized_return =
      return_after_costs(trade.fill_price, trade.exit_price, rules.costs.total());
  return Lack::kNothing;
}

}  // namespace

TradeLabels trade_labels(const market::Bars& bars,
                         const OwnRows& rows,
                         const strategy::Signals& signals,
                         const TradeRules& rules) {
  TW_ZONE("trade_labels");
  if (rules.horizon == 0) {
    throw Error(Code::kInvalidArgument, "a horizon must be at least 1 bar, found 0");
  }
  Follower follower(bars, signals, rules);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) follower.step(t);
  follower.finish();

  TradeLabels labels;
  labels.num_entries = follower.num_entries();
  labels.num_unfilled = follower.num_unfilled();
  for (const Holding& holding : follower.holdings()) {
    if (holding.decided < rules.first_row) continue;
    Trade trade;
    switch (limit_to_horizon(holding, rows, bars.close(), rules, trade)) {
      case Lack::kNothing:
        labels.trades.push_back(trade);
        break;
      case Lack::kFill:
        ++labels.num_unfilled;
        break;
      case Lack::kEnd:
        break;
    }
  }
  labels.num_unfinished = labels.num_entries - labels.num_unfilled - labels.trades.size();
  std::sort(labels.trades.begin(), labels.trades.end(), [](const Trade& a, const Trade& b) {
    return a.bar != b.bar ? a.bar < b.bar : a.symbol < b.symbol;
  });
  return labels;
}

}  // namespace tickwerk::model
