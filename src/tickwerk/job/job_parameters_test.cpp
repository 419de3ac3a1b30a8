#include "tickwerk/job/job_parameters.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

Parameters parameters_of(std::string_view job) {
  const Job& found = find_job(job);
  return found.parameters(found.default_config());
}

std::vector<std::string> names_of(const Parameters& parameters) {
  std::vector<std::string> names;
  for (const auto& [name, value] : parameters) names.push_back(name);
  return names;
}

std::string value_of(const Parameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == parameters.end() ? "absent" : found->second;
}

TEST(JobParameters, OfABacktestAreStrategyFillsCapitalAndCosts) {
  const Parameters all = parameters_of("EOD_SMALL");
  EXPECT_EQ(names_of(all), (std::vector<std::string>{"synthetic market", "strategy", "param fast",
                                                     "param slow", "weights", "top_n", "rebalance",
                                                     "fill", "start capital", "costs (bps)"}));
  EXPECT_EQ(value_of(all, "top_n"), "20");
  EXPECT_EQ(value_of(all, "start capital"), "10000");
  EXPECT_EQ(value_of(all, "costs (bps)"), "commission 0.5, spread 0.25, impact 0.5");
  EXPECT_EQ(value_of(all, "synthetic market"), "100 symbols x 504 sessions, seed 42");
}

TEST(JobParameters, OfMlJobAreEntriesLabelTreesAndSplitsButNoCapital) {
  const Parameters all = parameters_of("ML_JOB");
  EXPECT_EQ(names_of(all), (std::vector<std::string>{"synthetic market",
                                                     "strategy",
                                                     "param fast",
                                                     "param slow",
                                                     "top_n",
                                                     "rebalance",
                                                     "fill",
                                                     "costs (bps)",
                                                     "features",
                                                     "label",
                                                     "horizon (bars)",
                                                     "threshold",
                                                     "model",
                                                     "trees",
                                                     "depth",
                                                     "learning rate",
                                                     "scheme",
                                                     "splits",
                                                     "min_train (dates)",
                                                     "min_confidence"}));
  EXPECT_EQ(value_of(all, "features"), "ta");
  EXPECT_EQ(value_of(all, "label"), "success");
  EXPECT_EQ(value_of(all, "horizon (bars)"), "10");
  EXPECT_EQ(value_of(all, "threshold"), "0.02");
  EXPECT_EQ(value_of(all, "model"), "gradient_boosting");
  EXPECT_EQ(value_of(all, "trees"), "100");
}

TEST(JobParameters, OfFactorMlJobAreFactorsModelsAndSplitsButNoStrategy) {
  const Parameters all = parameters_of("FACTOR_ML_JOB");
  EXPECT_EQ(names_of(all),
            (std::vector<std::string>{"synthetic market", "factors", "label", "horizon (bars)",
                                      "models", "scheme", "splits", "min_train (dates)"}));
  EXPECT_EQ(value_of(all, "factors"), "core+vol_liquidity");
  EXPECT_EQ(value_of(all, "label"), "fwd_trade_20");
  EXPECT_EQ(value_of(all, "models"),
            "linear, ridge_0.1, ridge_1, ridge_10, lasso_0.01, forest_3, forest_5, "
            "gradient_boosting");
  EXPECT_EQ(value_of(all, "splits"), "5");
  EXPECT_EQ(value_of(all, "min_train (dates)"), "252");
}

class RunJob : public JobFixture {};

TEST_F(RunJob, ReadsTheParametersThatItLists) {
  // What a run says of itself, where a parameter has the same name there.
  for (const char* name : {"BACKTEST_MEDIUM", "FACTOR_ML_JOB"}) {
    const Job& job = find_job(name);
    RunConfig config = job.default_config();
    config.load.prices = market(8, 700);
    config.store.use = StoreUse::kOff;
    config.output = folder() / name;
    config.zoo.models = {"linear"};
    config.zoo.splits.min_train_dates = 40;
    config.zoo.features.catalogue = "ta";
    std::size_t num_compared = 0;
    const JobResult result = job.run(config);
    for (const auto& [parameter, value] : job.parameters(config)) {
      const std::string said = value_of(result.config, parameter);
      if (said == "absent" || parameter == "top_n") continue;
      EXPECT_EQ(said, value) << name << " " << parameter;
      ++num_compared;
    }
    EXPECT_GE(num_compared, 4u) << name;
  }
}

}  // namespace
}  // namespace tickwerk::job
