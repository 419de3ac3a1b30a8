#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"

namespace tickwerk::expr {
namespace {

using Series = std::vector<double>;

/// A market of symbols given by their closes (NaN = no bar), with fields of their own if wanted.
class Market {
 public:
  explicit Market(const std::vector<Series>& closes) { set("close", closes); }

  void set(const std::string& field, const std::vector<Series>& symbols) {
    Panel panel(symbols[0].size(), symbols.size());
    for (std::size_t s = 0; s < symbols.size(); ++s) {
      for (std::size_t t = 0; t < symbols[s].size(); ++t) panel(t, s) = symbols[s][t];
    }
    panels_.insert_or_assign(field, std::move(panel));
  }

  /// Values of the text for one symbol.
  Series operator()(const std::string& text, std::size_t symbol = 0, Role role = Role::kFactor) {
    Graph graph;
    const Module module = Module::parse("", "test", {});
    const NodeId node = lower_expression(module, text, "test", role, {}, graph).node;
    Inputs inputs;
    const Panel& close = panels_.at("close");
    inputs.num_rows = close.num_rows();
    inputs.num_symbols = close.num_symbols();
    inputs.bar = close.view();
    for (const auto& [name, panel] : panels_) inputs.fields[name] = panel.view();
    const Values values = evaluate(graph, std::vector<Request>{{.node = node}}, inputs);
    Series found;
    for (std::size_t t = 0; t < inputs.num_rows; ++t) found.push_back(values.numbers[0](t, symbol));
    return found;
  }

 private:
  std::map<std::string, Panel> panels_;
};

void expect_near(const Series& found, const Series& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t t = 0; t < found.size(); ++t) {
    if (std::isnan(expected[t])) {
      EXPECT_TRUE(std::isnan(found[t])) << t << ": " << found[t];
    } else {
      EXPECT_NEAR(found[t], expected[t], 1e-12 * (1 + std::fabs(expected[t]))) << t;
    }
  }
}

TEST(Changes, CompareWithBarsBefore) {
  Market market({{10, 11, 22, 11}});
  expect_near(market("delay(close, 2)"), {kNaN, kNaN, 10, 11});
  expect_near(market("delta(close)"), {kNaN, 1, 11, -11});
  expect_near(market("ret(close)"), {kNaN, 0.1, 1, -0.5});
  expect_near(market("ret(close, 2)"), {kNaN, kNaN, 1.2, 0});
  expect_near(market("log_ret(close)"), {kNaN, std::log(1.1), std::log(2.0), -std::log(2.0)});
}

TEST(Changes, CountTheSymbolsOwnBars) {
  Market market({{10, kNaN, 20, 30}});
  expect_near(market("delta(close)"), {kNaN, kNaN, 10, 10});
}

TEST(TsZscore, IsMissingWhereNothingMoves) {
  Market market({{0.1, 0.1, 0.1, 1, 2, 3}});
  expect_near(market("ts_zscore(close, 3)"),
              {kNaN, kNaN, kNaN, 0.6 / std::sqrt(0.27), (2 - 3.1 / 3) / std::sqrt(2.71 / 3), 1});
}

TEST(TrueRange, LooksAtThePreviousClose) {
  Market market({{9.5, 11.5, 7.5}});
  market.set("high", {{10, 12, 8}});
  market.set("low", {{9, 11, 7}});
  expect_near(market("true_range()"), {1, 12 - 9.5, 11.5 - 7});
}

TEST(Atr, BeginsAtTheSecondBar) {
  Market market({{9.5, 11.5, 7.5, 8.5}});
  market.set("high", {{10, 12, 8, 9}});
  market.set("low", {{9, 11, 7, 8}});
  expect_near(market("atr(2)"), {kNaN, kNaN, (2.5 + 4.5) / 2, (3.5 + 1.5) / 2});
}

TEST(Rsi, SmoothsGainsAndLossesAsWilderDoes) {
  Market market({{10, 11, 10, 13}});  // means of 2: 0.5 and 0.5, then (0.5 + 3) / 2 and 0.5 / 2
  expect_near(market("rsi(close, 2)"), {kNaN, kNaN, 50, 100 * 1.75 / 2});
}

TEST(Rsi, IsMissingWithoutAMoveAndAHundredWithoutALoss) {
  expect_near(Market({{2, 2, 2, 2}})("rsi(close, 2)"), {kNaN, kNaN, kNaN, kNaN});
  expect_near(Market({{2, 3, 4, 5}})("rsi(close, 2)"), {kNaN, kNaN, 100, 100});
}

TEST(RsiAndAtr, EqualThoseOfTaLib) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
  std::ifstream file(std::string(folder) + "/talib_wilder.txt");
  Series high, low, close, rsi, atr;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind, h, l, c, r, a;
    if (!(words >> kind >> h >> l >> c >> r >> a) || kind != "bar") continue;
    high.push_back(std::stod(h));
    low.push_back(std::stod(l));
    close.push_back(std::stod(c));
    rsi.push_back(std::stod(r));
    atr.push_back(std::stod(a));
  }
  ASSERT_EQ(close.size(), 120u);
  Market market({close});
  market.set("high", {high});
  market.set("low", {low});
  expect_near(market("rsi(close, 14)"), rsi);
  expect_near(market("atr(14)"), atr);
}

TEST(Macd, IsTheDifferenceOfExponentialMeans) {
  Market market({{1, 2, 4, 8}});
  // ema 1 is x; ema 3: 1, 1.5, 2.75, 5.375, from the third bar on.
  expect_near(market("macd(close, 1, 3)"), {kNaN, kNaN, 1.25, 2.625});
  // Signal of 2 bars: begins with 1.25, then 1.25 + 2/3 (2.625 - 1.25).
  const double signal = 1.25 + 1.375 * 2 / 3;
  expect_near(market("macd_signal(close, 1, 3, 2)"), {kNaN, kNaN, kNaN, signal});
  expect_near(market("macd_histogram(close, 1, 3, 2)"), {kNaN, kNaN, kNaN, 2.625 - signal});
}

TEST(Bollinger, HasTheDeviationOfThePopulation) {
  Market market({{1, 2, 3}});
  const double deviation = std::sqrt(2.0 / 3);
  expect_near(market("bollinger_upper(close, 3)"), {kNaN, kNaN, 2 + 2 * deviation});
  expect_near(market("bollinger_lower(close, 3, 1)"), {kNaN, kNaN, 2 - deviation});
  expect_near(market("bollinger_width(close, 3)"), {kNaN, kNaN, 2 * deviation});
  expect_near(market("bollinger_percent_b(close, 3, 1)"),
              {kNaN, kNaN, (1 + deviation) / (2 * deviation)});
  expect_near(Market({{7, 7, 7}})("bollinger_percent_b(close, 3)"), {kNaN, kNaN, kNaN});
}

TEST(Ahead, EndsWithTheLastValueOfASymbolThatStopped) {
  Series lives, stops;
  for (int t = 0; t < 12; ++t) {
    lives.push_back(t);
    stops.push_back(t < 4 ? 100 + t : kNaN);
  }
  Market market({lives, stops});
  Series expected_lives, expected_stops(12, kNaN);
  for (int t = 0; t < 12; ++t) expected_lives.push_back(t < 10 ? t + 2 : kNaN);
  expected_stops[0] = 102;
  expected_stops[1] = 103;
  expected_stops[2] = expected_stops[3] = 103 * 0.9;
  expect_near(market("ahead(close, 2, 0.1)", 0, Role::kLabel), expected_lives);
  expect_near(market("ahead(close, 2, 0.1)", 1, Role::kLabel), expected_stops);
}

}  // namespace
}  // namespace tickwerk::expr
