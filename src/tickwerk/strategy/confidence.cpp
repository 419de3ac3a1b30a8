#include "tickwerk/strategy/confidence.h"

#include <algorithm>

#include "tickwerk/trace/zone.h"

namespace tickwerk::strategy {
namespace {

bool known(double value) { return value == value; }

/// What a decision for long is: the first of a trade, or one of a trade that goes on.
enum class Moment { kEntry, kGoesOn };

/// Holdings of the strategy as it is, one share of each symbol: the rules of the backtest without
/// cash.
class Follower {
 public:
  Follower(const market::Bars& bars, const Signals& own, const EntryRules& rules)
      : close_(bars.close()),
        open_(rules.fill == EntryFill::kNextOpen ? &bars.field("open") : nullptr),
        own_(own),
        rules_(rules),
        positions_(bars.num_symbols()) {}

  /// Tells `wants_long(t, symbol, moment)` of every decision for long.
  template <class WantsLong>
  void follow(WantsLong wants_long) {
    for (std::size_t t = rules_.first_row; t < close_.num_rows(); ++t) {
      const double* close = close_.row(t);
      const double* filled_at = open_ != nullptr ? open_->row(t) : close;
      const bool market_is_open = std::any_of(close, close + positions_.size(), known);
      const bool decides = own_.decides[t] != 0;
      for (std::size_t i = 0; i < positions_.size(); ++i) {
        Position& position = positions_[i];
        if (open_ != nullptr) fill(position, filled_at[i]);
        if (market_is_open) see(position, close[i]);
        if (decides) {
          const std::int8_t direction = own_.direction(t, i);
          const bool keeps = direction == kKeep || !known(close[i]);
          if (decide(position, keeps, direction)) {
            wants_long(t, i, position.held ? Moment::kGoesOn : Moment::kEntry);
          }
        }
        if (open_ == nullptr) fill(position, filled_at[i]);
      }
    }
  }

 private:
  enum class Pending : std::uint8_t { kNone, kBuy, kSell };
  struct Position {
    bool held = false;
    Pending pending = Pending::kNone;
    int missing = 0;
  };

  static void fill(Position& position, double price) {
    if (position.pending == Pending::kNone || !known(price)) return;
    position.held = position.pending == Pending::kBuy;
    position.pending = Pending::kNone;
  }

  void see(Position& position, double close) const {
    position.missing = known(close) ? 0 : position.missing + 1;
    if (position.missing != rules_.delist_after || !position.held) return;
    position.held = false;
    position.pending = Pending::kNone;
  }

  /// A decision replaces what is open, also by nothing. Whether it is for long.
  static bool decide(Position& position, bool keeps, std::int8_t direction) {
    const bool wants = !keeps && direction == kLong;
    position.pending = Pending::kNone;
    if (wants && !position.held) position.pending = Pending::kBuy;
    if (!keeps && !wants && position.held) position.pending = Pending::kSell;
    return wants;
  }

  const Panel& close_;
  const Panel* open_;
  const Signals& own_;
  const EntryRules& rules_;
  std::vector<Position> positions_;
};

template <class T>
BasicPanel<T> copy_of(const BasicPanel<T>& from) {
  BasicPanel<T> copy(from.num_rows(), from.num_symbols());
  std::copy_n(from.row(0), from.num_rows() * from.stride(), copy.row(0));
  return copy;
}

Panel strength_of(const Signals& own, MetaMode mode) {
  if (!own.strength.empty()) return copy_of(own.strength);
  if (mode == MetaMode::kFilter) return {};
  return Panel(own.direction.num_rows(), own.direction.num_symbols(), 1.0);
}

}  // namespace

std::vector<Entry> find_entries(const market::Bars& bars,
                                const Signals& own,
                                const EntryRules& rules) {
  TW_ZONE("find_entries");
  std::vector<Entry> entries;
  Follower(bars, own, rules).follow([&](std::size_t t, std::size_t i, Moment moment) {
    if (moment == Moment::kEntry) {
      entries.push_back({static_cast<std::uint32_t>(t), static_cast<std::uint32_t>(i)});
    }
  });
  return entries;
}

Signals judge(const market::Bars& bars,
              const Signals& own,
              PanelView probability,
              const ConfidenceRules& rules) {
  TW_ZONE("judge");
  Signals judged;
  judged.decides = own.decides;
  judged.direction = copy_of(own.direction);
  judged.strength = strength_of(own, rules.mode);
  std::vector<double> at_entry(bars.num_symbols(), kNaN);
  Follower(bars, own, rules.entry).follow([&](std::size_t t, std::size_t i, Moment moment) {
    if (moment == Moment::kEntry) at_entry[i] = probability(t, i);
    if (!known(at_entry[i])) return;
    if (rules.mode == MetaMode::kScale) {
      judged.strength(t, i) *= at_entry[i];
    } else if (at_entry[i] < rules.min_confidence) {
      judged.direction(t, i) = kFlat;
    }
  });
  return judged;
}

}  // namespace tickwerk::strategy
