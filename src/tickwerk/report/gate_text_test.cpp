#include "tickwerk/report/gate_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace tickwerk::report {
namespace {

risk::Gate gate(std::string_view metric) {
  for (const risk::Gate& one : risk::kGates) {
    if (one.metric == metric) return one;
  }
  ADD_FAILURE() << metric;
  return {};
}

TEST(GateText, EveryGateHasALabel) {
  for (const risk::Gate& one : risk::kGates) EXPECT_FALSE(gate_label(one).empty());
}

TEST(GateText, FiguresHaveTheUnitOfTheMetric) {
  EXPECT_EQ(gate_figure(gate("cagr"), 0.05), "5.00 %");
  EXPECT_EQ(gate_figure(gate("max_drawdown_pct"), -29.149), "-29.15 %");
  EXPECT_EQ(gate_figure(gate("sharpe"), 0.9944), "0.994");
  EXPECT_EQ(gate_figure(gate("hit_rate"), {}), "not available");
}

TEST(GateText, VerdictNamesTheWorst) {
  std::vector<risk::GateResult> results{judge(gate("sharpe"), 0.7), judge(gate("cagr"), 0.2),
                                        judge(gate("hit_rate"), 0.45)};
  EXPECT_EQ(verdict(results), "warning (Sharpe ratio 0.700, hit rate of episodes 45.00 %)");
  results.push_back(judge(gate("max_drawdown_pct"), -21));
  EXPECT_EQ(verdict(results), "block (max drawdown -21.00 %)");
  EXPECT_EQ(verdict(std::vector{judge(gate("sharpe"), 2)}), "ok");
}

TEST(GateText, VerdictOfTooFewSaysHowMany) {
  const std::vector<risk::GateResult> results{judge(gate("max_drawdown_pct"), 0),
                                              judge(gate("sharpe"), {}), judge(gate("cagr"), {})};
  EXPECT_EQ(verdict(results), "not available (1 of 3 could be judged)");
}

}  // namespace
}  // namespace tickwerk::report
