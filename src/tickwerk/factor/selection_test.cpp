#include "tickwerk/factor/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::factor {
namespace {

using Names = std::vector<std::string>;

Code code_of(const Selection& selection) {
  try {
    select(selection);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::kInternal;
}

TEST(Selection, OfSetsAndNamesKeepsTheirOrderAndHoldsEachOnce) {
  Names expected = {"momentum_12m_excl_1m"};
  for (const CatalogueEntry& entry : catalogue_entries("breadth")) {
    expected.push_back(entry.definition.name);
  }
  const std::string first = expected[1];
  EXPECT_EQ(select({.catalogue = "momentum_12m_excl_1m+breadth, " + first}).names, expected);
}

TEST(Selection, OfTheUsersFileAndLinesComesAfterTheCatalogue) {
  const std::string file = testing::TempDir() + "selection_test.expr";
  std::ofstream(file) << "_helper = close - open\nbody = _helper / close\n";
  const SelectedExpressions chosen =
      select({.catalogue = "momentum_12m_excl_1m", .file = file, .lines = "twice = 2 * body"});
  EXPECT_EQ(chosen.names, (Names{"momentum_12m_excl_1m", "body", "twice"}));
}

TEST(Selection, HasTheLabelsOfAnyHorizon) {
  const SelectedExpressions chosen = select({.lines = "x = close", .horizons = {20, 7}});
  EXPECT_EQ(chosen.names, Names{"x"});
  EXPECT_EQ(chosen.labels, (Names{"fwd_return_20", "fwd_trade_20", "fwd_return_7", "fwd_trade_7"}));

  market::SyntheticConfig config;
  config.num_symbols = 8;
  config.num_sessions = 60;
  const market::Bars bars = market::make_synthetic(config);
  const Evaluation values = evaluate(Sources{.bars = bars}, chosen.module,
                                     {.params = {}, .names = chosen.labels, .run = {}});
  const Panel& close = bars.close();
  const Panel& open = bars.field("open");
  std::size_t compared = 0;
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    for (std::size_t t = 0; t + 20 < bars.num_rows(); ++t) {
      bool is_whole = true;
      for (std::size_t k = t; k <= t + 20; ++k) is_whole = is_whole && close(k, s) == close(k, s);
      if (!is_whole) continue;
      ++compared;
      EXPECT_DOUBLE_EQ(values.values[0](t, s), close(t + 20, s) / close(t, s) - 1);
      EXPECT_DOUBLE_EQ(values.values[3](t, s), close(t + 7, s) / open(t + 1, s) - 1);
    }
  }
  EXPECT_GT(compared, 100U);
}

TEST(Selection, RefusesWhatIsNotThere) {
  EXPECT_EQ(code_of({.catalogue = "nosuch"}), Code::kNotFound);
  EXPECT_EQ(code_of({.catalogue = "core++breadth"}), Code::kInvalidArgument);
  EXPECT_EQ(code_of({}), Code::kInvalidArgument);
  EXPECT_EQ(code_of({.catalogue = "core", .horizons = {0}}), Code::kInvalidArgument);
  EXPECT_EQ(code_of({.catalogue = "core", .horizons = {5, 5}}), Code::kInvalidArgument);
  EXPECT_EQ(code_of({.lines = "label fwd_return_20 = close", .horizons = {20}}),
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace tickwerk::factor
