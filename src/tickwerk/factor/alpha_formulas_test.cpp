// alpha101, alpha101_industry and alpha158 against a second evaluation of their formulas
// (tests/parity/alpha_parity.py), on a market that both make from one generator.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tickwerk/factor/catalogue_fixture.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kNumSymbols = 30;
constexpr std::size_t kNumBars = 400;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  double uniform() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 11) / 9007199254740992.0;
  }

 private:
  std::uint64_t state_;
};

double cents(double price) { return std::floor(price * 100 + 0.5) / 100; }

market::Bars make_market() {
  Generator generator(101);
  market::Bars bars;
  for (const char* name : {"open", "high", "low", "close", "volume"}) {
    bars.fields.emplace(name, Panel(kNumBars, kNumSymbols, kNaN));
  }
  for (std::size_t symbol = 0; symbol < kNumSymbols; ++symbol) {
    const std::size_t first_bar = symbol == 7 ? 60 : symbol == 19 ? 150 : 0;
    double close = 40 + 20 * generator.uniform();
    for (std::size_t bar = 0; bar < kNumBars; ++bar) {
      const double open = cents(close * (1 + 0.02 * (generator.uniform() - 0.5)));
      close = cents(open * (1 + 0.06 * (generator.uniform() - 0.5)) + 0.04 * (50 - open));
      const double high = cents(std::max(open, close) * (1 + 0.02 * generator.uniform()));
      const double low = cents(std::min(open, close) * (1 - 0.02 * generator.uniform()));
      double volume = 900000 * generator.uniform();
      volume = std::floor(100000 + volume * generator.uniform());
      if (bar < first_bar) continue;
      bars.fields.at("open")(bar, symbol) = open;
      bars.fields.at("high")(bar, symbol) = high;
      bars.fields.at("low")(bar, symbol) = low;
      bars.fields.at("close")(bar, symbol) = close;
      bars.fields.at("volume")(bar, symbol) = volume;
    }
  }
  return bars;
}

const ValuesByName& ours() {
  static const ValuesByName kValues = [] {
    const market::Bars bars = make_market();
    Panel sector(kNumBars, kNumSymbols);
    for (std::size_t bar = 0; bar < kNumBars; ++bar) {
      for (std::size_t symbol = 0; symbol < kNumSymbols; ++symbol) {
        sector(bar, symbol) = static_cast<double>(symbol % 4);
      }
    }
    ValuesByName values;
    for (const char* set : {"alpha101", "alpha101_industry", "alpha158"}) {
      values.merge(evaluate_set(set, bars, sector));
    }
    return values;
  }();
  return kValues;
}

struct Cell {
  std::size_t row = 0;
  std::size_t symbol = 0;
};

/// Calls `visit(name, cell, word)` for every value of the golden file; returns the number of lines.
template <class Visit>
int for_each_golden(const Visit& visit) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  std::ifstream file(std::string(folder != nullptr ? folder : "tests/golden") +
                     "/alpha_formulas.txt");
  std::vector<Cell> cells;
  std::string line;
  int num_lines = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name == "#") continue;
    std::string word;
    for (std::size_t i = 0; words >> word; ++i) {
      if (name == "cells") {
        const std::size_t comma = word.find(',');
        cells.push_back({std::stoul(word), std::stoul(word.substr(comma + 1))});
      } else {
        visit(name, cells.at(i), word);
      }
    }
    num_lines += name == "cells" ? 0 : 1;
  }
  return num_lines;
}

TEST(AlphaFormulas, EveryFormulaIsComparedAndAgrees) {
  int num_values = 0;
  const int num_formulas =
      for_each_golden([&](const std::string& name, Cell cell, const std::string& word) {
        ASSERT_TRUE(ours().contains(name)) << name;
        // A rank among equal numbers, which rounding decides.
        if (word == "rounding") return;
        const double expected = std::stod(word);
        const double found = ours().at(name)(cell.row, cell.symbol);
        const std::string where = fmt::format("{} row {} symbol {}", name, cell.row, cell.symbol);
        EXPECT_EQ(std::isnan(found), std::isnan(expected)) << where << ": " << found << " " << word;
        if (std::isnan(expected)) return;
        EXPECT_NEAR(found, expected, 1e-9 * std::max(1e-3, std::abs(expected))) << where;
        ++num_values;
      });
  EXPECT_EQ(num_formulas, 82 + 18 + 158);
  EXPECT_EQ(ours().size(), 82u + 18 + 158);
  EXPECT_GT(num_values, 9 * num_formulas * 95 / 100);
}

}  // namespace
}  // namespace tickwerk::factor
