// What a meta-model's probabilities make of a strategy's signals, before the backtest: trades it
// doubts are refused, or weigh less. A trade is judged once, on its entry, and the verdict holds
// until the strategy leaves it. An entry is that of model/trade_labels.h, in the strategy's own
// signals whatever was refused before: what is judged is what was labelled. Shorts stay as they
// are. Used by the jobs; it trains, loads and predicts nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tickwerk/strategy/signals.h"

namespace tickwerk::strategy {

/// At what price a decision meets the market: that says when a symbol is held.
enum class EntryFill { kNextOpen, kSameClose };

struct EntryRules {
  EntryFill fill = EntryFill::kNextOpen;
  int delist_after = 5;       // rows without a bar, while the market has bars
  std::size_t first_row = 0;  // nothing is held before
};

/// A decision for long of a symbol that is not held.
struct Entry {
  std::uint32_t bar = 0;  // row of the bars
  std::uint32_t symbol = 0;
  bool operator==(const Entry&) const = default;
};

/// Sorted by (bar, symbol). An entry that met no price and is decided again is another one. Row t
/// reads rows up to and including t only. Throws kNotFound when kNextOpen finds no opens. Cost: one
/// pass, a few ns a symbol and row.
std::vector<Entry> find_entries(const market::Bars& bars,
                                const Signals& own,
                                const EntryRules& rules);

struct ConfidenceRules {
  EntryRules entry = {};
  MetaMode mode = MetaMode::kFilter;
  double min_confidence = 0.5;  // of kFilter
};

/// `own`, judged. `probability`: [time, symbol] like the bars; read on entries only; NaN there: the
/// trade is taken as the strategy says. kFilter: a trade below min_confidence is flat until the
/// strategy has left it. kScale: its strength is multiplied by the probability of its entry for its
/// whole life, so the longs share the same sum in other parts. kKeep, shorts and decides stay.
/// Which symbols `top_n` chose stays too: nobody moves up. Row t reads rows up to and including t
/// only. Throws as find_entries.
Signals judge(const market::Bars& bars,
              const Signals& own,
              PanelView probability,
              const ConfidenceRules& rules);

}  // namespace tickwerk::strategy
