// The expressions of strategies evaluated over bars: what build_signals reads. All expressions of a
// call are planned together, so variants of one strategy (a sweep over its parameters) share every
// sub-expression they have in common. Knows no weights, no schedule and no holdings.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/factor/sources.h"
#include "tickwerk/factor/stored.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {

/// Panels like the bars; those the strategy does not need are null. Equal panels of variants are
/// one.
struct Factors {
  DirectionPanel direction;  // of `long` and `short`; kKeep also where there is no bar
  std::shared_ptr<const Panel> score;
  std::shared_ptr<const Panel> volatility;    // of log returns over inverse_vol_window bars
  std::shared_ptr<const Panel> volume_ratio;  // volume / mean(volume, 20)
  std::vector<std::string> warnings;          // what is odd about the expressions on these data
  factor::StoreReport store;
};

/// Row t reads bars up to and including t only: what reads ahead is refused. A side that is true
/// counts unless the other is true as well (flat) or NaN (kKeep); `overlay` makes both false where
/// it is false. Throws kInvalidArgument with file, line and caret (names, types, look-ahead),
/// kNotFound for a field the bars lack.
///
/// With a store, the definitions of imported texts that the strategy uses are read from it, and
/// kept where they are not there: the same bits.
Factors build_factors(const Strategy& strategy,
                      const factor::Sources& sources,
                      const std::optional<factor::StoreConfig>& store = {});

/// The same for each of `variants`, in their order. Memory: one byte per symbol, row and variant,
/// and eight for each different score.
std::vector<Factors> build_factors(std::span<const Strategy> variants,
                                   const factor::Sources& sources);

/// What the strategy decides by, for `tickwerk check`: its module, the names in it, and its
/// parameters.
struct Expressions {
  expr::Module module;
  std::vector<std::string> names;  // those there are of long, short, score, overlay
  std::map<std::string, double, std::less<>> params;
};
Expressions expressions(const Strategy& strategy);

}  // namespace tickwerk::strategy
