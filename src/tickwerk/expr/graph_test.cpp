#include "tickwerk/expr/graph.h"

#include <gtest/gtest.h>

#include "tickwerk/expr/run_fixture.h"

namespace tickwerk::expr {
namespace {

TEST(Graph, KeepsEqualSubexpressionsOnce) {
  Graph graph;
  const NodeId close = graph.field("close", Shape::kPanel);
  EXPECT_EQ(graph.field("close", Shape::kPanel), close);
  const NodeId sum = graph.apply(kSum, {close}, {20});
  EXPECT_EQ(graph.apply(kSum, {close}, {20}), sum);
  EXPECT_NE(graph.apply(kSum, {close}, {21}), sum);
  EXPECT_EQ(graph.constant(0.5), graph.constant(0.5));
  EXPECT_NE(graph.constant(0.0), graph.constant(-0.0));
}

TEST(Graph, AddsUpReaches) {
  Graph graph;
  const NodeId close = graph.field("close", Shape::kPanel);
  const NodeId ahead = graph.apply(kOffset, {close}, {5});
  const NodeId sum = graph.apply(kSum, {ahead}, {10});
  EXPECT_EQ(graph[sum].reach.lookback, 4);
  EXPECT_EQ(graph[sum].reach.lookahead, 5);
  const NodeId both = graph.apply(kAdd, {sum, graph.apply(kOffset, {close}, {-21})}, {});
  EXPECT_EQ(graph[both].reach.lookback, 21);
  EXPECT_EQ(graph[both].reach.lookahead, 5);
  EXPECT_EQ(graph[graph.apply(kOffset, {ahead}, {-5})].reach.lookahead, 0);
}

}  // namespace
}  // namespace tickwerk::expr
