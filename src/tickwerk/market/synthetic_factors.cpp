#include "tickwerk/market/synthetic_factors.h"

#include <cmath>

#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/normal.h"

namespace tickwerk::market {
namespace {

/// Daily figures. The log of volatility is the sum of a slow and a fast autoregression (months and
/// weeks), which together decay as slowly as real volatility does; a fall raises the fast one
/// (leverage).
struct FactorModel {
  double median_volatility;
  double slow_persistence;
  double slow_deviation;
  double fast_persistence;
  double fast_deviation;
  double leverage;      // correlation of the fast shock with the return of the session
  double shock_spread;  // deviation of the log of a scale drawn anew each session: fat tails
  double night_share;   // of the variance
  double drift;         // mean log return of a session
  double drift_deviation;
  double drift_persistence;
};

constexpr FactorModel kMarket = {.median_volatility = 0.0075,
                                 .slow_persistence = 0.992,
                                 .slow_deviation = 0.42,
                                 .fast_persistence = 0.93,
                                 .fast_deviation = 0.42,
                                 .leverage = -0.65,
                                 .shock_spread = 0.25,
                                 .night_share = 0.35,
                                 .drift = 0.09 / 252,
                                 .drift_deviation = 0.10 / 252,
                                 .drift_persistence = 0.995};

constexpr FactorModel kSector = {.median_volatility = 0.0052,
                                 .slow_persistence = 0.99,
                                 .slow_deviation = 0.25,
                                 .fast_persistence = 0.93,
                                 .fast_deviation = 0.25,
                                 .leverage = 0.0,
                                 .shock_spread = 0.30,
                                 .night_share = 0.30,
                                 .drift = 0.0,
                                 .drift_deviation = 0.06 / 252,
                                 .drift_persistence = 0.995};

enum Purpose : std::uint64_t { kNight, kDay, kSlow, kFast, kScale, kDrift };

/// Autoregression of order one.
struct Autoregression {
  double persistence;
  double deviation;  // of the stationary distribution
  double value;

  void step(double normal) noexcept {
    const double shock = deviation * std::sqrt(1.0 - persistence * persistence);
    value = persistence * value + shock * normal;
  }
};

/// Starts in the stationary distribution.
Autoregression start(double persistence, double deviation, double normal) noexcept {
  return {.persistence = persistence, .deviation = deviation, .value = deviation * normal};
}

SyntheticFactor make_factor(const FactorModel& model,
                            std::uint64_t seed,
                            std::size_t factor,
                            std::size_t num_sessions) {
  const auto normals = [&](Purpose purpose) {
    std::vector<double> z(num_sessions + 1);
    kernel::fill_normal(factor_stream(seed, factor, purpose), 0, z);
    return z;
  };
  const auto night = normals(kNight);
  const auto day = normals(kDay);
  const auto slow_shock = normals(kSlow);
  const auto fast_shock = normals(kFast);
  const auto scale = normals(kScale);
  const auto drift_shock = normals(kDrift);

  SyntheticFactor made;
  for (auto* series :
       {&made.night, &made.day, &made.night_variance, &made.day_variance, &made.log_volatility}) {
    series->resize(num_sessions);
  }
  Autoregression slow =
      start(model.slow_persistence, model.slow_deviation, slow_shock[num_sessions]);
  Autoregression fast =
      start(model.fast_persistence, model.fast_deviation, fast_shock[num_sessions]);
  Autoregression drift =
      start(model.drift_persistence, model.drift_deviation, drift_shock[num_sessions]);
  const double night_weight = std::sqrt(model.night_share);
  const double day_weight = std::sqrt(1.0 - model.night_share);
  const double own_shock = std::sqrt(1.0 - model.leverage * model.leverage);
  for (std::size_t t = 0; t < num_sessions; ++t) {
    made.log_volatility[t] = slow.value + fast.value;
    const double volatility = model.median_volatility *
                              kernel::exp(made.log_volatility[t] + model.shock_spread * scale[t]);
    const double move = night_weight * night[t] + day_weight * day[t];
    const double mean = model.drift + drift.value;
    made.night[t] = volatility * night_weight * night[t] + 0.5 * mean;
    made.day[t] = volatility * day_weight * day[t] + 0.5 * mean;
    made.night_variance[t] = volatility * volatility * model.night_share;
    made.day_variance[t] = volatility * volatility * (1.0 - model.night_share);
    slow.step(slow_shock[t]);
    fast.step(model.leverage * move + own_shock * fast_shock[t]);
    drift.step(drift_shock[t]);
  }
  return made;
}

}  // namespace

SyntheticFactors make_factors(std::uint64_t seed, std::size_t num_sessions) {
  SyntheticFactors factors;
  factors.market = make_factor(kMarket, seed, 0, num_sessions);
  for (std::size_t sector = 0; sector < kNumSectors; ++sector) {
    factors.sectors.push_back(make_factor(kSector, seed, sector + 1, num_sessions));
  }
  return factors;
}

RandomStream symbol_stream(std::uint64_t seed, std::size_t symbol, std::uint64_t purpose) noexcept {
  return {.seed = seed, .stream = symbol << 4 | purpose};
}

RandomStream factor_stream(std::uint64_t seed, std::size_t factor, std::uint64_t purpose) noexcept {
  return {.seed = seed, .stream = std::uint64_t{1} << 63 | factor << 4 | purpose};
}

}  // namespace tickwerk::market
