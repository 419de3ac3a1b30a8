#include "tickwerk/market/synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/normal.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/market/calendar.h"
#include "tickwerk/market/synthetic_factors.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

// A symbol's own part of the return.
constexpr double kOwnNightShare = 0.28;
constexpr double kOwnPersistence = 0.975;
constexpr double kOwnDeviation = 0.40;
constexpr double kOwnShockSpread = 0.30;
constexpr double kSharedVolatility = 0.60;  // share of the market's log volatility a symbol takes
constexpr std::size_t kEarningsPeriod = 63;
constexpr double kEarningsScale = 5.0;  // of the night after a report

constexpr double kLateShare = 0.10;
constexpr double kDelistedShare = 0.03;
constexpr double kGapChance = 1e-4;  // that a gap begins after a bar
constexpr std::uint64_t kLongestGap = 3;
constexpr double kLowestClose = 1.0;  // dollars; below it an exchange delists

constexpr std::size_t kLanes = kVectorBytes / sizeof(double);
constexpr std::size_t kNumFields = 5;
constexpr std::array<const char*, kNumFields> kFields = {"open", "high", "low", "close", "volume"};
enum Field : std::size_t { kOpen, kHigh, kLow, kClose, kVolume };

enum Purpose : std::uint64_t { kTraits, kNight, kDay, kOwn, kScale, kUp, kDown, kShares, kGaps };

/// What does not change over the life of a symbol.
struct Traits {
  std::size_t sector;
  double beta;
  double log_volatility;  // median, of a session
  double log_price;       // at listing
  double log_shares;      // median volume
  std::size_t earnings_offset;
  std::size_t first_row;
  std::size_t last_row;
};

Traits draw_traits(std::uint64_t seed, std::size_t symbol, std::size_t num_sessions) {
  RandomSequence random(symbol_stream(seed, symbol, kTraits));
  const auto normal = [&] { return kernel::normal_quantile(random.uniform()); };
  Traits traits;
  traits.sector = random.below(kNumSectors);
  traits.beta = std::clamp(1.0 + 0.25 * normal(), 0.3, 1.8);
  traits.log_volatility = kernel::log(0.0090) + 0.30 * normal();
  traits.log_price =
      std::clamp(kernel::log(45.0) + 0.7 * normal(), kernel::log(8.0), kernel::log(400.0));
  const double log_dollars = kernel::log(1.1e8) + 1.0 * normal();
  traits.log_shares = log_dollars - traits.log_price;
  traits.earnings_offset = random.below(kEarningsPeriod);

  // The first symbol trades on every session, so that no row is without a bar.
  const double late = random.uniform();
  const double late_at = 0.05 + 0.75 * random.uniform();
  const double delisted = random.uniform();
  const double delisted_at = 0.2 + 0.75 * random.uniform();
  const auto sessions = static_cast<double>(num_sessions);
  const bool short_history = num_sessions < 20;
  traits.first_row = symbol == 0 || short_history || late >= kLateShare
                         ? 0
                         : static_cast<std::size_t>(late_at * sessions);
  const auto life = static_cast<double>(num_sessions - traits.first_row);
  traits.last_row = symbol == 0 || short_history || delisted >= kDelistedShare
                        ? num_sessions - 1
                        : traits.first_row + static_cast<std::size_t>(delisted_at * life);
  return traits;
}

/// Numbers of one symbol, one per session, reused from symbol to symbol. Each step below writes
/// over what the step before has used up.
struct Scratch {
  explicit Scratch(std::size_t num_sessions) {
    for (auto* series : {&night, &day, &own, &scale, &up, &down, &shares}) {
      series->resize(num_sessions);
    }
  }
  std::vector<double> night, day, own, scale, up, down, shares;
};

void draw_randoms(std::uint64_t seed, std::size_t symbol, const Traits& traits, Scratch& scratch) {
  const auto stream = [&](Purpose purpose) { return symbol_stream(seed, symbol, purpose); };
  kernel::fill_normal(stream(kNight), 0, scratch.night);
  kernel::fill_normal(stream(kDay), 0, scratch.day);
  kernel::fill_normal(stream(kOwn), 0, scratch.own);
  kernel::fill_normal(stream(kScale), 0, scratch.scale);
  kernel::fill_normal(stream(kShares), 0, scratch.shares);
  kernel::fill_uniform(stream(kUp), 0, scratch.up);
  kernel::fill_uniform(stream(kDown), 0, scratch.down);

  const double step = kOwnDeviation * std::sqrt(1.0 - kOwnPersistence * kOwnPersistence);
  double value = kOwnDeviation * scratch.own[0];
  for (double& z : scratch.own) {
    value = kOwnPersistence * value + step * z;
    z = value;
  }
  for (std::size_t t = traits.earnings_offset; t < scratch.night.size(); t += kEarningsPeriod) {
    scratch.night[t] *= kEarningsScale;
  }
}

/// The columns of a factor and of a scratch as plain pointers, which the vectoriser follows.
struct FactorColumns {
  const double *night, *day, *night_variance, *day_variance, *log_volatility;
  explicit FactorColumns(const SyntheticFactor& factor) noexcept
      : night(factor.night.data()),
        day(factor.day.data()),
        night_variance(factor.night_variance.data()),
        day_variance(factor.day_variance.data()),
        log_volatility(factor.log_volatility.data()) {}
};

/// Normals and uniforms become log returns of night and day, log distances from the open up to the
/// high and down to the low, and the log of the volume. The highest point of a Brownian path whose
/// two ends are known has a closed form; here the highest and the lowest are drawn independently of
/// each other. Source: Glasserman (2004), "Monte Carlo Methods in Financial Engineering",
/// section 6.4.
TW_VECTOR_CLONES void draw_returns(const FactorColumns market,
                                   const FactorColumns sector,
                                   const Traits& traits,
                                   Scratch& scratch) noexcept {
  double* const night_of = scratch.night.data();
  double* const day_of = scratch.day.data();
  double* const up_of = scratch.up.data();
  double* const down_of = scratch.down.data();
  double* const shares_of = scratch.shares.data();
  const double* const own_of = scratch.own.data();
  const double* const scale_of = scratch.scale.data();
  const std::size_t size = scratch.night.size();
  const double beta = traits.beta;
  const double beta2 = beta * beta;
  const double log_volatility = traits.log_volatility;
  const double log_shares = traits.log_shares;
  const double night_weight = std::sqrt(kOwnNightShare);
  const double day_weight = std::sqrt(1.0 - kOwnNightShare);
#pragma GCC ivdep
  for (std::size_t t = 0; t < size; ++t) {
    const double activity = own_of[t] + kSharedVolatility * market.log_volatility[t];
    const double own = kernel::exp(log_volatility + activity + kOwnShockSpread * scale_of[t]);
    const double night_variance =
        beta2 * market.night_variance[t] + sector.night_variance[t] + kOwnNightShare * own * own;
    const double day_variance = beta2 * market.day_variance[t] + sector.day_variance[t] +
                                (1.0 - kOwnNightShare) * own * own;
    // Less half the variance, so that the mean of simple returns is the drift of the factors.
    const double night = beta * market.night[t] + sector.night[t] +
                         night_weight * own * night_of[t] - 0.5 * night_variance;
    const double day =
        beta * market.day[t] + sector.day[t] + day_weight * own * day_of[t] - 0.5 * day_variance;
    const double up = std::sqrt(day * day - 2.0 * day_variance * kernel::log(up_of[t]));
    const double down = std::sqrt(day * day - 2.0 * day_variance * kernel::log(down_of[t]));
    const double move = night + day;
    const double size_of_move = std::sqrt(move * move / (night_variance + day_variance));
    const double capped = size_of_move > 4.0 ? 4.0 : size_of_move;
    shares_of[t] = log_shares + 0.6 * activity + 0.2 * capped + 0.25 * shares_of[t];
    night_of[t] = night;
    day_of[t] = day;
    up_of[t] = 0.5 * (day + up);
    down_of[t] = 0.5 * (day - down);
  }
}

/// The nearest whole number, ties to even; |x| < 2^51.
[[gnu::always_inline]] inline double rounded(double x) noexcept {
  return (x + 0x1.8p52) - 0x1.8p52;
}

/// e^x dollars in whole cents, at least one.
[[gnu::always_inline]] inline double price(double x) noexcept {
  const double cents = rounded(100.0 * kernel::exp(x));
  return (cents < 1.0 ? 1.0 : cents) / 100.0;
}

[[gnu::always_inline]] inline double larger(double a, double b) noexcept { return a > b ? a : b; }
[[gnu::always_inline]] inline double smaller(double a, double b) noexcept { return a < b ? a : b; }

/// Bars of one symbol, one series per field, in the order of kFields.
using Columns = std::array<double*, kNumFields>;

TW_VECTOR_CLONES void price_bars(const Scratch& scratch, const Columns& bars) noexcept {
  const double* const open_of = scratch.night.data();
  const double* const close_of = scratch.day.data();
  const double* const up_of = scratch.up.data();
  const double* const down_of = scratch.down.data();
  const double* const shares_of = scratch.shares.data();
  double* const out_open = bars[kOpen];
  double* const out_high = bars[kHigh];
  double* const out_low = bars[kLow];
  double* const out_close = bars[kClose];
  double* const out_volume = bars[kVolume];
  const std::size_t size = scratch.night.size();
#pragma GCC ivdep
  for (std::size_t t = 0; t < size; ++t) {
    const double open = price(open_of[t]);
    const double close = price(close_of[t]);
    out_open[t] = open;
    out_close[t] = close;
    out_high[t] = larger(larger(open, close), price(open_of[t] + up_of[t]));
    out_low[t] = smaller(smaller(open, close), price(open_of[t] + down_of[t]));
    out_volume[t] = larger(1.0, rounded(kernel::exp(shares_of[t])));
  }
}

/// Log returns become the logs of open (in `night`) and close (in `day`), from the listing on.
void add_up(const Traits& traits, Scratch& scratch) noexcept {
  double level = traits.log_price;
  for (std::size_t t = 0; t < scratch.night.size(); ++t) {
    if (t < traits.first_row) continue;
    scratch.night[t] += level;
    level = scratch.day[t] += scratch.night[t];
  }
}

void erase(const Columns& bars, std::size_t first, std::size_t last) noexcept {
  for (double* field : bars) std::fill(field + first, field + last, kNaN);
}

/// No bar before the listing, after the delisting, and in a few gaps between.
void cut_life(std::uint64_t seed,
              std::size_t symbol,
              Traits traits,
              const Columns& bars,
              std::size_t num_sessions) noexcept {
  std::size_t last = traits.last_row;
  if (symbol != 0) {
    const double* const close = bars[kClose];
    const double* const low = std::find_if(close + traits.first_row, close + last,
                                           [](double x) { return x < kLowestClose; });
    last = static_cast<std::size_t>(low - close);
    RandomSequence random(symbol_stream(seed, symbol, kGaps));
    // The distance to the next gap is geometric, drawn by inversion.
    const double rate = kernel::log(1.0 - kGapChance);
    double at = static_cast<double>(traits.first_row);
    while (true) {
      at += 1.0 + std::floor(kernel::log(random.uniform()) / rate);
      const std::size_t length = 1 + random.below(kLongestGap);
      if (at + static_cast<double>(length) > static_cast<double>(last)) break;
      const auto first = static_cast<std::size_t>(at);
      erase(bars, first, first + length);
      at += static_cast<double>(length);
    }
  }
  erase(bars, 0, traits.first_row);
  erase(bars, last + 1, num_sessions);
}

/// A cache line of symbols is made at once, so that threads never write to the same line.
void make_lanes(const SyntheticConfig& config,
                const SyntheticFactors& factors,
                std::size_t first,
                const std::array<Panel*, kNumFields>& panels) {
  const std::size_t size = config.num_sessions;
  Scratch scratch(size);
  std::vector<double> bars(kNumFields * kLanes * size, kNaN);
  const std::size_t num_lanes = std::min(kLanes, config.num_symbols - first);
  for (std::size_t lane = 0; lane < num_lanes; ++lane) {
    const std::size_t symbol = first + lane;
    const Traits traits = draw_traits(config.seed, symbol, size);
    draw_randoms(config.seed, symbol, traits, scratch);
    draw_returns(FactorColumns(factors.market), FactorColumns(factors.sectors[traits.sector]),
                 traits, scratch);
    add_up(traits, scratch);
    Columns columns;
    for (std::size_t field = 0; field < kNumFields; ++field) {
      columns[field] = bars.data() + (field * kLanes + lane) * size;
    }
    price_bars(scratch, columns);
    cut_life(config.seed, symbol, traits, columns, size);
  }
  for (std::size_t field = 0; field < kNumFields; ++field) {
    const double* const columns = bars.data() + field * kLanes * size;
    for (std::size_t t = 0; t < size; ++t) {
      double* const row = panels[field]->row(t) + first;
      for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] = columns[lane * size + t];
    }
  }
}

std::vector<Timestamp> session_times(const SyntheticConfig& config) {
  const Calendar& calendar = Calendar::nyse();
  if (!calendar.covers(config.end)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("end of the synthetic market must be in [{}, {}], found {}",
                            to_string(calendar.first()), to_string(calendar.last()),
                            to_string(config.end)));
  }
  const std::vector<Date> sessions = calendar.sessions(calendar.first(), config.end);
  if (config.num_sessions < 1 || config.num_sessions > sessions.size()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("sessions of the synthetic market must be in [1, {}] up to {}, found {}",
                    sessions.size(), to_string(config.end), config.num_sessions));
  }
  std::vector<Timestamp> times;
  for (auto date = sessions.end() - static_cast<std::ptrdiff_t>(config.num_sessions);
       date != sessions.end(); ++date) {
    times.push_back(midnight(*date));
  }
  return times;
}

}  // namespace

Bars make_synthetic(const SyntheticConfig& config) {
  TW_ZONE("make_synthetic");
  if (config.num_symbols < 1 || config.num_symbols > kMaxSyntheticSymbols) {
    throw Error(Code::kInvalidArgument,
                fmt::format("symbols of the synthetic market must be in [1, {}], found {}",
                            kMaxSyntheticSymbols, config.num_symbols));
  }
  Bars bars;
  bars.adjustment = Adjustment::kRaw;
  bars.times = session_times(config);
  const std::size_t width = std::max<std::size_t>(4, fmt::formatted_size("{}", config.num_symbols));
  std::array<Panel*, kNumFields> panels;
  for (std::size_t field = 0; field < kNumFields; ++field) {
    panels[field] =
        &bars.fields.emplace(kFields[field], Panel(config.num_sessions, config.num_symbols))
             .first->second;
  }
  for (std::size_t i = 0; i < config.num_symbols; ++i) {
    bars.symbols.push_back(fmt::format("S{:0{}}", i + 1, width));
  }
  const SyntheticFactors factors = make_factors(config.seed, config.num_sessions);
  parallel_for((config.num_symbols + kLanes - 1) / kLanes, 1,
               [&](std::size_t first, std::size_t last) {
                 for (std::size_t block = first; block < last; ++block) {
                   make_lanes(config, factors, block * kLanes, panels);
                 }
               });
  return bars;
}

}  // namespace tickwerk::market
