#include "tickwerk/lab/call_tree_functions.h"

#include <gtest/gtest.h>

#include <tuple>

#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

using Row = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;

/// (calls, primitive calls, own, cumulative)
Row row(const CallStats& stats) {
  return {stats.calls, stats.primitive_calls, stats.own_ns, stats.cumulative_ns};
}

const Function kRoot{"~", 0, "<main>"};
const Function kStep{"~", 0, "<step:run>"};
const Function kF{"a.cpp", 3, "f"};
const Function kG{"b.cpp", 7, "g"};

FunctionStats stats_of(const Function& function) {
  for (const FunctionStats& stats : function_stats(sample_trees().main)) {
    if (stats.function == function) return stats;
  }
  ADD_FAILURE() << "no " << function.name;
  return {};
}

TEST(FunctionStats, RecursionCountsItsTimeOnce) {
  const FunctionStats f = stats_of(kF);
  EXPECT_EQ(row(f.all), Row(5, 2, 45, 70));
  ASSERT_EQ(f.callers.size(), 2u);
  EXPECT_EQ(row(f.callers.at(kStep)), Row(2, 2, 30, 70));
  EXPECT_EQ(row(f.callers.at(kF)), Row(3, 3, 15, 40));
}

TEST(FunctionStats, AFunctionAddsUpOverItsCallers) {
  const FunctionStats g = stats_of(kG);
  EXPECT_EQ(row(g.all), Row(5, 5, 45, 45));
  EXPECT_EQ(row(g.callers.at(kF)), Row(4, 4, 25, 25));
  EXPECT_EQ(row(g.callers.at(kStep)), Row(1, 1, 20, 20));
}

TEST(FunctionStats, TheRootHasNoCallers) {
  const FunctionStats root = stats_of(kRoot);
  EXPECT_EQ(row(root.all), Row(1, 1, 10, 100));
  EXPECT_TRUE(root.callers.empty());
}

TEST(FunctionStats, ThirdCallOfItselfIsNotPrimitiveForItsCaller) {
  using Nodes = std::vector<trace::CallNode>;
  const auto third = sample_node("f", "a.cpp", 3, 1, 10);
  const auto second = sample_node("f", "a.cpp", 3, 1, 20, Nodes{third});
  const auto first = sample_node("f", "a.cpp", 3, 1, 30, Nodes{second});
  const auto root = sample_node("<main>", "~", 0, 1, 30, Nodes{first});
  const FunctionStats f = function_stats(root).front().function == kF ? function_stats(root).front()
                                                                      : function_stats(root).back();
  EXPECT_EQ(row(f.all), Row(3, 1, 30, 30));
  EXPECT_EQ(row(f.callers.at(kRoot)), Row(1, 1, 10, 30));
  EXPECT_EQ(row(f.callers.at(kF)), Row(2, 1, 20, 20));
}

TEST(JobRoot, TakesThePlaceOfMain) {
  const trace::CallNode root = job_root(sample_trees().main, "EOD_SMALL");
  EXPECT_EQ(root.name, "<job:EOD_SMALL>");
  EXPECT_EQ(root.children, sample_trees().main.children);
}

TEST(JobRoot, StandsAboveAnyOtherRoot) {
  const trace::CallNode step = sample_node("<step:run>", "~", 0, 1, 90);
  const trace::CallNode root = job_root(step, "EOD_SMALL");
  EXPECT_EQ(root.name, "<job:EOD_SMALL>");
  EXPECT_EQ(root.total_ns, 90u);
  EXPECT_EQ(root.self_ns, 0u);
  EXPECT_EQ(root.children, std::vector<trace::CallNode>{step});
}

TEST(JobRoot, IsKeptWhereTheJobOpenedIt) {
  const trace::CallNode job = sample_node("<job:EOD_SMALL>", "~", 0, 1, 90);
  EXPECT_EQ(job_root(job, "EOD_SMALL"), job);
}

TEST(TopFunctions, LeaveOutTheRootAndTheSteps) {
  const auto top = top_functions(sample_trees(), 3);
  ASSERT_EQ(top.size(), 2u);
  EXPECT_EQ(top[0].function, kF);
  EXPECT_DOUBLE_EQ(top[0].cumulative_sec, 70e-9);
  EXPECT_EQ(top[0].calls, 5u);
  EXPECT_EQ(top[1].function, kG);
  EXPECT_EQ(top_functions(sample_trees(), 1).size(), 1u);
}

TEST(Location, IsTheBareNameWithoutAPlace) {
  EXPECT_EQ(location(kStep), "<step:run>");
  EXPECT_EQ(location(kG), "b.cpp:7(g)");
}

}  // namespace
}  // namespace tickwerk::lab
