// A small market, operators of the tests' own and expressions of them, so that the engine is tested
// apart from the registry. Not part of the program.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/expr/run.h"

namespace tickwerk::expr {

inline constexpr std::size_t kLanes = kernel::kTileLanes;

inline std::ptrdiff_t whole(double x) { return static_cast<std::ptrdiff_t>(x); }

/// x[k]
inline Operator offset_operator() {
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
inline Operator sum_operator() {
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
inline Operator fading_operator() {
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

inline Operator add_operator() {
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

inline Operator isnan_operator() {
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

inline double day_sum(const double* x, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i] == x[i] ? x[i] : 0;
  return sum;
}

/// x less the day's sum of x.
inline Operator less_sum_operator() {
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

inline Operator day_sum_operator() {
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

inline const Operator kOffset = offset_operator(), kSum = sum_operator(),
                      kFading = fading_operator(), kAdd = add_operator(), kIsNaN = isnan_operator(),
                      kLessSum = less_sum_operator(), kDaySum = day_sum_operator();

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

inline bool same_bits(double a, double b) {
  return (a != a && b != b) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

inline std::vector<Request> requests_of(const std::vector<NodeId>& nodes) {
  std::vector<Request> requests;
  for (const NodeId id : nodes) requests.push_back({id});
  return requests;
}

}  // namespace tickwerk::expr
