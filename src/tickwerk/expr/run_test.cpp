// The engine against a slow evaluation written for reading. The operators are the test's own, so
// that the engine is tested apart from the registry.
#include "tickwerk/expr/run.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <deque>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kLanes = kernel::kTileLanes;

std::ptrdiff_t whole(double x) { return static_cast<std::ptrdiff_t>(x); }

/// x[k]
Operator offset_operator() {
  Operator op;
  op.name = "offset";
  op.parameters = {{.name = "x"}, {.name = "k", .kind = ParameterKind::kBars}};
  op.kind = OperatorKind::kTimeSeries;
  op.reach = [](const double* c) {
    return Reach{.lookback = -whole(c[0]), .lookahead = whole(c[0])};
  };
  op.tile = [](const kernel::TileArgs& args) noexcept {
    for (std::size_t i = 0; i < args.num_bars * kLanes; ++i) {
      args.out[i] = *(args.inputs[0] + static_cast<std::ptrdiff_t>(i) +
                      whole(args.constants[0]) * std::ptrdiff_t{kLanes});
    }
  };
  return op;
}

/// Sum of the last n bars, oldest first.
Operator sum_operator() {
  Operator op;
  op.name = "sum";
  op.parameters = {{.name = "x"}, {.name = "n", .kind = ParameterKind::kWindow}};
  op.kind = OperatorKind::kTimeSeries;
  op.reach = [](const double* c) { return Reach{.lookback = whole(c[0]) - 1}; };
  op.tile = [](const kernel::TileArgs& args) noexcept {
    const std::ptrdiff_t n = whole(args.constants[0]);
    for (std::size_t i = 0; i < args.num_bars * kLanes; ++i) {
      double sum = 0;
      for (std::ptrdiff_t k = n - 1; k >= 0; --k) {
        sum += *(args.inputs[0] + static_cast<std::ptrdiff_t>(i) - k * std::ptrdiff_t{kLanes});
      }
      args.out[i] = sum;
    }
  };
  return op;
}

/// s_t = s_{t-1} / 2 + x_t; a NaN bar gives NaN and leaves s.
Operator fading_operator() {
  Operator op;
  op.name = "fading";
  op.parameters = {{.name = "x"}};
  op.kind = OperatorKind::kTimeSeries;
  op.num_state = 1;
  op.tile = [](const kernel::TileArgs& args) noexcept {
    for (std::size_t k = 0; k < args.num_bars; ++k) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double x = args.inputs[0][k * kLanes + lane];
        double& s = args.state[lane];
        s = x == x ? s / 2 + x : s;
        args.out[k * kLanes + lane] = x == x ? s : kNaN;
      }
    }
  };
  return op;
}

Operator add_operator() {
  Operator op;
  op.name = "add";
  op.parameters = {{.name = "a"}, {.name = "b"}};
  op.tile = [](const kernel::TileArgs& args) noexcept {
    for (std::size_t i = 0; i < args.num_bars * kLanes; ++i) {
      args.out[i] = args.inputs[0][i] + args.inputs[1][i];
    }
  };
  return op;
}

Operator isnan_operator() {
  Operator op;
  op.name = "isnan";
  op.parameters = {{.name = "x"}};
  op.type = ResultType::kCondition;
  op.tile = [](const kernel::TileArgs& args) noexcept {
    for (std::size_t i = 0; i < args.num_bars * kLanes; ++i) {
      args.out[i] = args.inputs[0][i] == args.inputs[0][i] ? 0 : 1;
    }
  };
  return op;
}

double day_sum(const double* x, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i] == x[i] ? x[i] : 0;
  return sum;
}

/// x less the day's sum of x.
Operator less_sum_operator() {
  Operator op;
  op.name = "less_sum";
  op.parameters = {{.name = "x"}};
  op.kind = OperatorKind::kCrossSectional;
  op.row = [](const kernel::RowArgs& args) noexcept {
    const double sum = day_sum(args.inputs[0], args.num_symbols);
    for (std::size_t i = 0; i < args.num_symbols; ++i) args.out[i] = args.inputs[0][i] - sum;
  };
  return op;
}

Operator day_sum_operator() {
  Operator op;
  op.name = "day_sum";
  op.parameters = {{.name = "x"}};
  op.kind = OperatorKind::kCrossSectional;
  op.shape = ResultShape::kDaily;
  op.row = [](const kernel::RowArgs& args) noexcept {
    args.out[0] = day_sum(args.inputs[0], args.num_symbols);
  };
  return op;
}

const Operator kOffset = offset_operator(), kSum = sum_operator(), kFading = fading_operator(),
               kAdd = add_operator(), kIsNaN = isnan_operator(), kLessSum = less_sum_operator(),
               kDaySum = day_sum_operator();

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

/// 21 symbols x 300 rows: full history, late listings, an early end, holes, one without any bar.
struct Market {
  Market() : close(300, 21, kNaN), volume(300, 21, kNaN), in_universe(300, 21, 1) {
    const RandomStream random(7, 1);
    for (std::size_t t = 0; t < 300; ++t) {
      for (std::size_t s = 0; s < 21; ++s) {
        const double draw = random.uniform(2 * (t * 21 + s));
        if (s >= 8 && t < 5 * s) continue;
        if (s == 3 && t > 200) continue;
        if (s == 10 && draw < 0.2) continue;
        if (s == 20) continue;
        close(t, s) = 50 + 100 * draw;
        volume(t, s) = draw > 0.9 ? kNaN : 1000 * draw;
        if (s == 15 && t % 3 == 0) in_universe(t, s) = 0;
      }
    }
  }
  Inputs inputs() const {
    Inputs inputs;
    inputs.num_rows = close.num_rows();
    inputs.num_symbols = close.num_symbols();
    inputs.bar = close.view();
    inputs.fields = {{"close", close.view()}, {"volume", volume.view()}};
    inputs.in_universe = in_universe.view();
    return inputs;
  }
  Panel close, volume, in_universe;
};

/// A little of everything: offsets both ways, windows over windows, recursion, both directions of
/// stages, daily values with windows of their own.
struct Expressions {
  Expressions() {
    const NodeId close = graph.field("close", Shape::kPanel);
    const NodeId volume = graph.field("volume", Shape::kPanel);
    const auto offset = [&](NodeId x, double k) { return graph.apply(kOffset, {x}, {k}); };
    const auto sum = [&](NodeId x, double n) { return graph.apply(kSum, {x}, {n}); };
    const auto add = [&](NodeId a, NodeId b) { return graph.apply(kAdd, {a, b}, {}); };
    const NodeId past = offset(close, -21);
    const NodeId fading = graph.apply(kFading, {volume}, {});
    const NodeId demeaned = graph.apply(kLessSum, {add(past, close)}, {});
    const NodeId daily = graph.apply(kDaySum, {close}, {});
    nodes = {close,
             past,
             offset(close, 20),
             sum(offset(close, 3), 5),
             sum(sum(close, 17), 30),
             fading,
             sum(fading, 4),
             graph.apply(kFading, {offset(fading, -2)}, {}),
             offset(graph.apply(kIsNaN, {volume}, {}), 2),
             sum(graph.apply(kIsNaN, {volume}, {}), 6),
             demeaned,
             sum(demeaned, 10),
             graph.apply(kLessSum, {sum(demeaned, 10)}, {}),
             add(demeaned, close),
             daily,
             sum(daily, 8),
             add(sum(daily, 8), close),
             graph.apply(kFading, {add(daily, close)}, {}),
             add(close, volume),
             add(close, graph.constant(2.5)),
             sum(add(close, graph.constant(1)), 3),
             graph.constant(7)};
  }
  Graph graph;
  std::vector<NodeId> nodes;
};

bool same_bits(double a, double b) {
  return (a != a && b != b) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

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

/// Rows [first, last) of the market.
struct Slice {
  Slice(const Market& market, std::size_t first, std::size_t last) {
    inputs = market.inputs();
    inputs.num_rows = last - first;
    inputs.bar = inputs.bar.rows(first, last);
    inputs.in_universe = inputs.in_universe.rows(first, last);
    for (auto& [name, view] : inputs.fields) view = view.rows(first, last);
  }
  Inputs inputs;
};

std::vector<Request> requests_of(const std::vector<NodeId>& nodes) {
  std::vector<Request> requests;
  for (const NodeId id : nodes) requests.push_back({id});
  return requests;
}

void expect_same_from(const Values& found,
                      std::size_t found_row,
                      const Values& expected,
                      std::size_t first,
                      std::size_t last) {
  for (std::size_t i = 0; i < expected.numbers.size(); ++i) {
    for (std::size_t t = first; t < last; ++t) {
      for (std::size_t s = 0; s < expected.numbers[i].num_symbols(); ++s) {
        ASSERT_TRUE(same_bits(found.numbers[i](t - found_row, s), expected.numbers[i](t, s)))
            << "request " << i << " row " << t << " symbol " << s << ": "
            << found.numbers[i](t - found_row, s) << " against " << expected.numbers[i](t, s);
      }
    }
  }
}

TEST(Evaluate, GoesOnFromStoredStateWithTheSameBits) {
  const Market market;
  const Expressions expressions;
  const std::vector<Request> requests = requests_of(expressions.nodes);
  const Values whole = evaluate(expressions.graph, requests, market.inputs());
  for (const std::size_t cut : {1, 40, 101, 128, 190, 250, 299}) {
    SCOPED_TRACE(cut);
    State state;
    evaluate(expressions.graph, requests, Slice(market, 0, cut).inputs, {.save = &state});
    // A second cut, after which the run goes on from a state that was itself gone on from.
    const std::size_t second = std::min<std::size_t>(cut + 17, 300);
    State later;
    const Slice middle(market, state.first_row, second);
    const Values more = evaluate(
        expressions.graph, requests, middle.inputs,
        {.tile_bars = 32, .resume = &state, .rows_before = state.first_row, .save = &later});
    const Values all = evaluate(expressions.graph, requests, Slice(market, 0, second).inputs);
    expect_same_from(more, state.first_row, all, cut, second);
    const Slice rest(market, later.first_row, 300);
    const Values last = evaluate(expressions.graph, requests, rest.inputs,
                                 {.resume = &later, .rows_before = later.first_row});
    expect_same_from(last, later.first_row, whole, second, 300);
    if (cut >= 101) {
      EXPECT_GT(state.first_row, 0u) << "the state spares nothing";
    }
  }
}

TEST(Evaluate, ResumesForColumnsThatMoved) {
  const Market market;
  Graph graph;
  const NodeId fading = graph.apply(kFading, {graph.field("close", Shape::kPanel)}, {});
  const std::vector<Request> requests = {{fading}};
  State state;
  evaluate(graph, requests, Slice(market, 0, 250).inputs, {.save = &state});
  // The columns in reverse, with one more symbol, which begins after the cut.
  std::vector<std::int64_t> from = {-1};
  for (std::int64_t s = 20; s >= 0; --s) from.push_back(s);
  Panel close(300, 22, kNaN);
  for (std::size_t t = 0; t < 300; ++t) {
    close(t, 0) = t >= 260 ? 10. + static_cast<double>(t) : kNaN;
    for (std::size_t s = 0; s < 21; ++s) close(t, 21 - s) = market.close(t, s);
  }
  Inputs inputs;
  inputs.num_rows = 50;
  inputs.num_symbols = 22;
  inputs.bar = close.view().rows(250, 300);
  inputs.fields = {{"close", inputs.bar}};
  const State moved = select_symbols(state, from);
  const Values resumed = evaluate(graph, requests, inputs, {.resume = &moved, .rows_before = 250});
  const Values whole = evaluate(graph, requests, market.inputs());
  for (std::size_t t = 250; t < 300; ++t) {
    for (std::size_t s = 0; s < 21; ++s) {
      ASSERT_TRUE(same_bits(resumed.numbers[0](t - 250, 21 - s), whole.numbers[0](t, s)));
    }
  }
  EXPECT_EQ(resumed.numbers[0](10, 0), 270);
}

TEST(Evaluate, RefusesAStateThatDoesNotFit) {
  const Market market;
  const Expressions expressions;
  const std::vector<Request> requests = requests_of(expressions.nodes);
  State state;
  evaluate(expressions.graph, requests, Slice(market, 0, 250).inputs, {.save = &state});
  const auto why = [&](const Inputs& inputs, const State& resume, std::size_t rows_before) {
    try {
      evaluate(expressions.graph, requests, inputs,
               {.resume = &resume, .rows_before = rows_before});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kNotFound);
      return std::string(error.what());
    }
    return std::string();
  };
  const Slice late(market, 250, 300);
  EXPECT_NE(why(late.inputs, state, 250).find("are needed"), std::string::npos);
  State other = state;
  other.recursions.clear();
  const Slice rest(market, state.first_row, 300);
  EXPECT_NE(why(rest.inputs, other, state.first_row).find("found nothing of"), std::string::npos);
  Market returned;
  returned.close(280, 3) = 55;  // symbol 3 had stopped on row 200
  const Slice with_return(returned, state.first_row, 300);
  EXPECT_NE(why(with_return.inputs, state, state.first_row).find("had stopped"), std::string::npos);

  // Also after a run that has no bar of the symbol on any of its rows.
  Graph graph;
  const std::vector<Request> one = {
      {graph.apply(kFading, {graph.field("close", Shape::kPanel)}, {})}};
  State early, later;
  evaluate(graph, one, Slice(market, 0, 250).inputs, {.save = &early});
  ASSERT_EQ(early.first_row, 250u);
  evaluate(graph, one, Slice(market, 250, 270).inputs,
           {.resume = &early, .rows_before = 250, .save = &later});
  EXPECT_THROW(evaluate(graph, one, Slice(returned, 270, 300).inputs,
                        {.resume = &later, .rows_before = 270}),
               Error);
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
