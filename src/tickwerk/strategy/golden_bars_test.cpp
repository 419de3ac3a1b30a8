// Directions and volatilities of strategies against the numbers that independent programs gave for
// the same bars (the golden folder beside TICKWERK_DATA).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/market/load.h"
#include "tickwerk/strategy/factors.h"

namespace tickwerk::strategy {
namespace {

class GoldenBars : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("TICKWERK_DATA");
    folder_ = std::filesystem::path(data != nullptr ? data : "../shared/data") / "../golden/bars";
    if (!std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "the golden numbers are not there: " << folder_;
    }
    market::LoadConfig config;
    config.prices = folder_ / "prices.csv";
    bars_ = market::load(config).bars;
    ASSERT_EQ(bars_.num_symbols(), 10u);
    ASSERT_EQ(bars_.num_rows(), 504u);
  }

  /// Every value of a column equals ours within 1e-9; returns how many values there were.
  int compare(const std::string& file, const std::string& column, const Panel& ours) {
    const io::MappedFile text(folder_ / file);
    io::CsvReader reader(text.bytes());
    std::vector<std::string_view> fields;
    reader.next(fields);
    const auto place =
        static_cast<std::size_t>(std::find(fields.begin(), fields.end(), column) - fields.begin());
    EXPECT_LT(place, fields.size()) << column;
    int num_values = 0;
    while (reader.next(fields) && fields.size() > place) {
      const auto date = parse_date(fields[0].substr(0, 10));
      const double expected = io::parse_number(fields[place]).value();
      const double found = ours(bars_.first_row_at(midnight(*date)), bars_.column(fields[1]));
      EXPECT_EQ(std::isnan(found), std::isnan(expected)) << column << " " << fields[0];
      if (std::isnan(expected)) continue;
      EXPECT_NEAR(found, expected, std::max(1e-12, 1e-9 * std::abs(expected)))
          << column << " " << fields[0] << " " << fields[1];
      ++num_values;
    }
    return num_values;
  }

  std::filesystem::path folder_;
  market::Bars bars_;
};

TEST_F(GoldenBars, VolatilityAgrees) {
  StrategySpec spec = built_in_spec("trend_baseline");
  spec.weights = Weighting::kInverseVol;
  const Factors factors = build_factors(make_strategy(spec), {.bars = bars_});
  EXPECT_EQ(compare("vol20.csv", "volatility", *factors.volatility), 10 * (504 - 20));
}

TEST_F(GoldenBars, DirectionsOfTheBaselineAgree) {
  StrategySpec spec = built_in_spec("trend_baseline");
  spec.top_n = 10;  // so that the score is there too
  const Factors factors = build_factors(make_strategy(spec), {.bars = bars_});
  Panel signs(bars_.num_rows(), bars_.num_symbols());
  for (std::size_t t = 0; t < bars_.num_rows(); ++t) {
    for (std::size_t i = 0; i < bars_.num_symbols(); ++i) {
      const double score = (*factors.score)(t, i);
      if (factors.direction(t, i) == kLong) signs(t, i) = 1;
      if (factors.direction(t, i) == kFlat) signs(t, i) = score < 0 ? -1 : 0;
    }
  }
  EXPECT_EQ(compare("ema_20_60_signals.csv", "sig", signs), 5040);
}

}  // namespace
}  // namespace tickwerk::strategy
