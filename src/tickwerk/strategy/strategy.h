// What a strategy is: expressions that give a direction and a score per symbol and bar, and rules
// that turn them into weights. A strategy says what it wants; holdings, cash and orders are the
// backtest's affair. It is data: read from a file (strategy_file.h), evaluated by factors.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::strategy {

enum class Weighting { kEqual, kScore, kInverseVol, kRank };
std::string_view to_string(Weighting weighting) noexcept;

/// A weighting with the bars of volatility that kInverseVol reads.
struct Weights {
  Weighting weighting = Weighting::kEqual;
  int window = 20;
};
/// `equal`, `score`, `rank`, `inverse_vol(20)`.
std::string to_string(const Weights& weights);
/// The same, also `inverse_vol` for 20 bars; throws kInvalidArgument.
Weights parse_weights(std::string_view text);

enum class Period { kDaily, kWeekly, kMonthly, kEveryRows };

/// When a strategy decides: at the close of the first session of a new week or month, or every n
/// rows.
struct Rebalance {
  Period period = Period::kDaily;
  int every_rows = 1;  // for kEveryRows
};
std::string to_string(const Rebalance& rebalance);
/// `daily`, `weekly`, `monthly` or `every(n)`; throws kInvalidArgument.
Rebalance parse_rebalance(std::string_view text);

enum class ShortSelling { kRefuse, kAllow };

/// What the probability of a meta-model does to a trade: below min_confidence it is refused, or it
/// is weighed by it (confidence.h).
enum class MetaMode { kFilter, kScale };
std::string_view to_string(MetaMode mode) noexcept;
/// `filter` or `scale`; throws kInvalidArgument.
MetaMode parse_meta_mode(std::string_view text);

/// A meta-model that judges the strategy's trades.
struct MetaModelUse {
  std::filesystem::path file;  // empty = none
  MetaMode mode = MetaMode::kFilter;
  double min_confidence = 0.5;  // of kFilter
};

/// A text in the expression language under its key of a strategy file.
struct KeyText {
  std::string key;
  std::string text;
};

/// Everything a strategy file says.
struct StrategySpec {
  std::string name;
  std::string description;
  std::string source;  // what errors of its expressions call it; empty = the name
  std::string file;    // as it was given; empty for a built-in strategy
  /// What the file says in the language, in its order: long, score, define, ... For reports.
  std::vector<KeyText> texts;
  /// The same as one module of the language that defines `long`, `short`, `score` and `overlay`
  /// (those there are).
  std::string language;
  std::shared_ptr<const expr::syntax::Written> written;  // the file that it was put together from
  /// Of all parameters that the expressions can reach, imported ones too; set_param changes one.
  std::map<std::string, double, std::less<>> params;
  /// Reachable, too, but computed from others as long as they are not in `params`.
  std::vector<std::string> derived_params;
  Weighting weights = Weighting::kEqual;
  int inverse_vol_window = 20;  // bars, for kInverseVol
  int top_n = 0;                // 0 = all; of the longs, and of the shorts
  double max_weight = 1.0;      // share of equity; what is over stays in cash
  double gross = 1.0;           // sum of absolute weights
  /// Longs less shorts as a share of equity; empty = gross without shorts, -gross without longs,
  /// else 0. The longs share (gross + net) / 2, the shorts (gross - net) / 2.
  std::optional<double> net;
  ShortSelling short_selling = ShortSelling::kRefuse;
  Rebalance rebalance;
  double band = 0;              // share of equity
  double min_volume_ratio = 0;  // volume / its trailing mean over 20 bars needed to enter; 0 = off
  MetaModelUse meta_model;      // read by the jobs; build_signals knows nothing of it
};

/// Throws kInvalidArgument with the nearest name for a parameter that the strategy does not have.
void set_param(StrategySpec& spec, std::string_view name, double value);

/// Throws as set_param where it would; changes nothing.
void require_param(const StrategySpec& spec, std::string_view name);

/// What a condition or a signal says of one symbol on one bar. kKeep: the condition is NaN there.
enum Direction : std::int8_t { kShort = -1, kFlat = 0, kLong = 1, kKeep = 2 };

using DirectionPanel = BasicPanel<std::int8_t>;

/// A specification that was checked, and its expressions as parsed.
struct Strategy {
  StrategySpec spec;  // `net` is always there
  expr::Module module;

  /// Whether the module defines `long`, `short`, `score` or `overlay`.
  bool defines(std::string_view key) const;
};

/// Names of the built-in strategies, sorted.
std::vector<std::string> built_in_names();

/// The file of a built-in strategy, to be read, copied and changed. Throws kInvalidArgument with
/// the nearest names when there is none.
std::string_view built_in_text(std::string_view name);

/// The specification of a built-in strategy, to be adjusted before `make_strategy`. Throws as
/// built_in_text.
StrategySpec built_in_spec(std::string_view name);

/// Checks the specification (ranges, what needs what; throws kInvalidArgument) and parses its
/// expressions (throws as expr::Module::parse). Names and types in them are checked when they meet
/// the fields of bars: see build_factors.
Strategy make_strategy(StrategySpec spec);

}  // namespace tickwerk::strategy
