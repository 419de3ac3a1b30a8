#include "tickwerk/strategy/signals.h"

#include <algorithm>
#include <numeric>

#include "tickwerk/trace/zone.h"

namespace tickwerk::strategy {
namespace {

/// A number that changes when a new period begins; weeks begin on Monday.
std::int64_t period_of(Date date, Period period) {
  if (period == Period::kWeekly) {
    return (date.days - static_cast<int>(weekday(date))) / 7;
  }
  const YearMonthDay civil = year_month_day(date);
  return civil.year * 12 + civil.month;
}

std::vector<std::uint8_t> schedule(const market::Bars& bars,
                                   const Rebalance& rebalance,
                                   std::size_t first_row) {
  std::vector<std::uint8_t> decides(bars.num_rows(), 0);
  for (std::size_t t = first_row; t < decides.size(); ++t) {
    switch (rebalance.period) {
      case Period::kDaily:
        decides[t] = 1;
        break;
      case Period::kEveryRows:
        decides[t] = (t - first_row) % static_cast<std::size_t>(rebalance.every_rows) == 0;
        break;
      case Period::kWeekly:
      case Period::kMonthly:
        // Whether the first row of the data begins a period is not knowable from the data.
        decides[t] = t > 0 && period_of(date_of(bars.times[t]), rebalance.period) !=
                                  period_of(date_of(bars.times[t - 1]), rebalance.period);
        break;
    }
  }
  return decides;
}

/// Which symbols the last decision left long: what is not, needs volume to become so.
class VolumeGate {
 public:
  VolumeGate(const Panel& volume_ratio, double least, int delist_after)
      : volume_ratio_(volume_ratio),
        least_(least),
        delist_after_(delist_after),
        is_long_(volume_ratio.num_symbols(), 0),
        rows_missing_(volume_ratio.num_symbols(), 0) {}

  /// A symbol that is missing for too long is sold: when it comes back, it enters anew.
  void see_row(const double* close) {
    const auto missing = [](double price) { return price != price; };
    const std::size_t num_symbols = is_long_.size();
    if (std::all_of(close, close + num_symbols, missing)) return;
    for (std::size_t i = 0; i < num_symbols; ++i) {
      rows_missing_[i] = missing(close[i]) ? rows_missing_[i] + 1 : 0;
      if (rows_missing_[i] == delist_after_) is_long_[i] = 0;
    }
  }

  void refuse_entries(std::size_t t, std::int8_t* wanted) const {
    for (std::size_t i = 0; i < is_long_.size(); ++i) {
      const bool enters = wanted[i] == kLong && is_long_[i] == 0;
      if (enters && !(volume_ratio_(t, i) >= least_)) wanted[i] = kFlat;
    }
  }

  void remember(const std::int8_t* decided) {
    for (std::size_t i = 0; i < is_long_.size(); ++i) {
      if (decided[i] != kKeep) is_long_[i] = decided[i] == kLong;
    }
  }

 private:
  const Panel& volume_ratio_;
  double least_;
  int delist_after_;
  std::vector<std::uint8_t> is_long_;
  std::vector<int> rows_missing_;
};

/// A symbol that is no member of the universe on a day is left.
void leave_non_members(const Panel& in_universe, DirectionPanel& direction) {
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    for (std::size_t i = 0; i < direction.num_symbols(); ++i) {
      if (in_universe(t, i) == 0 && direction(t, i) == kLong) direction(t, i) = kFlat;
    }
  }
}

double strength_of(
    Weighting weights, double score, double volatility, std::size_t place, std::size_t num_longs) {
  switch (weights) {
    case Weighting::kEqual:
      return 1;
    case Weighting::kScore:
      return std::max(score, 0.0);
    case Weighting::kInverseVol:
      return volatility > 0 ? 1 / volatility : 0;
    case Weighting::kRank:
      break;
  }
  return static_cast<double>(num_longs - place);
}

/// Leaves the best of the longs of a row, and weighs them.
class Chooser {
 public:
  Chooser(const StrategySpec& spec, const Factors& factors) : spec_(spec), factors_(factors) {}

  /// `strength`: null where all weigh the same.
  void choose(std::size_t t, std::size_t num_symbols, std::int8_t* wanted, double* strength) {
    const bool has_score = !factors_.score.empty();
    const bool has_volatility = !factors_.volatility.empty();
    const double* score = has_score ? factors_.score.row(t) : nullptr;
    ranked_.clear();
    for (std::uint32_t i = 0; i < num_symbols; ++i) {
      if (wanted[i] != kLong) continue;
      if (has_score && score[i] != score[i]) {
        wanted[i] = kKeep;
      } else if (has_volatility && !(factors_.volatility(t, i) > 0)) {
        wanted[i] = kFlat;
      } else {
        ranked_.push_back(i);
      }
    }
    if (has_score) {  // best first, ties by symbol order
      std::sort(ranked_.begin(), ranked_.end(), [score](std::uint32_t a, std::uint32_t b) {
        return score[a] != score[b] ? score[a] > score[b] : a < b;
      });
    }
    const auto top_n = static_cast<std::size_t>(spec_.top_n);
    if (top_n > 0 && ranked_.size() > top_n) {
      for (std::size_t k = top_n; k < ranked_.size(); ++k) wanted[ranked_[k]] = kFlat;
      ranked_.resize(top_n);
    }
    if (strength == nullptr) return;
    for (std::size_t k = 0; k < ranked_.size(); ++k) {
      const std::uint32_t i = ranked_[k];
      strength[i] = strength_of(spec_.weights, has_score ? score[i] : 0,
                                has_volatility ? factors_.volatility(t, i) : 0, k, ranked_.size());
    }
  }

 private:
  const StrategySpec& spec_;
  const Factors& factors_;
  std::vector<std::uint32_t> ranked_;
};

}  // namespace

Signals build_signals(const market::Bars& bars,
                      const StrategySpec& spec,
                      Factors factors,
                      const SignalConfig& config) {
  TW_ZONE("build_signals");
  Signals signals;
  signals.decides = schedule(bars, spec.rebalance, config.first_row);
  signals.direction = std::move(factors.condition);
  DirectionPanel& direction = signals.direction;
  const std::size_t num_symbols = direction.num_symbols();

  if (bars.has("in_universe")) leave_non_members(bars.field("in_universe"), direction);
  const bool asks_for_volume = spec.min_volume_ratio > 0;
  const bool weighs = spec.weights != Weighting::kEqual;
  if (!asks_for_volume && !weighs && spec.top_n == 0) return signals;

  if (weighs) signals.strength = Panel(direction.num_rows(), num_symbols);
  VolumeGate gate(factors.volume_ratio, spec.min_volume_ratio, config.delist_after);
  Chooser chooser(spec, factors);
  for (std::size_t t = config.first_row; t < direction.num_rows(); ++t) {
    if (asks_for_volume) gate.see_row(bars.close().row(t));
    if (signals.decides[t] == 0) continue;
    std::int8_t* wanted = direction.row(t);
    if (asks_for_volume) gate.refuse_entries(t, wanted);
    chooser.choose(t, num_symbols, wanted, weighs ? signals.strength.row(t) : nullptr);
    if (asks_for_volume) gate.remember(wanted);
  }
  return signals;
}

}  // namespace tickwerk::strategy
