#include "cli/factors.h"
#include "cli/job_command.h"
#include "cli/panel_flags.h"
#include "cli/run_flags.h"
#include "tickwerk/job/factor_analysis.h"

namespace tickwerk::cli {
namespace {

FlagGroup analysis_flags() {
  FlagGroup group{.title = "Analysis", .flags = {}};
  group.flags.push_back({.key = "decay",
                         .placeholder = "BARS",
                         .text = "further horizons, for how fast it fades",
                         .default_value = "1,5,10,20,60"});
  group.flags.push_back({.key = "label",
                         .kind = Kind::kChoice,
                         .text = "what coefficients are taken against: simple or log returns from "
                                 "close to close (ranks are the same)",
                         .choices = {"simple", "log"},
                         .default_value = "simple"});
  group.flags.push_back({.key = "quantiles",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "portfolios that the symbols of a day are cut into",
                         .range = {.low = 2, .high = 255},
                         .default_value = "5"});
  group.flags.push_back({.key = "min_symbols",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "symbols with a value that a day needs for portfolios",
                         .range = {.low = 2, .high = 1e6},
                         .default_value = "10"});
  group.flags.push_back({.key = "ties",
                         .kind = Kind::kChoice,
                         .text = "symbols of equal value share a portfolio, or are parted by the "
                                 "order of symbols",
                         .choices = {"share", "symbol"},
                         .default_value = "share"});
  group.flags.push_back({.key = "no_correlation",
                         .kind = Kind::kSwitch,
                         .text = "leaves out the correlations between factors"});
  group.flags.push_back(
      {.key = "regime", .placeholder = "FILE", .text = "one word a day: coefficients by regime"});
  group.flags.push_back({.key = "regime_column",
                         .placeholder = "NAME",
                         .text = "of the regime file, where it has several"});
  return group;
}

job::FactorAnalysisConfig config_of(const Settings& settings) {
  PanelSelection panel = read_panel_selection(settings);
  job::FactorAnalysisConfig config;
  config.run = bars_config(settings);
  config.selection = std::move(panel.selection);
  config.params = std::move(panel.params);
  config.run.trials = job::TrialRecord::kKeep;
  config.decay = horizons_of(settings, "decay");
  config.label = settings.text("label") == "log" ? job::LabelKind::kLog : job::LabelKind::kSimple;
  factor::QuantileConfig& quantiles = config.analysis.quantiles;
  quantiles.num_quantiles = static_cast<std::size_t>(settings.whole("quantiles"));
  quantiles.min_symbols = static_cast<std::size_t>(settings.whole("min_symbols"));
  quantiles.ties =
      settings.text("ties") == "symbol" ? factor::Ties::kBySymbol : factor::Ties::kShareBucket;
  config.analysis.correlation = settings.on("no_correlation") ? factor::FactorCorrelation::kSkip
                                                              : factor::FactorCorrelation::kCompute;
  config.regime = settings.text("regime");
  config.regime_column = settings.text("regime_column");
  return config;
}

int run(const Invocation& invocation) {
  job::FactorAnalysisConfig config = config_of(invocation.settings);
  prepare(invocation, config.run);
  show_result(invocation, config.run, job::analyze_factors(config));
  return 0;
}

}  // namespace

Command factors_analyze_command() {
  return {.name = "factors analyze",
          .summary = "what factors foretell, and how surely",
          .details =
              "Daily coefficients of factors and later returns with an honest t, their decay, "
              "quantile portfolios from the next open, turnover, correlations; CSV, Markdown and "
              "one HTML page in the output folder. Every factor and horizon is put on record as a "
              "trial, and the deflated Sharpe ratios count all that is there.",
          .groups = {panel_flags(Horizons::kOne), analysis_flags(), bars_flags(), source_flags(),
                     store_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
