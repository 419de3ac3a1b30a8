#include "tickwerk/job/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tickwerk::job {
namespace {

std::map<std::string, std::string> listed(const RunConfig& config) {
  const auto settings = result_settings(config);
  EXPECT_TRUE(std::is_sorted(settings.begin(), settings.end()));
  std::map<std::string, std::string> map(settings.begin(), settings.end());
  EXPECT_EQ(map.size(), settings.size()) << "a key stands twice";
  return map;
}

RunConfig baseline() {
  RunConfig config;
  config.strategy = strategy::built_in_spec("trend_baseline");
  return config;
}

TEST(Settings, AreWrittenAsAPersonWould) {
  RunConfig config = baseline();
  config.backtest.start_capital = 100'000;
  config.backtest.costs.spread = Bps{0.25};
  config.strategy.weights = strategy::Weighting::kInverseVol;
  config.strategy.rebalance = {strategy::Period::kEveryRows, 5};
  config.limits.max_notional = 2'500'000;
  const auto settings = listed(config);
  EXPECT_EQ(settings.at("start_capital"), "100000");
  EXPECT_EQ(settings.at("max_notional"), "2500000");
  EXPECT_EQ(settings.at("spread_w"), "0.25");
  EXPECT_EQ(settings.at("min_trade"), "1e-09");
  EXPECT_EQ(settings.at("weights"), "inverse_vol(20)");
  EXPECT_EQ(settings.at("rebalance"), "every(5)");
  EXPECT_EQ(settings.at("param.slow"), "60");
}

TEST(Settings, NameFilesWithoutTheirFolder) {
  RunConfig config = baseline();
  config.load.prices = "/one/folder/prices.csv";
  config.benchmark = "/one/folder/index.csv";
  config.positions = "/one/folder/held.csv";
  config.load.universe = "/one/folder/members.csv";
  const auto settings = listed(config);
  EXPECT_EQ(settings.at("prices"), "prices.csv");
  EXPECT_EQ(settings.at("benchmark"), "index.csv");
  EXPECT_EQ(settings.at("positions"), "held.csv");
  EXPECT_EQ(settings.at("universe"), "members.csv");
}

TEST(Settings, LeaveOutWhatIsUnsetOrCannotChangeAResult) {
  RunConfig config = baseline();
  const auto settings = listed(config);
  for (const char* key : {"benchmark", "date", "from", "to", "max_orders", "positions"}) {
    EXPECT_FALSE(settings.contains(key)) << key;
  }
  config.output = "elsewhere";
  config.trades_file = TradesFile::kOmit;
  EXPECT_EQ(listed(config), settings);
}

TEST(Settings, FromGoesBeforeTheLastSessions) {
  RunConfig config = baseline();
  config.max_sessions = 504;
  EXPECT_EQ(listed(config).at("max_sessions"), "504");
  config.load.from = make_date(2020, 1, 2);
  EXPECT_FALSE(listed(config).contains("max_sessions"));
  EXPECT_EQ(listed(config).at("from"), "2020-01-02");
}

}  // namespace
}  // namespace tickwerk::job
