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

/// A symbol that is not long yet needs volume on the deciding bar to become so.
void require_volume_to_enter(const Panel& volume_ratio,
                             double least,
                             const std::vector<std::uint8_t>& decides,
                             DirectionPanel& direction) {
  std::vector<std::uint8_t> is_long(direction.num_symbols(), 0);
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    if (decides[t] == 0) continue;
    for (std::size_t i = 0; i < direction.num_symbols(); ++i) {
      std::int8_t& wanted = direction(t, i);
      if (wanted == kKeep) continue;
      if (wanted == kLong && is_long[i] == 0 && !(volume_ratio(t, i) >= least)) wanted = kFlat;
      is_long[i] = wanted == kLong;
    }
  }
}

/// A symbol that is no member of the universe on a day is left.
void leave_non_members(const Panel& in_universe, DirectionPanel& direction) {
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    for (std::size_t i = 0; i < direction.num_symbols(); ++i) {
      if (in_universe(t, i) == 0 && direction(t, i) == kLong) direction(t, i) = kFlat;
    }
  }
}

/// The long symbols of a row, best score first, ties by symbol order.
void rank_longs(const std::int8_t* direction,
                const double* score,
                std::size_t num_symbols,
                std::vector<std::uint32_t>& ranked) {
  ranked.clear();
  for (std::uint32_t i = 0; i < num_symbols; ++i) {
    if (direction[i] == kLong) ranked.push_back(i);
  }
  std::sort(ranked.begin(), ranked.end(), [score](std::uint32_t a, std::uint32_t b) {
    return score[a] != score[b] ? score[a] > score[b] : a < b;
  });
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

}  // namespace

Signals build_signals(const market::Bars& bars,
                      const StrategySpec& spec,
                      Factors factors,
                      std::size_t first_row) {
  TW_ZONE("build_signals");
  Signals signals;
  signals.decides = schedule(bars, spec.rebalance, first_row);
  signals.direction = std::move(factors.condition);
  DirectionPanel& direction = signals.direction;
  const std::size_t num_symbols = direction.num_symbols();

  if (bars.has("in_universe")) leave_non_members(bars.field("in_universe"), direction);
  if (spec.min_volume_ratio > 0) {
    require_volume_to_enter(factors.volume_ratio, spec.min_volume_ratio, signals.decides,
                            direction);
  }
  if (spec.top_n == 0 && spec.weights == Weighting::kEqual) return signals;

  const bool has_score = !factors.score.empty();
  const bool has_volatility = !factors.volatility.empty();
  if (spec.weights != Weighting::kEqual) {
    signals.strength = Panel(direction.num_rows(), num_symbols);
  }
  const std::vector<double> no_score(num_symbols, 0.0);
  std::vector<std::uint32_t> ranked;
  for (std::size_t t = first_row; t < direction.num_rows(); ++t) {
    if (signals.decides[t] == 0) continue;
    std::int8_t* wanted = direction.row(t);
    const double* score = has_score ? factors.score.row(t) : no_score.data();
    for (std::size_t i = 0; i < num_symbols; ++i) {
      if (wanted[i] != kLong) continue;
      if (score[i] != score[i]) wanted[i] = kKeep;
      if (has_volatility && !(factors.volatility(t, i) > 0)) wanted[i] = kFlat;
    }
    rank_longs(wanted, score, num_symbols, ranked);
    if (spec.top_n > 0 && ranked.size() > static_cast<std::size_t>(spec.top_n)) {
      for (std::size_t k = static_cast<std::size_t>(spec.top_n); k < ranked.size(); ++k) {
        wanted[ranked[k]] = kFlat;
      }
      ranked.resize(static_cast<std::size_t>(spec.top_n));
    }
    if (signals.strength.empty()) continue;
    for (std::size_t k = 0; k < ranked.size(); ++k) {
      const std::uint32_t i = ranked[k];
      const double volatility = has_volatility ? factors.volatility(t, i) : kNaN;
      signals.strength(t, i) = strength_of(spec.weights, score[i], volatility, k, ranked.size());
    }
  }
  return signals;
}

}  // namespace tickwerk::strategy
