// A run that goes on from a stored state gives the bits of a whole run, and refuses a state that is
// not its own.
#include "tickwerk/expr/resume.h"

#include <gtest/gtest.h>

#include <string>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/run_fixture.h"

namespace tickwerk::expr {
namespace {

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

}  // namespace
}  // namespace tickwerk::expr
