#include "tickwerk/strategy/signals.h"

#include <algorithm>

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

/// The side the last decision left each symbol on: what is not there, needs volume to enter it.
class VolumeGate {
 public:
  VolumeGate(const Panel* volume_ratio, double least, int delist_after)
      : volume_ratio_(volume_ratio), least_(least), delist_after_(delist_after) {
    if (volume_ratio == nullptr) return;
    side_.resize(volume_ratio->num_symbols(), kFlat);
    rows_missing_.resize(volume_ratio->num_symbols(), 0);
  }

  /// A symbol that is missing for too long is sold: when it comes back, it enters anew.
  void see_row(const double* close) {
    const auto missing = [](double price) { return price != price; };
    const std::size_t num_symbols = side_.size();
    if (std::all_of(close, close + num_symbols, missing)) return;
    for (std::size_t i = 0; i < num_symbols; ++i) {
      rows_missing_[i] = missing(close[i]) ? rows_missing_[i] + 1 : 0;
      if (rows_missing_[i] == delist_after_) side_[i] = kFlat;
    }
  }

  void refuse_entries(std::size_t t, std::int8_t* wanted) const {
    for (std::size_t i = 0; i < side_.size(); ++i) {
      const bool enters = (wanted[i] == kLong || wanted[i] == kShort) && wanted[i] != side_[i];
      if (enters && !((*volume_ratio_)(t, i) >= least_)) wanted[i] = kFlat;
    }
  }

  void remember(const std::int8_t* decided) {
    for (std::size_t i = 0; i < side_.size(); ++i) {
      if (decided[i] != kKeep) side_[i] = decided[i];
    }
  }

 private:
  const Panel* volume_ratio_;
  double least_;
  int delist_after_;
  std::vector<std::int8_t> side_;
  std::vector<int> rows_missing_;
};

/// A symbol that has a bar on a day and is no member of the universe is closed, whatever its
/// conditions say: those across symbols are NaN for it.
void close_non_members(const Panel& in_universe, const Panel& close, DirectionPanel& direction) {
  for (std::size_t t = 0; t < direction.num_rows(); ++t) {
    std::int8_t* row = direction.row(t);
    for (std::size_t i = 0; i < direction.num_symbols(); ++i) {
      const bool has_bar = close(t, i) == close(t, i);
      if (in_universe(t, i) == 0 && has_bar) row[i] = kFlat;
    }
  }
}

/// Leaves the best of the longs and of the shorts of a row, and weighs them.
class Chooser {
 public:
  Chooser(const StrategySpec& spec, const Factors& factors) : spec_(spec), factors_(factors) {}

  /// `strength`: null where all weigh the same.
  void choose(std::size_t t, std::size_t num_symbols, std::int8_t* wanted, double* strength) {
    const double* score = factors_.score ? factors_.score->row(t) : nullptr;
    const double* volatility = factors_.volatility ? factors_.volatility->row(t) : nullptr;
    longs_.clear();
    shorts_.clear();
    for (std::uint32_t i = 0; i < num_symbols; ++i) {
      if (wanted[i] != kLong && wanted[i] != kShort) continue;
      if (score != nullptr && score[i] != score[i]) {
        wanted[i] = kKeep;
      } else if (volatility != nullptr && !(volatility[i] > 0)) {
        wanted[i] = kFlat;
      } else if (wanted[i] == kLong) {
        longs_.push_back({score != nullptr ? score[i] : 0, i});
      } else {
        shorts_.push_back({score != nullptr ? -score[i] : 0, i});
      }
    }
    for (std::vector<Candidate>* side : {&longs_, &shorts_}) {
      leave_best(*side, wanted);
      if (strength == nullptr) continue;
      for (std::size_t k = 0; k < side->size(); ++k) {
        const Candidate& chosen = (*side)[k];
        strength[chosen.symbol] =
            strength_of(chosen, volatility, static_cast<double>(side->size() - k));
      }
    }
  }

 private:
  struct Candidate {
    double merit;  // the score of a long, the negative score of a short
    std::uint32_t symbol;
  };

  /// Best first, ties by symbol order; those behind the first top_n become flat.
  void leave_best(std::vector<Candidate>& side, std::int8_t* wanted) const {
    if (factors_.score) {
      std::sort(side.begin(), side.end(), [](const Candidate& a, const Candidate& b) {
        return a.merit != b.merit ? a.merit > b.merit : a.symbol < b.symbol;
      });
    }
    const auto top_n = static_cast<std::size_t>(spec_.top_n);
    if (top_n == 0 || side.size() <= top_n) return;
    for (std::size_t k = top_n; k < side.size(); ++k) wanted[side[k].symbol] = kFlat;
    side.resize(top_n);
  }

  double strength_of(const Candidate& chosen, const double* volatility, double rank) const {
    switch (spec_.weights) {
      case Weighting::kEqual:
        return 1;
      case Weighting::kScore:
        return std::max(chosen.merit, 0.0);
      case Weighting::kInverseVol:
        return 1 / volatility[chosen.symbol];
      case Weighting::kRank:
        break;
    }
    return rank;
  }

  const StrategySpec& spec_;
  const Factors& factors_;
  std::vector<Candidate> longs_;
  std::vector<Candidate> shorts_;
};

}  // namespace

Signals build_signals(const market::Bars& bars,
                      const StrategySpec& spec,
                      Factors factors,
                      const SignalConfig& config) {
  TW_ZONE("build_signals");
  Signals signals;
  signals.decides = schedule(bars, spec.rebalance, config.first_row);
  signals.direction = std::move(factors.direction);
  DirectionPanel& direction = signals.direction;
  const std::size_t num_symbols = direction.num_symbols();

  if (bars.has("in_universe")) {
    close_non_members(bars.field("in_universe"), bars.close(), direction);
  }
  const bool asks_for_volume = spec.min_volume_ratio > 0;
  const bool weighs = spec.weights != Weighting::kEqual;
  if (!asks_for_volume && !weighs && spec.top_n == 0) return signals;

  if (weighs) signals.strength = Panel(direction.num_rows(), num_symbols);
  VolumeGate gate(factors.volume_ratio.get(), spec.min_volume_ratio, config.delist_after);
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
