// The engine against a slow evaluation written for reading.
#include "tickwerk/expr/run.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <deque>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/run_fixture.h"

namespace tickwerk::expr {
namespace {

/// The node by its definition, one value at a time.
class Slow {
 public:
  Slow(const Graph& graph, const Inputs& inputs) : graph_(graph), inputs_(inputs) {}

  /// Column 0 of daily values and constants.
  const Panel& panel(NodeId id) {
    while (done_.size() < graph_.size()) done_.emplace_back();
    if (done_[id].empty()) done_[id] = computed(id);
    return done_[id];
  }

 private:
  std::size_t width(NodeId id) const {
    return graph_[id].shape == Shape::kPanel ? inputs_.num_symbols : 1;
  }
  double at(const Panel& panel, std::size_t t, std::size_t s) const {
    return panel(t, panel.num_symbols() == 1 ? 0 : s);
  }
  bool has_bar(std::size_t t, std::size_t s) const {
    return inputs_.bar(t, s) == inputs_.bar(t, s);
  }

  Panel computed(NodeId id) {
    const Node& node = graph_[id];
    const std::size_t num_rows = inputs_.num_rows;
    if (node.kind == NodeKind::kConstant) return Panel(num_rows, 1, node.value);
    Panel out(num_rows, width(id), kNaN);
    if (node.kind == NodeKind::kField) {
      for (std::size_t t = 0; t < num_rows; ++t) {
        for (std::size_t s = 0; s < out.num_symbols(); ++s) {
          if (has_bar(t, s)) out(t, s) = inputs_.fields.find(node.field)->second(t, s);
        }
      }
      return out;
    }
    if (node.op->kind == OperatorKind::kCrossSectional) {
      const Panel& x = panel(node.inputs[0]);
      for (std::size_t t = 0; t < num_rows; ++t) {
        std::vector<double> row;
        for (std::size_t s = 0; s < inputs_.num_symbols; ++s) {
          const bool member = inputs_.in_universe.data == nullptr || inputs_.in_universe(t, s) == 1;
          row.push_back(has_bar(t, s) && member ? at(x, t, s) : kNaN);
        }
        const double sum = day_sum(row.data(), row.size());
        if (node.op == &kDaySum) {
          out(t, 0) = sum;
        } else {
          for (std::size_t s = 0; s < row.size(); ++s) out(t, s) = row[s] - sum;
        }
      }
      return out;
    }
    for (std::size_t s = 0; s < out.num_symbols(); ++s) {
      std::vector<std::size_t> rows;
      for (std::size_t t = 0; t < num_rows; ++t) {
        if (out.num_symbols() == 1 || has_bar(t, s)) rows.push_back(t);
      }
      double fading = 0;
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const auto x = [&](std::size_t input, std::ptrdiff_t offset) {
          const auto bar = static_cast<std::ptrdiff_t>(k) + offset;
          if (bar < 0 || bar >= static_cast<std::ptrdiff_t>(rows.size())) return kNaN;
          return at(panel(node.inputs[input]), rows[static_cast<std::size_t>(bar)], s);
        };
        double& value = out(rows[k], s);
        if (node.op == &kOffset) {
          value = x(0, whole(node.constants[0]));
        } else if (node.op == &kSum) {
          value = 0;
          for (std::ptrdiff_t i = whole(node.constants[0]) - 1; i >= 0; --i) value += x(0, -i);
        } else if (node.op == &kFading) {
          if (x(0, 0) == x(0, 0)) value = fading = fading / 2 + x(0, 0);
        } else if (node.op == &kAdd) {
          value = x(0, 0) + x(1, 0);
        } else {
          value = x(0, 0) == x(0, 0) ? 0 : 1;
        }
      }
    }
    return out;
  }

  const Graph& graph_;
  const Inputs& inputs_;
  std::deque<Panel> done_;
};

void expect_as_slow(const Graph& graph,
                    const std::vector<NodeId>& nodes,
                    const Inputs& inputs,
                    const RunOptions& options) {
  std::vector<Request> requests;
  for (const NodeId id : nodes) requests.push_back({id});
  const Values values = evaluate(graph, requests, inputs, options);
  Slow slow(graph, inputs);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Panel& expected = slow.panel(nodes[i]);
    const Panel& found = values.numbers[i];
    ASSERT_EQ(found.num_rows(), inputs.num_rows);
    ASSERT_EQ(found.num_symbols(), expected.num_symbols());
    std::size_t different = 0;
    for (std::size_t t = 0; t < found.num_rows(); ++t) {
      for (std::size_t s = 0; s < found.num_symbols(); ++s) {
        if (same_bits(found(t, s), expected(t, s))) continue;
        if (different++ == 0) {
          ADD_FAILURE() << "request " << i << " row " << t << " symbol " << s << ": " << found(t, s)
                        << " against " << expected(t, s);
        }
      }
    }
  }
}

TEST(Evaluate, IsTheDefinitionForAnyTile) {
  const Market market;
  const Expressions expressions;
  for (const std::size_t tile_bars : {0, 16, 48, 512}) {
    SCOPED_TRACE(tile_bars);
    expect_as_slow(expressions.graph, expressions.nodes, market.inputs(), {.tile_bars = tile_bars});
  }
}

TEST(Evaluate, IsTheDefinitionForAnyNumberOfThreads) {
  const Market market;
  const Expressions expressions;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    expect_as_slow(expressions.graph, expressions.nodes, market.inputs(), {});
  }
  set_num_threads(available_cores());
}

TEST(Evaluate, IsTheDefinitionInSmallBatchesAndAlone) {
  const Market market;
  const Expressions expressions;
  expect_as_slow(expressions.graph, expressions.nodes, market.inputs(), {.max_panels = 1});
  for (const NodeId id : expressions.nodes) {
    expect_as_slow(expressions.graph, {id}, market.inputs(), {});
  }
}

TEST(Evaluate, GivesEveryoneAsMemberWhereNoUniverseIsGiven) {
  const Market market;
  Inputs inputs = market.inputs();
  inputs.in_universe = {};
  const Expressions expressions;
  expect_as_slow(expressions.graph, expressions.nodes, inputs, {});
}

TEST(Evaluate, WritesConditionsAsBytesAndMissingBarsAsUnknown) {
  const Market market;
  Graph graph;
  const NodeId missing = graph.apply(kIsNaN, {graph.field("volume", Shape::kPanel)}, {});
  const NodeId demeaned = graph.apply(kLessSum, {missing}, {});
  const Values values = evaluate(
      graph,
      std::vector<Request>{
          {missing, Format::kConditions}, {demeaned}, {missing, Format::kConditions}, {missing}},
      market.inputs());
  for (std::size_t t = 0; t < 300; ++t) {
    for (std::size_t s = 0; s < 21; ++s) {
      const bool has_bar = market.close(t, s) == market.close(t, s);
      const bool no_volume = !(market.volume(t, s) == market.volume(t, s));
      ASSERT_EQ(values.conditions[0](t, s), has_bar ? (no_volume ? 1 : 0) : 2);
      ASSERT_EQ(values.conditions[2](t, s), values.conditions[0](t, s));
      ASSERT_TRUE(same_bits(values.numbers[3](t, s), has_bar ? (no_volume ? 1. : 0.) : kNaN));
    }
  }
}

TEST(Evaluate, CountsBarsFromOneAndThoseLeftOfASymbolThatStopped) {
  const Market market;
  Graph graph;
  const NodeId number = graph.field("bar_number", Shape::kPanel);
  const NodeId left = graph.field("$bars_left", Shape::kPanel);
  const Values values = evaluate(graph, std::vector<Request>{{number}, {left}}, market.inputs());
  EXPECT_EQ(values.numbers[0](0, 0), 1);
  EXPECT_EQ(values.numbers[0](299, 0), 300);
  EXPECT_EQ(values.numbers[0](40, 8), 1);
  EXPECT_TRUE(std::isnan(values.numbers[0](39, 8)));
  EXPECT_EQ(values.numbers[1](200, 3), 0);
  EXPECT_EQ(values.numbers[1](190, 3), 10);
  EXPECT_TRUE(std::isnan(values.numbers[1](190, 2)));
}

TEST(Evaluate, NamesTheFieldsThereAreWhenOneIsMissing) {
  const Market market;
  Graph graph;
  const NodeId node = graph.field("vwap", Shape::kPanel);
  try {
    evaluate(graph, std::vector<Request>{{node}}, market.inputs());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_NE(std::string(error.what()).find("close, volume"), std::string::npos);
  }
}

TEST(Evaluate, GivesNothingForWindowsLongerThanTheData) {
  const Market market;
  Graph graph;
  const NodeId close = graph.field("close", Shape::kPanel);
  const std::vector<NodeId> nodes = {
      graph.apply(kSum, {close}, {300}), graph.apply(kSum, {close}, {301}),
      graph.apply(kSum, {close}, {100'000}), graph.apply(kOffset, {close}, {-100'000})};
  expect_as_slow(graph, {nodes[0], nodes[1]}, market.inputs(), {});
  const Values values = evaluate(graph, requests_of(nodes), market.inputs());
  EXPECT_FALSE(std::isnan(values.numbers[0](299, 0)));
  for (std::size_t i = 1; i < nodes.size(); ++i) EXPECT_TRUE(std::isnan(values.numbers[i](299, 0)));
}

TEST(Evaluate, WritesOneKindOfNaN) {
  Market market;
  market.close(100, 1) = -100;
  Graph graph;
  Operator difference = kAdd;
  difference.name = "nothing_over_nothing";
  difference.tile = [](const kernel::TileArgs& args) noexcept {
    for (std::size_t i = 0; i < args.num_bars * kLanes; ++i) {
      args.out[i] = std::copysign(kNaN, args.inputs[0][i]);
    }
  };
  const NodeId close = graph.field("close", Shape::kPanel);
  const NodeId node = graph.apply(difference, {close, close}, {});
  const NodeId across = graph.apply(kLessSum, {node}, {});
  const Values values = evaluate(graph, std::vector<Request>{{node}, {across}}, market.inputs());
  for (const Panel& panel : values.numbers) {
    for (const std::size_t t : {99, 100}) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(panel(t, 1)), std::bit_cast<std::uint64_t>(kNaN));
    }
  }
}

}  // namespace
}  // namespace tickwerk::expr
