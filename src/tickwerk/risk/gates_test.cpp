#include "tickwerk/risk/gates.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <span>

namespace tickwerk::risk {
namespace {

const Gate& gate(std::string_view metric) {
  for (const Gate& one : kGates) {
    if (one.metric == metric) return one;
  }
  ADD_FAILURE() << metric;
  return kGates.front();
}

TEST(Gates, HoldOnTheThresholdItself) {
  EXPECT_EQ(judge(gate("sharpe"), 1.0).status, GateStatus::kOk);
  EXPECT_EQ(judge(gate("sharpe"), 0.99).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("sharpe"), 0.5).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("sharpe"), 0.49).status, GateStatus::kBlock);
  EXPECT_EQ(judge(gate("max_drawdown_pct"), -15.0).status, GateStatus::kOk);
  EXPECT_EQ(judge(gate("max_drawdown_pct"), -15.1).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("max_drawdown_pct"), -20.1).status, GateStatus::kBlock);
  EXPECT_EQ(judge(gate("turnover"), 30.0).status, GateStatus::kOk);
  EXPECT_EQ(judge(gate("turnover"), 50.0).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("turnover"), 50.1).status, GateStatus::kBlock);
  EXPECT_EQ(judge(gate("cagr"), 0.0).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("volatility"), 0.31).status, GateStatus::kBlock);
  EXPECT_EQ(judge(gate("hit_rate"), 0.45).status, GateStatus::kWarning);
  EXPECT_EQ(judge(gate("profit_factor"), 1.19).status, GateStatus::kBlock);
}

TEST(Gates, DoNotCountWhatIsNotAvailable) {
  const std::array results{judge(gate("sharpe"), 2.0), judge(gate("cagr"), {}),
                           judge(gate("turnover"), std::numeric_limits<double>::quiet_NaN())};
  EXPECT_EQ(results[1].status, GateStatus::kNotAvailable);
  EXPECT_EQ(results[2].status, GateStatus::kNotAvailable);
  EXPECT_EQ(overall(std::span(results).first(2)), GateStatus::kOk);
  EXPECT_EQ(overall({}), GateStatus::kNotAvailable);
}

TEST(Gates, FewerThanHalfDoNotMakeAnOkButStillWarnAndBlock) {
  std::array<GateResult, kGates.size()> results;
  results[0] = judge(gate("sharpe"), 2.0);
  results[1] = judge(gate("turnover"), 1.0);
  results[2] = judge(gate("cagr"), 0.1);
  EXPECT_EQ(overall(results), GateStatus::kNotAvailable);  // 3 of 7
  results[3] = judge(gate("volatility"), 0.1);
  EXPECT_EQ(overall(results), GateStatus::kOk);  // 4 of 7
  results = {};
  results[6] = judge(gate("max_drawdown_pct"), -18.0);
  EXPECT_EQ(overall(results), GateStatus::kWarning);
  results[6] = judge(gate("max_drawdown_pct"), -21.0);
  EXPECT_EQ(overall(results), GateStatus::kBlock);
}

TEST(Gates, OverallIsTheWorst) {
  EXPECT_EQ(overall(std::array{judge(gate("sharpe"), 2.0), judge(gate("sharpe"), 0.7)}),
            GateStatus::kWarning);
  EXPECT_EQ(overall(std::array{judge(gate("sharpe"), 0.1), judge(gate("sharpe"), 0.7)}),
            GateStatus::kBlock);
}

}  // namespace
}  // namespace tickwerk::risk
