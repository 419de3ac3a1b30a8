#include "tickwerk/job/factor_analysis.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tickwerk/base/hash.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/version.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/portfolio_figures.h"
#include "tickwerk/job/settings.h"
#include "tickwerk/job/trials.h"
#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/market/day_labels.h"
#include "tickwerk/report/factor_report.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

/// What the steps hand on.
struct Work {
  std::vector<int> horizons;  // the first is the one the files are about
  market::LoadedBars loaded;
  factor::LoadedSources sources;
  market::DayLabels regimes;
  factor::Evaluation evaluation;
  std::vector<Panel> log_labels;  // of each horizon; empty for simple ones
  factor::Analysis analysis;
  std::vector<std::string> warnings;
};

/// The one the files are about, then the others, ascending.
std::vector<int> horizons_of(const FactorAnalysisConfig& config) {
  if (config.selection.horizons.size() != 1) {
    throw Error(Code::kInvalidArgument,
                fmt::format("an analysis must be about one horizon, found {}",
                            config.selection.horizons.size()));
  }
  const int main = config.selection.horizons.front();
  const std::set<int> others(config.decay.begin(), config.decay.end());
  std::vector<int> horizons = {main};
  for (const int horizon : others) {
    if (horizon != main) horizons.push_back(horizon);
  }
  return horizons;
}

/// Days without a regime count in none: few of them are to be expected, many are not.
void say_cover(const FactorAnalysisConfig& config, Work& work) {
  const std::vector<std::int32_t>& of_row = work.regimes.of_row;
  const auto num_without =
      static_cast<std::size_t>(std::count(of_row.begin(), of_row.end(), std::int32_t{-1}));
  if (num_without == 0) return;
  const std::string text = fmt::format(
      "{} has a regime for {} of {} days: coefficients by regime do not know the others",
      config.regime.filename().string(), of_row.size() - num_without, of_row.size());
  (10 * num_without > of_row.size() ? work.warnings : work.sources.notes).push_back(text);
}

void load(const FactorAnalysisConfig& config, Work& work) {
  TW_STEP("load_data");
  work.loaded = market::load(config.run.load);
  const market::Bars& bars = work.loaded.bars;
  work.sources = factor::load_sources(config.run.sources, bars);
  work.warnings = work.sources.warnings;
  if (!config.regime.empty()) {
    const std::span<const Timestamp> times(bars.times);
    work.regimes = market::load_day_labels(config.regime, config.regime_column,
                                           times.subspan(work.loaded.first_row));
    say_cover(config, work);
  }
}

/// Who is no member on a day has no value: an analysis compares members.
void clear_strangers(const market::Bars& bars, Panel& values) {
  if (!bars.has("in_universe") || values.num_symbols() != bars.num_symbols()) return;
  const Panel& member = bars.field("in_universe");
  for (std::size_t t = 0; t < values.num_rows(); ++t) {
    for (std::size_t s = 0; s < values.num_symbols(); ++s) {
      if (member(t, s) != 1) values(t, s) = kNaN;
    }
  }
}

void build_factors(const FactorAnalysisConfig& config, Work& work) {
  TW_STEP("build_factors");
  factor::Selection selection = config.selection;
  selection.horizons = work.horizons;
  // Staggered portfolios roll by the returns of one bar.
  if (std::find(selection.horizons.begin(), selection.horizons.end(), 1) ==
      selection.horizons.end()) {
    selection.horizons.push_back(1);
  }
  const factor::SelectedExpressions chosen = factor::select(selection);
  std::vector<std::string> names = chosen.names;
  names.insert(names.end(), chosen.labels.begin(), chosen.labels.end());
  const market::Bars& bars = work.loaded.bars;
  work.evaluation = factor::evaluate(
      work.sources.with(bars), chosen.module,
      {.params = config.params, .names = names, .run = {}, .store = store_of(config.run)});
  for (const std::string& warning : work.evaluation.warnings) work.warnings.push_back(warning);
  for (std::size_t i = 0; i < chosen.names.size(); ++i) {
    clear_strangers(bars, work.evaluation.values[i]);
  }
}

PanelView panel_named(const Work& work, const std::string& name) {
  for (std::size_t i = 0; i < work.evaluation.definitions.size(); ++i) {
    if (work.evaluation.definitions[i].name != name) continue;
    const PanelView all = work.evaluation.values[i].view();
    return all.rows(work.loaded.first_row, all.num_rows);
  }
  throw Error(Code::kInternal, fmt::format("a label must be evaluated, found no {}", name));
}

Panel logarithms_of(PanelView simple) {
  Panel logs(simple.num_rows, simple.num_symbols);
  parallel_for(simple.num_rows, 64, [&](std::size_t first, std::size_t last) {
    for (std::size_t t = first; t < last; ++t) {
      for (std::size_t s = 0; s < simple.num_symbols; ++s) {
        logs(t, s) = kernel::log(1 + simple(t, s));
      }
    }
  });
  return logs;
}

/// Whether it is one of the labels that the analysis itself asks for.
bool is_of_horizon(const Work& work, const std::string& label) {
  const auto is_label_of = [&](int horizon) {
    return label == factor::return_label(horizon) || label == factor::trade_label(horizon);
  };
  return is_label_of(1) || std::any_of(work.horizons.begin(), work.horizons.end(), is_label_of);
}

/// The factors of an analysis: what is no label and has a value for each symbol.
std::vector<factor::NamedFactor> factors_of(Work& work) {
  std::vector<factor::NamedFactor> factors;
  std::vector<std::string> labels, left_out;
  for (const expr::Definition& definition : work.evaluation.definitions) {
    if (definition.role == expr::Role::kLabel) {
      if (!is_of_horizon(work, definition.name)) labels.push_back(definition.name);
      continue;
    }
    const PanelView values = panel_named(work, definition.name);
    if (values.num_symbols != work.loaded.bars.num_symbols()) {
      const bool is_constant =
          work.evaluation.graph[definition.node].shape == expr::Shape::kConstant;
      left_out.push_back(fmt::format("{} {}", definition.name,
                                     is_constant ? "is a constant" : "has one value a day"));
      work.warnings.push_back(
          fmt::format("{} and orders no symbols: it is left out", left_out.back()));
      continue;
    }
    factors.push_back({definition.name, values});
  }
  if (!labels.empty()) {
    work.warnings.push_back(
        fmt::format("labels are left out, factors are held against returns of the horizons: {}",
                    fmt::join(labels, ", ")));
  }
  if (factors.empty()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("an analysis must have a factor with a value for each symbol, found "
                            "{}",
                            left_out.empty() ? "none but labels"
                                             : fmt::format("{}", fmt::join(left_out, ", "))));
  }
  return factors;
}

void analyze(const FactorAnalysisConfig& config, Work& work) {
  TW_STEP("analyze_factors");
  const std::vector<factor::NamedFactor> factors = factors_of(work);
  std::vector<factor::HorizonLabels> horizons;
  work.log_labels.reserve(work.horizons.size());
  for (const int horizon : work.horizons) {
    const PanelView simple = panel_named(work, factor::return_label(horizon));
    PanelView label = simple;
    if (config.label == LabelKind::kLog) {
      work.log_labels.push_back(logarithms_of(simple));
      label = work.log_labels.back().view();
    }
    horizons.push_back({.horizon = static_cast<std::size_t>(horizon),
                        .label = label,
                        .trade = panel_named(work, factor::trade_label(horizon)),
                        .close_return = simple});
  }
  factor::AnalysisConfig analysis = config.analysis;
  const std::size_t num_needed =
      std::max(analysis.quantiles.min_symbols, analysis.quantiles.num_quantiles);
  if (work.loaded.bars.num_symbols() < num_needed) {
    work.warnings.push_back(
        fmt::format("portfolios must have {} symbols on a day to choose from, found {}: there are "
                    "none (--quantiles, --min-symbols)",
                    num_needed, work.loaded.bars.num_symbols()));
  }
  analysis.portfolio.periods_per_year = periods_per_year(work.loaded.bars.frequency);
  work.analysis = factor::analyze(
      analysis, {.factors = factors,
                 .horizons = horizons,
                 .daily = {.from_open = panel_named(work, factor::trade_label(1)),
                           .from_close = panel_named(work, factor::return_label(1))},
                 .regime = work.regimes.of_row,
                 .num_regimes = work.regimes.names.size()});
}

/// What every trial of this analysis has in common, and what makes a factor one of its own. What
/// coefficients are taken against changes no portfolio, and so no trial.
std::string trial_settings(const FactorAnalysisConfig& config,
                           const Work& work,
                           const expr::Definition& definition) {
  Hasher hasher;
  hasher.update("factor analysis");
  hasher.update(expr::to_string(work.evaluation.graph, definition.node));
  const factor::QuantileConfig& quantiles = config.analysis.quantiles;
  hasher.update(fmt::format("{} {} {}", quantiles.num_quantiles, quantiles.min_symbols,
                            static_cast<int>(quantiles.ties)));
  // The expression has its parameters written out; this one is of the returns.
  if (const auto haircut = config.params.find("delist_haircut"); haircut != config.params.end()) {
    hasher.update(fmt::format("{}={}", haircut->first, haircut->second));
  }
  if (!config.run.sources.groups.empty()) {
    hasher.update(io::MappedFile(config.run.sources.groups).bytes());
  }
  for (const market::EventFile& events : config.run.sources.events) {
    hasher.update(events.name);
    hasher.update(io::MappedFile(events.path).bytes());
  }
  const Timestamp first = work.loaded.bars.times[work.loaded.first_row];
  hasher.update(&first, sizeof first);
  return hasher.hex().substr(0, 16);
}

/// Puts every factor and horizon on record and says what is there now.
TrialStatistics record(const FactorAnalysisConfig& config, const Work& work) {
  if (config.run.trials == TrialRecord::kOff) return {};
  TrialBook book(config.run.output, work.loaded.fingerprint);
  for (const factor::FactorAnalysis& of : work.analysis.factors) {
    const auto definition =
        std::find_if(work.evaluation.definitions.begin(), work.evaluation.definitions.end(),
                     [&](const expr::Definition& some) { return some.name == of.name; });
    const std::string settings = trial_settings(config, work, *definition);
    for (const factor::HorizonAnalysis& at : of.horizons) {
      book.add(
          {settings, fmt::format("horizon={}", at.horizon)},
          {.strategy = fmt::format("factor {}", of.name),
           .figures = measure_portfolio(at.next_open.long_short, at.next_open.long_short_summary)});
    }
  }
  book.save();
  return book.statistics();
}

/// Deflated ratios need to know all trials, these included.
void deflate(const TrialStatistics& trials, factor::PortfolioConfig config, Work& work) {
  config.num_trials = std::max<std::size_t>(trials.num_trials, 1);
  config.trial_variance = trials.variance;
  config.periods_per_year = periods_per_year(work.loaded.bars.frequency);
  for (factor::FactorAnalysis& of : work.analysis.factors) {
    for (factor::HorizonAnalysis& at : of.horizons) {
      for (factor::PortfolioAnalysis* entry : {&at.next_open, &at.at_close}) {
        entry->bottom_summary = factor::summarize_portfolio(entry->bottom, config);
        entry->top_summary = factor::summarize_portfolio(entry->top, config);
        entry->long_short_summary = factor::summarize_portfolio(entry->long_short, config);
      }
    }
  }
}

/// `core_vol_liquidity`: the part of file names that says which factors.
std::string set_name(const factor::Selection& selection) {
  std::string name = selection.catalogue;
  const auto add = [&name](const std::string& part) {
    name = name.empty() ? part : fmt::format("{}+{}", name, part);
  };
  if (!selection.file.empty()) add(selection.file.stem().string());
  if (!selection.lines.empty()) add("custom");
  for (char& letter : name) {
    const bool kept = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
    if (!kept) letter = '_';
  }
  constexpr std::size_t kLongest = 80;
  if (name.size() <= kLongest) return name;
  Hasher hasher;
  hasher.update(name);
  return fmt::format("{}_{}", name.substr(0, kLongest), hasher.hex().substr(0, 8));
}

std::vector<std::pair<std::string, std::string>> settings_of(const FactorAnalysisConfig& config,
                                                             const Work& work) {
  std::vector<std::pair<std::string, std::string>> settings = {
      {"catalogue_fingerprint", factor::catalogue_fingerprint()},
      {"factors", config.selection.catalogue},
      {"horizons", fmt::format("{}", fmt::join(work.horizons, ", "))},
      {"label", config.label == LabelKind::kLog ? "log" : "simple"},
      {"min_symbols", std::to_string(config.analysis.quantiles.min_symbols)},
      {"quantiles", std::to_string(config.analysis.quantiles.num_quantiles)},
      {"ties", config.analysis.quantiles.ties == factor::Ties::kBySymbol ? "symbol" : "share"}};
  if (!config.selection.file.empty()) {
    settings.emplace_back("file", config.selection.file.filename().string());
  }
  if (!config.regime.empty()) {
    settings.emplace_back("regime", config.regime.filename().string());
  }
  for (const auto& [name, value] : config.params) {
    settings.emplace_back(fmt::format("param.{}", name), fmt::format("{}", value));
  }
  std::sort(settings.begin(), settings.end());
  return settings;
}

report::FactorReport report_of(const FactorAnalysisConfig& config,
                               const Work& work,
                               const TrialStatistics& trials) {
  const market::Bars& bars = work.loaded.bars;
  report::FactorReport report{.analysis = work.analysis,
                              .times = std::span(bars.times).subspan(work.loaded.first_row)};
  report.set = set_name(config.selection);
  report.frequency = bars.frequency;
  report.num_symbols = bars.num_symbols();
  report.config = config.analysis;
  report.num_trials = trials.num_trials;
  report.regimes = work.regimes.names;
  report.data_source = config.run.load.prices.filename().string();
  report.data_fingerprint = work.loaded.fingerprint;
  report.program = fmt::format("tickwerk {}", kVersion);
  for (const factor::FactorAnalysis& of : work.analysis.factors) {
    for (const expr::Definition& definition : work.evaluation.definitions) {
      if (definition.name != of.name) continue;
      report.expressions.push_back(definition.text);
      report.descriptions.push_back(definition.description);
    }
  }
  report.notes = work.warnings;
  report.notes.insert(report.notes.end(), work.loaded.notes.begin(), work.loaded.notes.end());
  report.notes.insert(report.notes.end(), work.sources.notes.begin(), work.sources.notes.end());
  report.settings = settings_of(config, work);
  return report;
}

}  // namespace

JobResult analyze_factors(const FactorAnalysisConfig& config) {
  Work work;
  work.horizons = horizons_of(config);
  load(config, work);
  build_factors(config, work);
  analyze(config, work);

  TW_STEP("generate_reports");
  const TrialStatistics trials = record(config, work);
  deflate(trials, config.analysis.portfolio, work);
  const report::FactorReport report = report_of(config, work, trials);
  JobResult job;
  job.files = report::write_factor_report(report, config.run.output);
  job.notes = work.loaded.notes;
  job.notes.insert(job.notes.end(), work.sources.notes.begin(), work.sources.notes.end());
  job.warnings = work.warnings;
  job.summary = report::factor_summary(report);
  job.summary_json = report::factor_summary_json(report);
  job.data_fingerprint = work.loaded.fingerprint;
  job.config = report.settings;
  say_store(work.evaluation.store, job);
  return job;
}

}  // namespace tickwerk::job
