// Writes the factor report of a set of the catalogue over the synthetic market to the folder it is
// given, with one factor that cannot be judged; the pages tests open its page in a browser.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tickwerk/factor/analysis.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/report/factor_report.h"

namespace {

using namespace tickwerk;

constexpr int kHorizons[] = {20, 1, 5, 10, 60};
constexpr std::size_t kNumRegimes = 3;

/// Seasons, which say nothing about a made-up market.
factor::RegimeOfRow seasons(const std::vector<Timestamp>& times) {
  factor::RegimeOfRow regimes;
  for (const Timestamp time : times) {
    regimes.push_back((year_month_day(date_of(time)).month - 1) / 4);
  }
  return regimes;
}

void write(const std::filesystem::path& folder, const std::string& catalogue) {
  const market::Bars bars = market::make_synthetic({.num_symbols = 150});
  const factor::SelectedExpressions chosen =
      factor::select({.catalogue = catalogue,
                      .lines = "constant = close * 0 + 1",
                      .horizons = {std::begin(kHorizons), std::end(kHorizons)}});
  std::vector<std::string> names = chosen.names;
  names.insert(names.end(), chosen.labels.begin(), chosen.labels.end());
  const factor::Evaluation evaluated =
      factor::evaluate({.bars = bars}, chosen.module, {.params = {}, .names = names, .run = {}});
  std::map<std::string, PanelView> values;
  std::vector<factor::NamedFactor> factors;
  std::vector<std::string> expressions;
  std::vector<std::string> descriptions;
  for (std::size_t i = 0; i < evaluated.definitions.size(); ++i) {
    const expr::Definition& definition = evaluated.definitions[i];
    values[definition.name] = evaluated.values[i].view();
    if (definition.role == expr::Role::kLabel) continue;
    factors.push_back({definition.name, evaluated.values[i].view()});
    expressions.push_back(definition.text);
    descriptions.push_back(definition.description);
  }
  std::vector<factor::HorizonLabels> horizons;
  for (const int horizon : kHorizons) {
    const PanelView simple = values.at(factor::return_label(horizon));
    horizons.push_back({.horizon = static_cast<std::size_t>(horizon),
                        .label = simple,
                        .trade = values.at(factor::trade_label(horizon)),
                        .close_return = simple});
  }
  factor::AnalysisConfig config;
  config.portfolio.num_trials = 100;
  const factor::Analysis analysis =
      factor::analyze(config, {.factors = factors,
                               .horizons = horizons,
                               .daily = {.from_open = values.at(factor::trade_label(1)),
                                         .from_close = values.at(factor::return_label(1))},
                               .regime = seasons(bars.times),
                               .num_regimes = kNumRegimes});
  report::FactorReport report{.analysis = analysis, .times = bars.times};
  report.set = "sample";
  report.expressions = expressions;
  report.descriptions = descriptions;
  report.num_symbols = bars.num_symbols();
  report.config = config;
  report.num_trials = config.portfolio.num_trials;
  report.regimes = {"winter", "spring & <summer>", "autumn"};
  report.data_source = "synthetic market of 150 symbols, seed 42";
  report.data_fingerprint = "none";
  report.program = "sample";
  report.notes = evaluated.warnings;
  report.settings = {{"factors", catalogue}, {"horizons", "20, 1, 5, 10, 60"}};
  report::write_factor_report(report, folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) return 2;
  try {
    write(argv[1], argc == 3 ? argv[2] : "core+vol_liquidity");
  } catch (const std::exception&) {
    return 1;
  }
  return 0;
}
