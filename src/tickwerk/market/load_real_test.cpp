// The loader on real market data. The expected numbers were taken once with pandas 3.1 and pyarrow
// 26 from the same files, independent of our code; all 440 symbols of the panel agreed.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "tickwerk/market/load.h"

namespace tickwerk::market {
namespace {

std::filesystem::path data_file(const char* name) {
  const char* folder = std::getenv("TICKWERK_DATA");
  return std::filesystem::path(folder == nullptr ? "." : folder) / name;
}

class LoadReal : public testing::Test {
 protected:
  /// Loads a file of the data folder, or says that it is absent.
  bool found(const char* name) {
    config_.prices = data_file(name);
    return std::filesystem::exists(config_.prices);
  }

  static double sum(const Bars& bars, std::string_view field, std::string_view symbol) {
    const std::size_t column = bars.column(symbol);
    double total = 0;
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      const double value = bars.field(field)(t, column);
      if (!std::isnan(value)) total += value;
    }
    return total;
  }

  LoadConfig config_;
};

TEST_F(LoadReal, PanelAgreesWithPandas) {
  if (!found("us_equities_daily.parquet")) GTEST_SKIP() << "real data are absent";
  config_.max_symbols = 200;
  const LoadedBars loaded = load(config_);
  EXPECT_EQ(loaded.bars.num_rows(), 2516u);
  EXPECT_EQ(loaded.bars.num_symbols(), 200u);
  EXPECT_EQ(loaded.bars.symbols.front(), "A");
  EXPECT_EQ(loaded.bars.symbols.back(), "HSY");
  EXPECT_NEAR(sum(loaded.bars, "open", "AAPL"), 95612.3476, 1e-6);
  EXPECT_NEAR(sum(loaded.bars, "high", "AAPL"), 96621.5381, 1e-6);
  EXPECT_NEAR(sum(loaded.bars, "low", "AAPL"), 94585.906, 1e-6);
  EXPECT_NEAR(sum(loaded.bars, "close", "AAPL"), 95642.381, 1e-6);
  EXPECT_EQ(sum(loaded.bars, "volume", "AAPL"), 612225916966.0);
  EXPECT_NEAR(sum(loaded.bars, "close", "HSY"), 232535.941, 1e-6);
}

TEST_F(LoadReal, SymbolsAndToCutThePanel) {
  if (!found("us_equities_daily.parquet")) GTEST_SKIP() << "real data are absent";
  config_.symbols = {"AAPL"};
  config_.to = make_date(2012, 1, 1);
  const LoadedBars loaded = load(config_);
  EXPECT_EQ(loaded.bars.num_rows(), 176u);
  EXPECT_NEAR(sum(loaded.bars, "close", "AAPL"), 2017.469, 1e-9);
}

TEST_F(LoadReal, CsvIsTheSameBarsAsItsPartOfThePanel) {
  if (!found("sample_20x3y.csv")) GTEST_SKIP() << "real data are absent";
  const LoadedBars sample = load(config_);
  EXPECT_EQ(sample.bars.num_rows(), 755u);
  EXPECT_NEAR(sum(sample.bars, "close", "AAPL"), 54920.171, 1e-6);
  EXPECT_NEAR(sum(sample.bars, "low", "XOM"), 42690.4, 1e-6);
  if (!found("us_equities_daily.parquet")) GTEST_SKIP() << "real data are absent";
  config_.symbols = sample.bars.symbols;
  const LoadedBars panel = load(config_);
  const std::size_t offset = panel.bars.first_row_at(sample.bars.times.front());
  ASSERT_EQ(panel.bars.num_rows() - offset, sample.bars.num_rows());
  for (std::size_t t = 0; t < sample.bars.num_rows(); ++t) {
    for (std::size_t s = 0; s < sample.bars.num_symbols(); ++s) {
      ASSERT_EQ(sample.bars.close()(t, s), panel.bars.close()(t + offset, s));
    }
  }
}

TEST_F(LoadReal, GzWithLateStartsAgreesWithPandas) {
  if (!found("etf_daily_2005_2017.csv.gz")) GTEST_SKIP() << "real data are absent";
  const LoadedBars loaded = load(config_);
  EXPECT_EQ(loaded.bars.num_symbols(), 48u);
  EXPECT_EQ(loaded.bars.num_rows(), 4701u);
  EXPECT_NEAR(sum(loaded.bars, "close", "SPY"), 452222.2, 1e-6);
  EXPECT_NEAR(sum(loaded.bars, "open", "QQQ"), 274532.045, 1e-6);
  EXPECT_EQ(sum(loaded.bars, "volume", "QQQ"), 378636313144.0);
  const std::size_t spy = loaded.bars.column("SPY");
  const std::size_t first = loaded.bars.first_row_at(midnight(make_date(2005, 2, 25)));
  EXPECT_TRUE(std::isnan(loaded.bars.close()(first - 1, spy)));
  EXPECT_FALSE(std::isnan(loaded.bars.close()(first, spy)));
}

TEST_F(LoadReal, FileWithoutSymbolColumnNamesItsSymbol) {
  if (!found("vix_daily.csv")) GTEST_SKIP() << "real data are absent";
  const LoadedBars loaded = load(config_);
  EXPECT_EQ(loaded.bars.symbols, std::vector<std::string>{"vix_daily"});
  EXPECT_EQ(loaded.bars.num_rows(), 9235u);
  EXPECT_NEAR(sum(loaded.bars, "close", "vix_daily"), 179550.59, 1e-6);
}

}  // namespace
}  // namespace tickwerk::market
