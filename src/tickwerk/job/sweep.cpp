#include "tickwerk/job/sweep.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "tickwerk/backtest/equity_run.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/job/history.h"
#include "tickwerk/job/judged_history.h"
#include "tickwerk/job/learned_entries.h"
#include "tickwerk/job/sweep_report.h"
#include "tickwerk/job/sweep_settings.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

using backtest::EquityRun;
using strategy::Strategy;

constexpr std::size_t kChunkBytes = std::size_t{128} << 20;  // of signals
constexpr std::size_t kMostInChunk = 4096;
constexpr std::size_t kLeastToSave = 64;  // trials
constexpr std::size_t kShareToSave = 10;  // of the record: one part in
constexpr std::size_t kMostWarnings = 5;

/// Workspaces of runs, as many as run at once.
class EquityRuns {
 public:
  explicit EquityRuns(const backtest::CloseSteps& steps) : steps_(steps) {}

  template <class Use>
  auto with_one(Use use) {
    std::unique_ptr<EquityRun> run = take();
    struct GiveBack {
      EquityRuns& all;
      std::unique_ptr<EquityRun>& run;
      ~GiveBack() {
        const std::lock_guard lock(all.mutex_);
        all.free_.push_back(std::move(run));
      }
    } give_back{*this, run};
    return use(*run);
  }

 private:
  std::unique_ptr<EquityRun> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<EquityRun>(steps_);
    std::unique_ptr<EquityRun> run = std::move(free_.back());
    free_.pop_back();
    return run;
  }

  const backtest::CloseSteps& steps_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<EquityRun>> free_;
};

/// Combinations of parameters with the same settings.
class Combinations {
 public:
  Combinations(const RunConfig& config, const SweepConfig& sweep, const History& history)
      : sweep_(sweep),
        history_(history),
        config_(config.backtest),
        rf_(config.rf),
        base_(strategy::make_strategy(config.strategy)) {
    config_.fills = config_.orders = backtest::Listing::kCount;
    if (!backtest::equity_alone_suffices(base_.spec, config_)) return;
    steps_.emplace(history.loaded.bars, config_.delist_after, history.loaded.first_row);
    equity_runs_.emplace(*steps_);
  }

  strategy::StrategySpec spec_of(std::size_t combination) const {
    strategy::StrategySpec spec = base_.spec;
    set_params(combination, spec.params);
    return spec;
  }

  std::string params_of(std::size_t combination) const {
    strategy::StrategySpec spec;
    spec.params = base_.spec.params;
    set_params(combination, spec.params);
    return trial_params(spec);
  }

  /// How many combinations' signals fit a chunk.
  std::size_t chunk_size() const {
    const strategy::StrategySpec& spec = base_.spec;
    const bool scales = !spec.meta_model.file.empty();
    const bool weighs = spec.weights != strategy::Weighting::kEqual || spec.top_n > 0 || scales;
    const std::size_t bytes_a_cell = weighs ? 1 + 2 * sizeof(double) : 1;
    const market::Bars& bars = history_.loaded.bars;
    const std::size_t bytes = bars.num_rows() * bars.close().stride() * bytes_a_cell;
    return std::clamp<std::size_t>(kChunkBytes / std::max<std::size_t>(bytes, 1), 1, kMostInChunk);
  }

  void run(std::span<const std::size_t> combinations, SweepResult& result) {
    const factor::Sources sources = history_.sources.with(history_.loaded.bars);
    std::vector<std::size_t> sound(combinations.begin(), combinations.end());
    std::vector<Strategy> variants = variants_of(sound);
    std::vector<strategy::Factors> factors;
    try {
      factors = strategy::build_factors(variants, sources);
    } catch (const Error& error) {
      if (error.code() != Code::kInvalidArgument) throw;
      std::erase_if(sound, [&](std::size_t k) { return is_refused(k, sources, result); });
      variants = variants_of(sound);
      if (!sound.empty()) factors = strategy::build_factors(variants, sources);
    }
    for (const strategy::Factors& of_one : factors) add_warnings(of_one.warnings, result);
    parallel_for(sound.size(), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first; k < last; ++k) {
        result.outcomes[sound[k]] = outcome_of(variants[k].spec, std::move(factors[k]));
      }
    });
  }

 private:
  void set_params(std::size_t combination,
                  std::map<std::string, double, std::less<>>& params) const {
    const std::vector<std::size_t> places = sweep_.grid.places(combination);
    const auto& parameters = sweep_.grid.parameters();
    for (std::size_t k = 0; k < places.size(); ++k) {
      if (is_setting(sweep_, base_.spec, parameters[k])) continue;
      params[parameters[k].name] = parameters[k].values[places[k]];
    }
  }

  std::vector<Strategy> variants_of(std::span<const std::size_t> combinations) const {
    std::vector<Strategy> variants;
    variants.reserve(combinations.size());
    for (const std::size_t k : combinations) variants.push_back({spec_of(k), base_.module});
    return variants;
  }

  bool is_refused(std::size_t combination, const factor::Sources& sources, SweepResult& result) {
    expr::LowerOptions options;
    options.fields = factor::field_table(sources);
    options.params = base_.spec.params;
    set_params(combination, options.params);
    expr::Graph graph;
    try {
      expr::lower_all(base_.module, options, graph);
      return false;
    } catch (const Error& error) {
      if (error.code() != Code::kInvalidArgument) throw;
      result.outcomes[combination].failure = error.what();
      return true;
    }
  }

  SweepOutcome outcome_of(const strategy::StrategySpec& spec, strategy::Factors factors) {
    const market::LoadedBars& loaded = history_.loaded;
    strategy::Signals signals = strategy::build_signals(
        loaded.bars, spec, std::move(factors),
        {.first_row = loaded.first_row, .delist_after = config_.delist_after});
    if (!spec.meta_model.file.empty()) {
      signals = strategy::judge(loaded.bars, signals, history_.probability.view(),
                                confidence_rules(spec, config_, loaded.first_row));
    }
    try {
      if (!equity_runs_) {
        return {measured(backtest::run(loaded.bars, signals, spec, config_, loaded.first_row)), {}};
      }
      return {equity_runs_->with_one(
                  [&](EquityRun& run) { return measured(run.run(signals, spec, config_)); }),
              {}};
    } catch (const Error& error) {
      if (error.code() != Code::kInvalidArgument) throw;
      return {{}, error.what()};
    }
  }

  TrialFigures measured(const auto& result) const {
    return measure({.equity = result.equity,
                    .start_capital = config_.start_capital,
                    .frequency = history_.loaded.bars.frequency,
                    .rf = rf_,
                    .num_orders = result.num_orders,
                    .num_fills = result.num_fills});
  }

  static void add_warnings(const std::vector<std::string>& warnings, SweepResult& result) {
    for (const std::string& warning : warnings) {
      if (result.warnings.size() > kMostWarnings) return;
      if (std::ranges::find(result.warnings, warning) != result.warnings.end()) continue;
      result.warnings.push_back(
          result.warnings.size() < kMostWarnings
              ? warning
              : "other combinations have more such warnings: run one alone to see its");
    }
  }

  const SweepConfig& sweep_;
  const History& history_;
  backtest::BacktestConfig config_;
  double rf_;
  Strategy base_;
  std::optional<backtest::CloseSteps> steps_;
  std::optional<EquityRuns> equity_runs_;
};

/// The trials of a sweep on record, if there is one.
class Recorder {
 public:
  Recorder(const SweepConfig& sweep, TrialBook* book) : book_(book), resume_(sweep.resume) {}

  /// Trials from here on are of this configuration.
  void begin(const RunConfig& config, const History& history) {
    if (book_ == nullptr) return;
    strategy_ = config.strategy.name;
    settings_ = trial_settings(config, history.loaded.bars.times[history.loaded.first_row]);
  }

  const Trial* find(const std::string& params) const {
    if (book_ == nullptr || resume_ == Resume::kCompute) return nullptr;
    return book_->find({settings_, params});
  }

  void add(const std::string& params, const TrialFigures& figures) {
    if (book_ == nullptr) return;
    book_->add({settings_, params}, {strategy_, figures},
               resume_ == Resume::kRecord ? TrialBook::Known::kKeep : TrialBook::Known::kReplace);
    ++num_unsaved_;
  }

  /// The more there is on record the longer a save takes, and the rarer it is.
  void save_now_and_then() {
    if (book_ == nullptr) return;
    if (num_unsaved_ >= std::max(kLeastToSave, book_->size() / kShareToSave)) save();
  }

  void save() {
    if (book_ != nullptr) book_->save();
    num_unsaved_ = 0;
  }

 private:
  TrialBook* book_;
  Resume resume_;
  std::string strategy_;
  std::string settings_;
  std::size_t num_unsaved_ = 0;
};

class Progress {
 public:
  explicit Progress(const SweepConfig& sweep) : sweep_(sweep) {}

  void add(std::size_t num_done) {
    num_done_ += num_done;
    if (sweep_.progress) sweep_.progress(num_done_, sweep_.grid.size());
  }

 private:
  const SweepConfig& sweep_;
  std::size_t num_done_ = 0;
};

/// Combinations that share their settings, in chunks.
void run_group(Combinations& combinations,
               Recorder& recorder,
               std::span<const std::size_t> group,
               Progress& progress,
               SweepResult& result) {
  std::vector<std::size_t> left;
  for (const std::size_t k : group) {
    const Trial* known = recorder.find(combinations.params_of(k));
    if (known == nullptr) {
      left.push_back(k);
    } else {
      result.outcomes[k].figures = known->figures;
    }
  }
  const std::size_t num_on_record = group.size() - left.size();
  result.num_on_record += num_on_record;
  if (num_on_record > 0) progress.add(num_on_record);
  const std::size_t chunk_size = combinations.chunk_size();
  for (std::size_t begin = 0; begin < left.size(); begin += chunk_size) {
    const auto chunk = std::span(left).subspan(begin, std::min(chunk_size, left.size() - begin));
    combinations.run(chunk, result);
    for (const std::size_t k : chunk) {
      const SweepOutcome& outcome = result.outcomes[k];
      if (outcome.failure.empty()) recorder.add(combinations.params_of(k), outcome.figures);
    }
    recorder.save_now_and_then();
    progress.add(chunk.size());
  }
}

}  // namespace

SweepResult run_combinations(const RunConfig& config,
                             const SweepConfig& sweep,
                             const History& history,
                             TrialBook* book) {
  SweepResult result;
  result.outcomes.resize(sweep.grid.size());
  Recorder recorder(sweep, book);
  Progress progress(sweep);
  std::optional<LearnedEntries> learned;
  if (history.meta_model_notes) learned.emplace(*history.meta_model_notes);
  for (const auto& [places, group] : by_settings(config, sweep)) {
    const RunConfig changed = with_settings(config, sweep, places);
    std::optional<Combinations> combinations;
    try {
      combinations.emplace(changed, sweep, history);
    } catch (const Error& error) {
      // Settings that do not go together, such as gross 1.5 without short selling.
      if (error.code() != Code::kInvalidArgument) throw;
      for (const std::size_t k : group) result.outcomes[k] = {{}, error.what()};
      progress.add(group.size());
      continue;
    }
    if (learned) {
      for (const std::size_t k : group) {
        learned->add(combinations->spec_of(k), changed.backtest.fill);
      }
    }
    recorder.begin(changed, history);
    run_group(*combinations, recorder, group, progress, result);
  }
  recorder.save();
  if (learned) {
    for (std::string& warning : learned->warnings()) result.warnings.push_back(std::move(warning));
  }
  for (const SweepOutcome& outcome : result.outcomes) result.num_failed += !outcome.failure.empty();
  if (result.num_failed == result.outcomes.size()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("one combination of the sweep at least must run, found that all {} "
                            "failed, the first: {}",
                            result.num_failed, result.outcomes.front().failure));
  }
  return result;
}

JobResult run_sweep(const RunConfig& config, const SweepConfig& sweep) {
  trial_metric(sweep.metric);
  check_grid(config, sweep);
  History history;
  load_history(config, history);
  TrialBook book(config.output, history.loaded.fingerprint);
  SweepResult result;
  {
    TW_STEP("run_sweep");
    if (!config.strategy.meta_model.file.empty()) {
      const MetaModelPanel panel(config, history);
      history.probability = panel.of_all();
      history.meta_model_notes = panel.notes();
    }
    result = run_combinations(config, sweep, history, &book);
  }
  TW_STEP("generate_reports");
  return report_sweep({config, sweep, history, book, result});
}

}  // namespace tickwerk::job
