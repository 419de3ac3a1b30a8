#include "random_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/kernel/normal.h"

namespace tickwerk::bench {
namespace {

constexpr double kNight = 0.005;
constexpr double kDay = 0.019;
constexpr double kDrift = 0.0002;
constexpr double kReach = 0.004;  // of high and low beyond open and close

}  // namespace

market::Bars make_random_walk(const RandomWalk& walk, Fields fields) {
  const std::size_t rows = walk.num_sessions;
  const std::size_t symbols = walk.num_symbols;
  market::Bars bars;
  bars.adjustment = market::Adjustment::kRaw;
  for (std::size_t t = 0; t < rows; ++t) {
    const Date first = make_date(2015, 1, 1);
    bars.times.push_back(midnight(Date{first.days + static_cast<std::int32_t>(t)}));
  }
  for (std::size_t i = 0; i < symbols; ++i) bars.symbols.push_back(fmt::format("S{:05}", i));

  Panel open(rows, symbols, kNaN), high(rows, symbols, kNaN), low(rows, symbols, kNaN);
  Panel close(rows, symbols, kNaN), volume(rows, symbols, kNaN);
  std::vector<double> last(symbols, 100.0), night(symbols), day(symbols);
  for (std::size_t t = 0; t < rows; ++t) {
    kernel::fill_normal({walk.seed, 2 * t}, 0, night);
    kernel::fill_normal({walk.seed, 2 * t + 1}, 0, day);
    for (std::size_t i = 0; i < symbols; ++i) {
      const double o = last[i] * kernel::exp(kNight * night[i]);
      const double c = o * kernel::exp(kDay * day[i] + kDrift);
      open(t, i) = o;
      high(t, i) = std::max(o, c) * (1 + kReach);
      low(t, i) = std::min(o, c) * (1 - kReach);
      close(t, i) = last[i] = c;
      volume(t, i) = 1e6;
    }
  }
  bars.fields.emplace("close", std::move(close));
  if (fields == Fields::kClose) return bars;
  bars.fields.emplace("open", std::move(open));
  bars.fields.emplace("high", std::move(high));
  bars.fields.emplace("low", std::move(low));
  bars.fields.emplace("volume", std::move(volume));
  return bars;
}

}  // namespace tickwerk::bench
