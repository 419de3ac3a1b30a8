#include "tickwerk/strategy/ema_strategy.h"

#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "tickwerk/base/nearest.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/ema.h"
#include "tickwerk/kernel/rolling.h"
#include "tickwerk/kernel/technical.h"
#include "tickwerk/market/own_bars.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::strategy {
namespace {

constexpr std::size_t kSymbolsPerTask = 512;  // whole cache lines of a direction row
constexpr int kVolumeWindow = 20;
constexpr double kMaxWindow = 100'000;

int window_param(const StrategySpec& spec, std::string_view name) {
  const auto found = spec.params.find(name);
  const double value = found != spec.params.end() ? found->second : kNaN;
  if (!(value >= 1 && value <= kMaxWindow && value == std::floor(value))) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("parameter {} must be a whole number in [1, {}], found {} in strategy {}", name,
                    kMaxWindow, value, spec.name));
  }
  return static_cast<int>(value);
}

/// The specification, if its parameters are those of these strategies.
StrategySpec with_known_params(StrategySpec spec) {
  const std::vector<std::string> names = {"fast", "slow"};
  for (const auto& [name, value] : spec.params) {
    if (name == "fast" || name == "slow") continue;
    throw Error(Code::kInvalidArgument,
                fmt::format("strategy {} has the parameters {}, found '{}'{}", spec.name,
                            fmt::join(names, ", "), name, nearest_hint(name, names)));
  }
  return spec;
}

bool needs_score(const StrategySpec& spec) {
  return spec.top_n > 0 || spec.weights == Weighting::kScore || spec.weights == Weighting::kRank;
}

/// Calls body(first, last) for blocks of columns.
template <class Body>
void for_columns(std::size_t num_symbols, Body body) {
  parallel_for(num_symbols, kSymbolsPerTask, body);
}

template <class View>
View columns(View panel, std::size_t first, std::size_t last) {
  return {panel.data + first, panel.num_rows, last - first, panel.stride};
}

Panel volatility(const market::Bars& bars, int window) {
  return market::map_own_bars(
      bars, {"close"},
      [window](std::span<const std::vector<double>> fields, std::span<double> out) {
        if (out.empty()) return;
        std::vector<double> returns(out.size());
        kernel::log_return(fields[0], returns);
        kernel::rolling_deviation(std::span(returns).subspan(1), window, out.subspan(1));
      });
}

Panel volume_ratio(const market::Bars& bars) {
  return market::map_own_bars(
      bars, {"volume"}, [](std::span<const std::vector<double>> fields, std::span<double> out) {
        const std::vector<double>& volume = fields[0];
        kernel::rolling_mean(volume, kVolumeWindow, kVolumeWindow, out);
        for (std::size_t t = 0; t < out.size(); ++t) out[t] = volume[t] / out[t];
      });
}

}  // namespace

EmaStrategy::EmaStrategy(StrategySpec spec)
    : Strategy(with_known_params(std::move(spec))),
      fast_(window_param(this->spec(), "fast")),
      slow_(window_param(this->spec(), "slow")) {}

Factors EmaStrategy::build_factors(const market::Bars& bars) const {
  TW_ZONE("EmaStrategy::build_factors");
  const PanelView close = bars.close().view();
  Factors factors;
  factors.condition = DirectionPanel(close.num_rows, close.num_symbols, kKeep);
  const auto condition = factors.condition.span();
  for_columns(close.num_symbols, [&](std::size_t first, std::size_t last) {
    kernel::ema_above(columns(close, first, last), fast_, slow_, columns(condition, first, last));
  });
  if (needs_score(spec())) {
    factors.score = Panel(close.num_rows, close.num_symbols, kNaN);
    const PanelSpan score = factors.score.span();
    for_columns(close.num_symbols, [&](std::size_t first, std::size_t last) {
      kernel::ema_ratio(columns(close, first, last), fast_, slow_, columns(score, first, last));
    });
  }
  if (spec().weights == Weighting::kInverseVol) {
    factors.volatility = volatility(bars, spec().inverse_vol_window);
  }
  if (spec().min_volume_ratio > 0) factors.volume_ratio = volume_ratio(bars);
  return factors;
}

std::span<const StrategySpec> ema_strategies() {
  static const std::array<StrategySpec, 2> kSpecs = [] {
    StrategySpec baseline;
    baseline.name = "trend_baseline";
    baseline.long_text = "ema(close, fast) > ema(close, slow)";
    baseline.score_text = "ema(close, fast) / ema(close, slow) - 1";
    baseline.params = {{"fast", 20}, {"slow", 60}};
    StrategySpec trend = baseline;
    trend.name = "ema_trend";
    trend.params = {{"fast", 20}, {"slow", 50}};
    trend.weights = Weighting::kScore;
    trend.top_n = 20;
    return std::array{trend, baseline};
  }();
  return kSpecs;
}

}  // namespace tickwerk::strategy
