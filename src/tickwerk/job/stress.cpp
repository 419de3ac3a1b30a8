#include "tickwerk/job/stress.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "tickwerk/base/parallel.h"
#include "tickwerk/io/number.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

using backtest::BacktestConfig;
using backtest::CostModel;
using backtest::FillRule;

constexpr std::array kCostMultiples = {0.0, 1.0, 2.0, 3.0};
constexpr std::array kDelays = {1, 2, 3};      // bars
constexpr double kDefaultParticipation = 0.1;  // of adv_20, where the run sets no cap
constexpr double kMostCapital = 1e18;          // cash
constexpr double kCapacityShare = 0.5;         // of the growth at the start capital
constexpr int kStepsADecade = 16;
constexpr int kCapitalDigits = 3;

class StressRuns {
 public:
  StressRuns(const RunConfig& config, const History& history)
      : history_(history), config_(config.backtest), rf_(config.rf) {
    config_.fills = config_.orders = backtest::Listing::kCount;
  }

  TrialFigures run(const BacktestConfig& config, const strategy::Signals& signals) const {
    const market::LoadedBars& loaded = history_.loaded;
    const backtest::BacktestResult result =
        backtest::run(loaded.bars, signals, history_.spec, config, loaded.first_row);
    return measure({.equity = result.equity,
                    .start_capital = config.start_capital,
                    .frequency = loaded.bars.frequency,
                    .rf = rf_,
                    .num_orders = result.num_orders,
                    .num_fills = result.num_fills});
  }

  StressRow at_costs(double multiple) const {
    BacktestConfig config = config_;
    config.costs.commission.value *= multiple;
    config.costs.spread.value *= multiple;
    config.costs.impact.value *= multiple;
    config.impact_coef *= multiple;
    config.impact_cap.value *= multiple;
    return {StressOf::kCosts, multiple, run(config, history_.signals)};
  }

  StressRow at_delay(int bars) const {
    const market::Bars& all = history_.loaded.bars;
    BacktestConfig config = config_;
    const bool at_open = all.has("open");
    config.fill = at_open ? FillRule::kNextOpen : FillRule::kSameClose;
    const int age = at_open ? bars - 1 : bars;
    return {StressOf::kDelay, static_cast<double>(bars),
            age == 0 ? run(config, history_.signals)
                     : run(config, delayed(history_.signals, all.close(), age))};
  }

  StressRow at_capital(double capital) const {
    BacktestConfig config = config_;
    config.start_capital = capital;
    config.cost_model = CostModel::kSqrt;
    if (config.participation_cap == 0) config.participation_cap = kDefaultParticipation;
    return {StressOf::kCapital, capital, run(config, history_.signals)};
  }

  bool has_costs() const {
    const bool has_impact = config_.cost_model == CostModel::kSqrt && config_.impact_coef > 0;
    const double fixed = config_.costs.commission.value + config_.costs.spread.value;
    return has_impact || fixed > 0 ||
           (config_.cost_model == CostModel::kLinear && config_.costs.impact.value > 0);
  }
  double start_capital() const { return config_.start_capital; }
  bool has_volume() const { return history_.loaded.bars.has("volume"); }

 private:
  const History& history_;
  BacktestConfig config_;
  double rf_;
};

double rounded(double value) {
  std::string text;
  io::append_rounded(text, value, kCapitalDigits);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void judge_costs(const StressRuns& runs, StressResult& result) {
  std::string& sentence = result.sentences.emplace_back();
  if (!runs.has_costs()) {
    sentence = "costs: there are none to multiply";
    return;
  }
  const auto growth_at = [&](std::size_t k) { return growth(result.rows[k].figures); };
  if (!(growth_at(0) > 0)) {
    sentence = "costs: no growth even without them";
    return;
  }
  for (std::size_t k = 1; k < kCostMultiples.size(); ++k) {
    const double before = growth_at(k - 1), here = growth_at(k);
    if (here > 0) continue;
    result.cost_break = kCostMultiples[k - 1] +
                        (kCostMultiples[k] - kCostMultiples[k - 1]) * before / (before - here);
    sentence = fmt::format("costs: breaks at costs x {:.1f} (interpolated), where growth is 0",
                           *result.cost_break);
    return;
  }
  sentence = fmt::format("costs: still grows at costs x {}", kCostMultiples.back());
}

void judge_delays(StressResult& result) {
  for (const StressRow& row : result.rows) {
    if (row.what != StressOf::kDelay || growth(row.figures) > 0) continue;
    result.delay_break = static_cast<int>(row.value);
    result.sentences.push_back(fmt::format("delay: breaks when filled {} after the decision",
                                           report::counted(*result.delay_break, "bar")));
    return;
  }
  result.sentences.push_back(fmt::format("delay: still grows when filled {} after the decision",
                                         report::counted(kDelays.back(), "bar")));
}

void find_capacity(const StressRuns& runs, StressResult& result) {
  if (!runs.has_volume()) {
    result.sentences.push_back("capital: not tested, the bars have no volume");
    return;
  }
  std::vector<StressRow> rows{runs.at_capital(runs.start_capital())};
  const double least = kCapacityShare * growth(rows.front().figures);
  const auto add_rows = [&](std::string sentence) {
    std::ranges::stable_sort(rows, {}, &StressRow::value);
    result.rows.insert(result.rows.end(), rows.begin(), rows.end());
    result.sentences.push_back(std::move(sentence));
  };
  if (!(least > 0)) {
    add_rows("capital: no growth at the start capital, so none to carry");
    return;
  }
  const auto carries = [&](const StressRow& row) { return growth(row.figures) >= least; };
  double good = runs.start_capital();
  while (carries(rows.back()) && good * 10 <= kMostCapital) {
    good = rows.back().value;
    rows.push_back(runs.at_capital(good * 10));
  }
  if (carries(rows.back())) {
    add_rows(fmt::format("capital: {} carried without losing half of the growth",
                         report::with_decimals(rows.back().value, 0)));
    return;
  }
  int low = 0, high = kStepsADecade;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    const double capital = rounded(good * std::pow(10.0, double(middle) / kStepsADecade));
    rows.push_back(runs.at_capital(capital));
    (carries(rows.back()) ? low : high) = middle;
  }
  result.capacity = rounded(good * std::pow(10.0, double(low) / kStepsADecade));
  add_rows(
      fmt::format("capital: capacity about {}, beyond it growth is below half of that at the "
                  "start capital",
                  report::with_decimals(result.capacity, 0)));
}

}  // namespace

std::string_view to_string(StressOf what) noexcept {
  constexpr std::array<std::string_view, 3> kNames = {"costs", "delay", "capital"};
  return kNames[static_cast<std::size_t>(what)];
}

double growth(const TrialFigures& figures) {
  const double cagr = figures.metric("cagr");
  return std::isnan(cagr) ? figures.metric("total_return") : cagr;
}

strategy::Signals delayed(const strategy::Signals& signals, const Panel& close, int rows) {
  const strategy::DirectionPanel& from = signals.direction;
  const std::size_t num_rows = from.num_rows(), num_symbols = from.num_symbols();
  const auto age = std::min(static_cast<std::size_t>(rows), num_rows);
  strategy::Signals late;
  late.direction = strategy::DirectionPanel(num_rows, num_symbols);
  late.decides.assign(num_rows, 0);
  if (!signals.strength.empty()) late.strength = Panel(num_rows, num_symbols);
  for (std::size_t t = age; t < num_rows; ++t) {
    late.decides[t] = signals.decides[t - age];
    for (std::size_t i = 0; i < num_symbols; ++i) {
      late.direction(t, i) =
          std::isnan(close(t, i)) ? std::int8_t{strategy::kKeep} : from(t - age, i);
    }
    if (!signals.strength.empty()) {
      std::copy_n(signals.strength.row(t - age), num_symbols, late.strength.row(t));
    }
  }
  return late;
}

StressResult stress(const RunConfig& config, const History& history) {
  TW_ZONE("stress");
  const StressRuns runs(config, history);
  StressResult result;
  result.rows.resize(kCostMultiples.size() + kDelays.size());
  parallel_for(result.rows.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) {
      result.rows[k] = k < kCostMultiples.size()
                           ? runs.at_costs(kCostMultiples[k])
                           : runs.at_delay(kDelays[k - kCostMultiples.size()]);
    }
  });
  judge_costs(runs, result);
  judge_delays(result);
  find_capacity(runs, result);
  return result;
}

}  // namespace tickwerk::job
