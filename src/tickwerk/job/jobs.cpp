#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "tickwerk/base/nearest.h"
#include "tickwerk/job/backtest_job.h"
#include "tickwerk/job/daily_job.h"
#include "tickwerk/job/factor_ml.h"
#include "tickwerk/job/job.h"
#include "tickwerk/job/job_parameters.h"
#include "tickwerk/job/meta_training.h"
#include "tickwerk/job/prepare.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kSessionsPerYear = 252;

constexpr std::array<std::string_view, 5> kSteps = {"load_data", "build_factors", "build_signals",
                                                    "run_backtest", "generate_reports"};
constexpr std::array<std::string_view, 6> kDailyArtefacts = {
    "equity_curve_1d.csv",      "metrics.json", "orders_1d.csv", "orders_YYYYMMDD.csv",
    "performance_report_1d.md", "trades_1d.csv"};
constexpr std::array<std::string_view, 5> kBacktestArtefacts = {
    "equity_curve_1d.csv", "metrics.json", "orders_1d.csv", "performance_report_1d.md",
    "trades_1d.csv"};
constexpr std::array<std::string_view, 6> kFactorMlSteps = {
    "load_data", "build_factors", "build_dataset", "train_models", "evaluate", "generate_reports"};
constexpr std::array<std::string_view, 8> kFactorMlArtefacts = {
    "data/ml/dataset_fwd_trade_20_1d_FINGERPRINT.parquet",
    "ml_feature_importance_fwd_trade_20_1d.csv",
    "ml_metrics_fwd_trade_20_1d.csv",
    "ml_model_zoo_report.html",
    "ml_model_zoo_summary.csv",
    "ml_model_zoo_summary.md",
    "ml_portfolio_metrics_fwd_trade_20_1d.csv",
    "ml_predictions_fwd_trade_20_1d.parquet"};

constexpr std::array<std::string_view, 6> kMlSteps = {"load_data",     "build_factors",
                                                      "build_dataset", "train_meta_model",
                                                      "evaluate",      "generate_reports"};
constexpr std::array<std::string_view, 7> kMlArtefacts = {
    "data/ml/dataset_trend_baseline_1d_FINGERPRINT.parquet",
    "ml_training_metrics.json",
    "ml_training_report.html",
    "ml_training_report.md",
    "models/meta/trend_baseline_meta_model.json",
    "models/meta/trend_baseline_meta_model.ubj",
    "models/meta/trend_baseline_meta_model_predictions.parquet"};

/// A standard job of `num_symbols` and `num_years`; larger input is cut to that.
RunConfig job_config(std::string_view title,
                     std::string_view strategy,
                     std::size_t num_symbols,
                     std::size_t num_years) {
  RunConfig config;
  config.title = title;
  config.strategy = strategy::built_in_spec(strategy);
  config.market = {.num_symbols = num_symbols, .num_sessions = num_years * kSessionsPerYear};
  config.load.max_symbols = num_symbols;
  config.max_sessions = config.market.num_sessions;
  config.store.use = StoreUse::kKeep;
  return config;
}

RunConfig eod_small() { return job_config("EOD_SMALL", "ema_trend", 100, 2); }
RunConfig backtest_medium() { return job_config("BACKTEST_MEDIUM", "trend_baseline", 200, 10); }
RunConfig basic_backtest() {
  return job_config("BASIC_BACKTEST", "multifactor_long_short", 200, 10);
}
RunConfig ml() { return job_config("ML_JOB", "trend_baseline", 200, 10); }

RunConfig factor_ml() {
  RunConfig config = job_config("FACTOR_ML_JOB", "trend_baseline", 200, 10);
  config.max_sessions.reset();
  return config;
}

const std::array<Job, 5> kJobs = {
    Job{.name = "EOD_SMALL",
        .description = "End-of-day orders of the strategy ema_trend from the holdings that its "
                       "backtest has at the last session.",
        .data = "100 symbols x 2 years of daily bars",
        .use_case = "The nightly run of a desk: is it done long before the next open?",
        .artefacts = kDailyArtefacts,
        .steps = kSteps,
        .default_config = eod_small,
        .parameters = backtest_parameters,
        .prepare = prepare_run,
        .run = run_daily},
    Job{.name = "BACKTEST_MEDIUM",
        .description = "Backtest of the strategy trend_baseline with start capital 10000 and the "
                       "default costs, filled at the next open.",
        .data = "200 symbols x 10 years of daily bars",
        .use_case = "The research loop: change an idea, run it over history, read the report.",
        .artefacts = kBacktestArtefacts,
        .steps = kSteps,
        .default_config = backtest_medium,
        .parameters = backtest_parameters,
        .prepare = prepare_run,
        .run = run_backtest},
    Job{.name = "BASIC_BACKTEST",
        .description = "Backtest of the factor bundle multifactor_long_short, monthly, its factors "
                       "through the factor store.",
        .data = "200 symbols x 10 years of daily bars",
        .use_case = "The factor loop: does a weighted bundle of factors pay after costs?",
        .artefacts = kBacktestArtefacts,
        .steps = kSteps,
        .default_config = basic_backtest,
        .parameters = backtest_parameters,
        .prepare = prepare_run,
        .run = run_backtest},
    Job{.name = "ML_JOB",
        .description = "Dataset of the entries of trend_baseline with the features ta, gradient "
                       "boosting as the library has it, walk-forward with five windows, the model "
                       "and its report.",
        .data = "200 symbols x 10 years of daily bars",
        .use_case = "The meta-model loop: can the features tell which entries succeed?",
        .artefacts = kMlArtefacts,
        .steps = kMlSteps,
        .default_config = ml,
        .parameters = meta_training_parameters,
        .prepare = prepare_run,
        .run = run_ml_job},
    Job{.name = "FACTOR_ML_JOB",
        .description = "Eight models of returns 20 bars ahead on the factors core and "
                       "vol_liquidity, walk-forward with five windows, the purge by the label's "
                       "reach.",
        .data = "200 symbols x 10 years of daily bars",
        .use_case = "The model loop: do factors together foretell what each alone does not?",
        .artefacts = kFactorMlArtefacts,
        .steps = kFactorMlSteps,
        .default_config = factor_ml,
        .parameters = zoo_parameters,
        .prepare = prepare_run,
        .run = run_factor_ml},
};

}  // namespace

std::string canonical_name(std::string_view name) {
  std::string result(name);
  for (char& letter : result) {
    if (letter == '-') letter = '_';
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return result;
}

std::span<const Job> jobs() { return kJobs; }

const Job& find_job(std::string_view name) {
  const std::string wanted = canonical_name(name);
  std::vector<std::string> names;
  for (const Job& job : kJobs) {
    if (job.name == wanted) return job;
    names.emplace_back(job.name);
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("job must be one of {}, found '{}'{}", fmt::join(names, ", "), name,
                          nearest_hint(wanted, names)));
}

}  // namespace tickwerk::job
