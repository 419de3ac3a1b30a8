#include "tickwerk/report/backtest_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tickwerk/base/parallel.h"
#include "tickwerk/report/backtest_csv.h"
#include "tickwerk/report/csv_writer.h"
#include "tickwerk/report/metrics_json.h"
#include "tickwerk/report/orders_file.h"
#include "tickwerk/report/performance_report.h"
#include "tickwerk/report/summary_text.h"
#include "tickwerk/report/text_fixture.h"

namespace tickwerk::report {
namespace {

namespace fs = std::filesystem;
using backtest::BacktestConfig;
using backtest::BacktestResult;
using testing::Test;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("tickwerk_report_{}", ::getpid())) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  operator const fs::path&() const { return path_; }
  fs::path operator/(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

risk::Fill fill_of(std::int32_t bar, std::uint32_t symbol, double ordered, double filled) {
  risk::Fill fill;
  fill.bar = bar;
  fill.symbol = symbol & 0xffffff;
  fill.order_qty = ordered;
  fill.fill_qty = filled;
  fill.price = 128;
  fill.status_bits = static_cast<std::uint8_t>(filled == 0 ? risk::FillStatus::kWaiting
                                                           : risk::FillStatus::kFilled);
  return fill;
}

/// Two symbols, three days; bought on the second day, equity 1000, 500, 750.
struct Example {
  market::Bars bars;
  BacktestResult result;
  strategy::StrategySpec spec;
  BacktestConfig config;
  risk::Metrics metrics;

  Example() {
    bars.symbols = {"A", "B,C"};
    for (int day = 0; day < 3; ++day) {
      bars.times.push_back(midnight(Date{make_date(2024, 2, 28).days + day}));
    }
    Panel close(3, 2, 100.0);
    close(0, 0) = 99.75;
    bars.fields.emplace("close", std::move(close));
    const double equity[] = {1000, 500, 750};
    for (std::size_t i = 0; i < 3; ++i) {
      risk::EquityRow row;
      row.time = bars.times[i];
      row.equity = equity[i];
      row.cash = i == 0 ? 1000 : 0.5;
      row.gross_exposure = row.net_exposure = i == 0 ? 0 : 0.5;
      row.cost = i == 1 ? 0.25 : 0;
      result.equity.push_back(row);
    }
    result.orders.push_back({0, 0, 2});
    result.orders.push_back({1, 1, -0.5});
    result.fills.push_back(fill_of(1, 0, 2, 2));
    result.fills.push_back(fill_of(2, 1, -0.5, 0));
    result.num_orders = 2;
    result.num_fills = 1;
    result.num_waiting = 1;
    result.last_close = {100, 100};
    spec.name = "trend_baseline";
    spec.texts = {{"long", "ema(close, fast) > ema(close, slow) | close > 1"}};
    config.start_capital = 1000;
    config.costs = {Bps{78.125}, Bps{39.0625}, Bps{39.0625}};
    risk::SummaryInput input;
    input.equity = result.equity;
    input.start_capital = config.start_capital;
    input.fills = &result.fills;
    input.costs = config.costs;
    input.last_close = result.last_close;
    metrics = summarize(input);
  }

  BacktestReport report() const {
    return {.bars = bars,
            .result = result,
            .metrics = metrics,
            .strategy = spec,
            .config = config,
            .title = "TEST_JOB",
            .data_source = "prices.csv",
            .data_fingerprint = "00ff",
            .program = "tickwerk 0.0.0",
            .settings = {{"costs", "a|b"}}};
  }
};

TEST(WriteCsv, KeepsTheOrderOfRowsForAnyNumberOfThreads) {
  const Folder folder;
  const std::size_t num_rows = 50'000;
  std::string expected = "row\n";
  for (std::size_t i = 0; i < num_rows; ++i) expected += fmt::format("{}\n", i);
  for (const int threads : {1, 2}) {
    set_num_threads(threads);
    write_csv(folder / "rows.csv", "row\n", num_rows,
              [](std::string& text, std::size_t first, std::size_t last) {
                for (std::size_t i = first; i < last; ++i) text += fmt::format("{}\n", i);
              });
    EXPECT_EQ(text_of(folder / "rows.csv"), expected) << threads;
  }
  set_num_threads(available_cores());
}

TEST(WriteCsv, OfNoRowsHasAHeader) {
  const Folder folder;
  write_csv(folder / "none.csv", "a,b\n", 0, [](std::string&, std::size_t, std::size_t) {});
  EXPECT_EQ(text_of(folder / "none.csv"), "a,b\n");
}

TEST(WriteBacktest, WritesEveryFileAndNamesThemSorted) {
  const Folder folder;
  const Example example;
  const auto names = write_backtest(example.report(), folder);
  EXPECT_EQ(names, (std::vector<fs::path>{"equity_curve_1d.csv", "metrics.json", "orders_1d.csv",
                                          "performance_report_1d.md", "trades_1d.csv"}));
  EXPECT_EQ(text_of(folder / "equity_curve_1d.csv"),
            "timestamp,equity,daily_return,cash,gross_exposure,net_exposure\n"
            "2024-02-28,1000,,1000,0,0\n"
            "2024-02-29,500,-0.5,0.5,0.5,0.5\n"
            "2024-03-01,750,0.5,0.5,0.5,0.5\n");
  EXPECT_EQ(text_of(folder / "orders_1d.csv"),
            "timestamp,symbol,side,qty,price\n"
            "2024-02-28,A,BUY,2,99.75\n"
            "2024-02-29,\"B,C\",SELL,0.5,100\n");
  // Notional 256: commission 1/128 of it, spread and slippage 1/256 each; price up by 1/128.
  EXPECT_EQ(text_of(folder / "trades_1d.csv"),
            "timestamp,symbol,side,qty,price,fill_qty,fill_price,status,"
            "commission_cash,spread_cash,slippage_cash,total_cost_cash\n"
            "2024-02-29,A,BUY,2,128,2,129,filled,2,1,1,4\n"
            "2024-03-01,\"B,C\",SELL,0.5,,0,,waiting,0,0,0,0\n");
}

TEST(WriteBacktest, NamesFilesByFrequencyAndOmitsTradesWhenTold) {
  const Folder folder;
  Example example;
  example.bars.frequency = Frequency::kFiveMinutes;
  BacktestReport report = example.report();
  report.trades_file = TradesFile::kOmit;
  EXPECT_EQ(write_backtest(report, folder),
            (std::vector<fs::path>{"equity_curve_5min.csv", "metrics.json", "orders_5min.csv",
                                   "performance_report_5min.md"}));
  EXPECT_NE(text_of(folder / "equity_curve_5min.csv").find("2024-02-29T00:00:00Z"),
            std::string::npos);
}

TEST(WriteBacktest, SaysWhatAFolderThatCannotBeIs) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  const Example example;
  try {
    write_backtest(example.report(), folder / "file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kIo);
    EXPECT_NE(std::string(error.what()).find("file"), std::string::npos);
  }
}

TEST(MetricsJson, HasSortedKeysTwelveDigitsAndNulls) {
  const Example example;
  const std::string text = metrics_json(example.report());
  const auto json = nlohmann::ordered_json::parse(text);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_TRUE(json["cagr"].is_null());
  EXPECT_TRUE(json["deflated_sharpe"].is_null());
  EXPECT_DOUBLE_EQ(json["final_pf"], 0.75);
  EXPECT_EQ(json["max_drawdown_pct"], -50);
  EXPECT_EQ(json["num_open_episodes"], 1);
  EXPECT_EQ(json["worst_drawdowns"][0]["trough"], "2024-02-29");
  EXPECT_EQ(json["trading"]["waiting"], 1);
  EXPECT_EQ(json["by_month"][1]["month"], 3);
  // sqrt(0.5 * 252) to 12 digits.
  EXPECT_NE(text.find("\"volatility\": 11.2249721603,\n"), std::string::npos) << text;
  EXPECT_EQ(text.back(), '\n');
}

TEST(MetricsJson, HoldsTheConfigurationAndTheDataItBelongsTo) {
  const Example example;
  const auto json = nlohmann::json::parse(metrics_json(example.report()));
  EXPECT_EQ(json["configuration"]["costs"], "a|b");
  EXPECT_EQ(json["data_fingerprint"], "00ff");
}

TEST(MetricsJson, OfNoBarIsAllNull) {
  Example example;
  example.result.equity.clear();
  example.metrics = risk::summarize({});
  const auto json = nlohmann::json::parse(summary_json(example.report()));
  EXPECT_TRUE(json["metrics"]["final_pf"].is_null());
  EXPECT_TRUE(json["first_bar"].is_null());
  EXPECT_NE(performance_report(example.report()).find("No bar was traded."), std::string::npos);
}

TEST(PerformanceReport, SaysWhatIsNotAvailableAndEscapesTables) {
  const Example example;
  const std::string text = performance_report(example.report());
  EXPECT_NE(text.find("# TEST_JOB: trend_baseline"), std::string::npos);
  EXPECT_NE(text.find("1,000.00 became 750.00 in 3 bars from 2024-02-28 to 2024-03-01"),
            std::string::npos);
  EXPECT_NE(text.find("not available"), std::string::npos);
  EXPECT_NE(text.find("ema(close, slow) \\| close > 1"), std::string::npos);
  EXPECT_NE(text.find("a\\|b"), std::string::npos);
  EXPECT_EQ(text.find(" nan"), std::string::npos);
  EXPECT_NE(summary_text(example.report()).find("QA gates: "), std::string::npos);
}

TEST(PerformanceReport, SaysWhatWasDoneToTheInputOrThatNothingWas) {
  const Example example;
  BacktestReport report = example.report();
  const std::string untouched = "Every bar of these symbols and dates was used as it stands.";
  EXPECT_NE(performance_report(report).find(untouched), std::string::npos);
  report.notes = {"3 bars are masked"};
  EXPECT_NE(performance_report(report).find("\n- 3 bars are masked\n"), std::string::npos);
  EXPECT_EQ(performance_report(report).find(untouched), std::string::npos);
}

TEST(PerformanceReport, OfOneBarSpeaksOfOneDay) {
  Example example;
  example.result.equity.resize(1);
  EXPECT_NE(performance_report(example.report()).find(" in 1 bar on 2024-02-28"),
            std::string::npos);
}

TEST(PerformanceReport, NamesTheFirstBarWithAFill) {
  Example example;
  EXPECT_NE(performance_report(example.report()).find("| first bar with a fill"),
            std::string::npos);
  example.result.equity[1].bought = 256;
  const std::string text = performance_report(example.report());
  const std::size_t row = text.find("| first bar with a fill");
  const std::string line = text.substr(row, text.find('\n', row) - row);
  EXPECT_NE(line.find("2024-02-29"), std::string::npos) << line;
}

TEST(PerformanceReport, SaysOfShortsWhatTheyCostAndWhatMarginsForced) {
  Example example;
  EXPECT_EQ(performance_report(example.report()).find("margin"), std::string::npos);
  example.spec.short_selling = strategy::ShortSelling::kAllow;
  example.metrics.borrow_fee = 12.5;
  example.result.num_margin_calls = 3;
  example.result.num_margin_covers = 7;
  const std::string text = performance_report(example.report());
  for (const char* row : {"fees for borrowed shares, cash", "bars that ended below the maintenance",
                          "covers that these forced", "mean net exposure"}) {
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
  const auto json = nlohmann::json::parse(metrics_json(example.report()));
  EXPECT_EQ(json["borrow_fee"], 12.5);
  EXPECT_EQ(json["trading"]["margin_calls"], 3);
  EXPECT_NE(summary_text(example.report()).find("3 bars below the maintenance margin: 7 covers"),
            std::string::npos);
}

TEST(TradesCsv, HasTheImpactOfEachFillWhereEachHasItsOwn) {
  const Folder folder;
  const Example example;
  const std::vector<double> impacts{0.125, 0};
  write_trades_csv(folder / "trades.csv", example.result.fills, row_labels(example.bars),
                   {risk::CostRates{Bps{0}, Bps{0}, Bps{50}}, impacts});
  const std::string text = text_of(folder / "trades.csv");
  EXPECT_NE(text.find("A,BUY,2,128,2,144,filled,0,0,32,32\n"), std::string::npos) << text;
}

TEST(PerformanceReport, ComparesTheRerunOfDelistedExits) {
  const Example example;
  BacktestReport report = example.report();
  report.haircut_rerun = HaircutRerun{0.3, example.metrics.net};
  EXPECT_NE(performance_report(report).find("the last close less 30.00 %"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(metrics_json(report))["trading"]["delisted_rerun"]["haircut"],
            0.3);
}

TEST(OrdersFile, ListsUnsignedQuantitiesForTheOpen) {
  const Folder folder;
  const std::vector<OrderLine> lines{{"A", 2.5, "new, long"}, {"B", -3, ""}};
  EXPECT_EQ(write_orders_file(lines, make_date(2024, 2, 9), folder), "orders_20240209.csv");
  EXPECT_EQ(text_of(folder / "orders_20240209.csv"),
            "Ticker,Side,Quantity,PriceType,Comment\n"
            "A,BUY,2.5,MOO,\"new, long\"\n"
            "B,SELL,3,MOO,\n");
  write_orders_file({}, make_date(2024, 2, 9), folder);
  EXPECT_EQ(text_of(folder / "orders_20240209.csv"), "Ticker,Side,Quantity,PriceType,Comment\n");
}

}  // namespace
}  // namespace tickwerk::report
