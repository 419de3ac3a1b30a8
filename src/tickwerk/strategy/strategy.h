// What a strategy is: expressions that give a direction and a score per symbol and bar, and rules
// that turn them into weights. A strategy says what it wants; holdings, cash and orders are the
// backtest's affair.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::strategy {

enum class Weighting { kEqual, kScore, kInverseVol, kRank };
std::string_view to_string(Weighting weighting) noexcept;

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

/// Everything a strategy file says.
struct StrategySpec {
  std::string name;
  std::string long_text;   // the expression whose truth is "long"
  std::string score_text;  // the expression that ranks and weighs
  std::map<std::string, double, std::less<>> params;
  Weighting weights = Weighting::kEqual;
  int inverse_vol_window = 20;  // bars, for kInverseVol
  int top_n = 0;                // 0 = all
  double max_weight = 1.0;      // share of equity; what is over stays in cash
  double gross = 1.0;           // sum of absolute weights
  /// Longs less shorts as a share of equity; empty = gross without shorts, 0 with them. The longs
  /// share (gross + net) / 2, the shorts (gross - net) / 2.
  std::optional<double> net;
  ShortSelling short_selling = ShortSelling::kRefuse;
  Rebalance rebalance;
  double band = 0;              // share of equity
  double min_volume_ratio = 0;  // volume / its trailing mean over 20 bars needed to enter; 0 = off
};

/// What a condition or a signal says of one symbol on one bar. kKeep: the condition is NaN there.
enum Direction : std::int8_t { kShort = -1, kFlat = 0, kLong = 1, kKeep = 2 };

using DirectionPanel = BasicPanel<std::int8_t>;

/// The strategy's expressions evaluated over the bars; panels the strategy does not need are empty.
struct Factors {
  DirectionPanel condition;  // of `long`
  Panel score;
  Panel volatility;    // of log returns over inverse_vol_window bars
  Panel volume_ratio;  // volume / mean(volume, 20)
};

class Strategy {
 public:
  explicit Strategy(StrategySpec spec) : spec_(std::move(spec)) {}
  virtual ~Strategy() = default;

  const StrategySpec& spec() const noexcept { return spec_; }

  /// Row t reads bars up to and including t only. Throws kNotFound for a field the bars lack.
  virtual Factors build_factors(const market::Bars& bars) const = 0;

 private:
  StrategySpec spec_;
};

/// Names of the built-in strategies, sorted.
std::vector<std::string> built_in_names();

/// The specification of a built-in strategy, to be adjusted before `make_strategy`. Throws
/// kInvalidArgument with the nearest names when there is none.
StrategySpec built_in_spec(std::string_view name);

/// Checks the specification (ranges of every number; throws kInvalidArgument) and makes the
/// strategy.
std::unique_ptr<Strategy> make_strategy(StrategySpec spec);

}  // namespace tickwerk::strategy
