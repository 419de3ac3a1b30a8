#include "tickwerk/market/load.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/market/load_fixture.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::market {
namespace {

class Load : public LoadFixture {};

TEST_F(Load, LongFormBecomesPanelsWithNaNWhereThereIsNoBar) {
  const LoadedBars loaded = load_text(
      "timestamp,symbol,open,high,low,close,volume\n"
      "2024-01-02,B,1,4,0.5,2,100\n"
      "2024-01-02,A,10,14,9.5,12,\n"
      "2024-01-03,B,2,5,1.5,3,300\n");
  const Bars& bars = loaded.bars;
  EXPECT_EQ(bars.symbols, (Names{"A", "B"}));
  ASSERT_EQ(bars.num_rows(), 2u);
  EXPECT_EQ(to_string(bars.times[1], bars.frequency), "2024-01-03");
  EXPECT_EQ(bars.close()(0, 0), 12);
  EXPECT_EQ(bars.field("high")(1, 1), 5);
  EXPECT_EQ(bars.field("volume")(0, 1), 100);
  EXPECT_TRUE(std::isnan(bars.field("volume")(0, 0)));
  EXPECT_TRUE(std::isnan(bars.close()(1, 0)));
  EXPECT_EQ(loaded.first_row, 0u);
}

TEST_F(Load, ColumnNamesAreReadInAnyCaseAndByTheirAliases) {
  const LoadedBars loaded = load_text("Date,Ticker,CLOSE,Vol\n2024-01-02,a,2,5\n");
  EXPECT_EQ(loaded.bars.symbols, Names{"a"});
  EXPECT_EQ(loaded.bars.close()(0, 0), 2);
  EXPECT_EQ(loaded.bars.field("volume")(0, 0), 5);
  EXPECT_TRUE(says(loaded, "the data have no open, high, low"));
}

TEST_F(Load, AdjustedCloseScalesTheOtherPrices) {
  const LoadedBars loaded = load_text(
      "Date,Open,High,Low,Close,Adj Close,Volume\n"
      "2024-01-02,10,12,8,10,5,100\n");
  const Bars& bars = loaded.bars;
  EXPECT_EQ(bars.close()(0, 0), 5);
  EXPECT_EQ(bars.field("open")(0, 0), 5);
  EXPECT_EQ(bars.field("high")(0, 0), 6);
  EXPECT_EQ(bars.field("low")(0, 0), 4);
  EXPECT_EQ(bars.field("volume")(0, 0), 100);
  EXPECT_FALSE(bars.has("adj_close"));
  EXPECT_EQ(bars.adjustment, Adjustment::kAdjusted);
  EXPECT_TRUE(says(loaded, "adj_close is used as close; open, high, low are scaled"));
}

TEST_F(Load, ExtraNumbersAreFieldsAndExtraTextIsSaidToBeIgnored) {
  const LoadedBars loaded = load_text(
      "timestamp,symbol,close,Shares Out,note\n2024-01-02,A,1,7,\n2024-01-03,A,2,8,split\n");
  EXPECT_EQ(loaded.bars.field("shares_out")(1, 0), 8);
  EXPECT_FALSE(loaded.bars.has("note"));
  EXPECT_TRUE(says(loaded, "the column note is text ('split' in row 3) and is ignored"));
}

TEST_F(Load, PeculiaritiesAreAcceptedAndSaidOnce) {
  const LoadedBars loaded = load_text(
      "\xef\xbb\xbftimestamp,symbol,close\r\n"
      "2024-01-03,\"BRK,B\",3\r\n"
      "\r\n"
      "2024-01-02,\"BRK,B\",2\r\n"
      "2024-01-02,\"BRK,B\",2\r\n"
      "2024-01-03,x,null\r\n");
  EXPECT_EQ(loaded.bars.symbols, (Names{"BRK,B", "x"}));
  EXPECT_EQ(loaded.bars.close()(0, 0), 2);
  EXPECT_TRUE(says(loaded, "CRLF line ends accepted"));
  EXPECT_TRUE(says(loaded, "a byte-order mark accepted"));
  EXPECT_TRUE(says(loaded, "rows were not in time order"));
  EXPECT_TRUE(says(loaded, "1 duplicate row with the same values counted once"));
  EXPECT_TRUE(says(loaded, "1 of 2 symbols have no price: x"));
}

TEST_F(Load, EqualDuplicateIsAFindingWithItsRow) {
  const LoadedBars loaded = load_text("timestamp,symbol,close\n2024-01-02,A,2\n2024-01-02,A,2\n");
  ASSERT_FALSE(loaded.validation.findings.empty());
  EXPECT_EQ(loaded.validation.findings[0].rule, Rule::kDuplicateKey);
  EXPECT_EQ(loaded.validation.findings[0].source_row, 3);
}

TEST_F(Load, OnDuplicateKeepsTheFirstOrTheLast) {
  LoadConfig config;
  config.prices =
      file("p.csv", "timestamp,symbol,close\n2024-01-02,A,2\n2024-01-02,A,3\n2024-01-02,A,4\n");
  config.on_duplicate = OnDuplicate::kFirst;
  EXPECT_EQ(load(config).bars.close()(0, 0), 2);
  config.on_duplicate = OnDuplicate::kLast;
  EXPECT_EQ(load(config).bars.close()(0, 0), 4);
}

TEST_F(Load, OneFilePerSymbolIsNamedByTheFile) {
  file("d/MSFT.csv", "date,close\n2024-01-02,2\n2024-01-03,3\n");
  file("d/aapl.csv", "date,close\n2024-01-03,5\n");
  file("d/readme.txt", "no data");
  const LoadedBars loaded = load_path(folder() / "d");
  EXPECT_EQ(loaded.bars.symbols, (Names{"MSFT", "aapl"}));
  EXPECT_TRUE(std::isnan(loaded.bars.close()(0, 1)));
  EXPECT_EQ(loaded.bars.close()(1, 1), 5);
}

TEST_F(Load, FolderOfLongFilesIsOnePanel) {
  file("d/2023.csv", "date,symbol,close\n2023-12-29,A,1\n2023-12-29,B,2\n");
  file("d/2024.csv", "date,symbol,close,extra\n2024-01-02,A,3,9\n");
  const LoadedBars loaded = load_path(folder() / "d");
  EXPECT_EQ(loaded.bars.num_rows(), 2u);
  EXPECT_EQ(loaded.bars.close()(1, 0), 3);
  EXPECT_TRUE(std::isnan(loaded.bars.field("extra")(0, 0)));
  EXPECT_TRUE(says(loaded, "1 of 2 symbols end early: B"));
}

TEST_F(Load, SymbolsAreChosenByNameUniverseAndNumber) {
  LoadConfig config;
  config.prices = file("p.csv",
                       "date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,2\n2024-01-02,C,3\n"
                       "2024-01-03,D,4\n");
  config.symbols = {"C", "A"};
  EXPECT_EQ(load(config).bars.symbols, (Names{"A", "C"}));
  EXPECT_EQ(load(config).bars.num_rows(), 1u);  // the session of D is none of theirs
  config.symbols.clear();
  config.max_symbols = 2;
  const LoadedBars first_two = load(config);
  EXPECT_EQ(first_two.bars.symbols, (Names{"A", "B"}));
  EXPECT_TRUE(says(first_two, "the first 2 of 4 symbols are used (max_symbols)"));
  config.universe = file("u.txt", "# members\nB\nD # late\nZ\n");
  const LoadedBars loaded = load(config);
  EXPECT_EQ(loaded.bars.symbols, (Names{"B", "D"}));
  EXPECT_EQ(loaded.absent_symbols, Names{"Z"});
  EXPECT_FALSE(loaded.bars.has("in_universe"));
}

TEST_F(Load, DatedUniverseSaysWhoIsAMemberWhen) {
  LoadConfig config;
  config.prices =
      file("p.csv",
           "date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,2\n2024-01-04,A,3\n2024-01-05,A,3\n");
  config.universe =
      file("u.csv", "ticker,start_date,end_date\nA,,2024-01-02\nA,2024-01-04,2024-01-04\n");
  const LoadedBars loaded = load(config);
  const Panel& member = loaded.bars.field("in_universe");
  EXPECT_EQ(member(0, 0), 1);
  EXPECT_EQ(member(1, 0), 0);
  EXPECT_EQ(member(2, 0), 1);
  EXPECT_EQ(member(3, 0), 0);
  EXPECT_EQ(loaded.bars.close()(1, 0), 2);  // outside its dates a bar is still data
}

TEST_F(Load, FromMovesTheFirstRowOnlyAndToCuts) {
  LoadConfig config;
  config.prices =
      file("p.csv", "date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,2\n2024-01-04,A,3\n");
  config.from = make_date(2024, 1, 3);
  config.to = make_date(2024, 1, 3);
  const LoadedBars loaded = load(config);
  EXPECT_EQ(loaded.bars.num_rows(), 2u);
  EXPECT_EQ(loaded.first_row, 1u);
}

TEST_F(Load, FiveMinuteBarsCarryTheInstant) {
  LoadConfig config;
  config.frequency = Frequency::kFiveMinutes;
  config.prices = file(
      "p.csv", "time,symbol,close\n2024-01-02T09:30:00-05:00,A,1\n2024-01-02T09:35:00-05:00,A,2\n");
  const LoadedBars loaded = load(config);
  EXPECT_EQ(to_string(loaded.bars.times[0], Frequency::kFiveMinutes), "2024-01-02T14:30:00Z");
}

TEST_F(Load, ImpossibleBarIsMaskedAndSaid) {
  const LoadedBars loaded =
      load_text("date,symbol,open,high,low,close\n2024-01-02,A,1,1,2,1\n2024-01-03,A,1,1,1,1\n");
  EXPECT_EQ(loaded.validation.num_masked, 1u);
  EXPECT_TRUE(std::isnan(loaded.bars.close()(0, 0)));
  EXPECT_TRUE(says(loaded, "1 bar that cannot be true is masked"));
  LoadConfig strict;
  strict.prices = folder() / "p.csv";
  strict.strictness = Strictness::kStrict;
  EXPECT_THROW(load(strict), Error);
}

TEST_F(Load, RowOrderAndThreadsDoNotChangeTheBars) {
  std::vector<std::string> rows;
  for (int day = 1; day <= 28; ++day) {
    for (int s = 0; s < 2000; ++s) {
      rows.push_back(
          fmt::format("2024-02-{:02},S{:04},{}\n", day, s, 0.1 * (1 + (day * 31 + s * 17) % 997)));
    }
  }
  std::string sorted = "date,symbol,close\n", reversed = sorted;
  for (const std::string& row : rows) sorted += row;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) reversed += *row;
  ASSERT_GT(sorted.size(), 1u << 20);  // more than one piece
  const int threads = num_threads();
  set_num_threads(1);
  const std::string one = load_text(sorted).fingerprint;
  set_num_threads(threads);
  EXPECT_EQ(load_text(sorted).fingerprint, one);
  EXPECT_EQ(load_text(reversed).fingerprint, one);
}

TEST_F(Load, WhatIsWrittenIsReadBackBitForBit) {
  const LoadedBars loaded = load_text(
      "timestamp,symbol,open,high,low,close,volume,beta\n"
      "2024-01-02,A,1.1,1.3,1.05,1.2,100,0.3\n"
      "2024-01-03,\"B,C\",1e-7,3e-7,1e-8,0.30000000000000004e-6,,0.5\n");
  const auto parquet = folder() / "out" / "bars.parquet";
  const auto csv = folder() / "out" / "bars.csv";
  write_parquet(loaded.bars, parquet);
  write_csv(loaded.bars, csv);
  EXPECT_EQ(load_path(parquet).fingerprint, loaded.fingerprint);
  EXPECT_EQ(load_path(csv).fingerprint, loaded.fingerprint);
  EXPECT_EQ(bytes_of(csv),
            "timestamp,symbol,open,high,low,close,volume,beta\n"
            "2024-01-02,A,1.1,1.3,1.05,1.2,100,0.3\n"
            "2024-01-03,\"B,C\",1e-07,3e-07,1e-08,3.0000000000000004e-07,,0.5\n");
}

TEST_F(Load, FiveMinuteBarsSurviveWriting) {
  LoadConfig config;
  config.frequency = Frequency::kFiveMinutes;
  config.prices =
      file("p.csv", "time,symbol,close\n1709199000,A,1\n1709199300,A,2\n1709199300,B,2\n");
  const LoadedBars loaded = load(config);
  for (const char* name : {"bars.parquet", "bars.csv"}) {
    config.prices = folder() / name;
    (std::string_view(name).ends_with("csv") ? write_csv : write_parquet)(loaded.bars,
                                                                          config.prices);
    EXPECT_EQ(load(config).fingerprint, loaded.fingerprint) << name;
  }
}

TEST_F(Load, NaNOfEitherSignIsTheSameMissingValue) {
  const auto path = folder() / "p.parquet";
  {
    io::ParquetWriter writer(path, {{"timestamp", io::ColumnKind::kDate},
                                    {"close", io::ColumnKind::kNumber},
                                    {"volume", io::ColumnKind::kNumber}});
    writer.begin_group(2);
    writer.add_integers(std::vector<std::int64_t>{19'000, 19'001});
    writer.add_numbers(std::vector<double>{1.0, 2.0});
    writer.add_numbers(std::vector<double>{5.0, -kNaN});
    writer.commit();
  }
  const LoadedBars loaded = load_path(path);
  EXPECT_FALSE(std::signbit(loaded.bars.field("volume")(1, 0)));
  EXPECT_EQ(load_text("date,symbol,close,volume\n2022-01-08,p,1,5\n2022-01-09,p,2,\n").fingerprint,
            loaded.fingerprint);
  EXPECT_EQ(
      load_text("date,symbol,close,volume\n2022-01-08,p,1,5\n2022-01-09,p,2,-nan\n").fingerprint,
      loaded.fingerprint);
}

TEST_F(Load, FolderMayHoldMoreFilesThanAProcessMayOpen) {
  const LoadedBars bars = load_text("date,symbol,close\n2024-01-02,A,1\n");
  for (int i = 0; i < 60; ++i) {
    write_parquet(bars.bars, folder() / "d" / fmt::format("P{}.parquet", i));
    file(fmt::format("d/C{}.csv", i), "date,close\n2024-01-02,1\n");
  }
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  rlimit few = old;
  few.rlim_cur = 50;
  setrlimit(RLIMIT_NOFILE, &few);
  std::size_t num_symbols = 0;
  EXPECT_NO_THROW(num_symbols = load_path(folder() / "d").bars.num_symbols());
  setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_EQ(num_symbols, 61u);
}

/// Two row groups, A and B on the first day, C and D on the second.
std::filesystem::path write_groups(const std::filesystem::path& path) {
  io::ParquetWriter writer(path, {{"Date", io::ColumnKind::kDate},
                                  {"Symbol", io::ColumnKind::kText},
                                  {"Close", io::ColumnKind::kNumber}});
  const std::vector<std::string> names = {"A", "B", "C", "D"};
  for (std::uint32_t group = 0; group < 2; ++group) {
    writer.begin_group(2);
    writer.add_integers(std::vector<std::int64_t>(2, 19'000 + group));
    writer.add_text(std::vector<std::uint32_t>{2 * group, 2 * group + 1}, names);
    writer.add_numbers(std::vector<double>{1.0 + group, 10.0 + group});
  }
  writer.commit();
  return path;
}

TEST_F(Load, SymbolsAndToReachTheRowGroups) {
  LoadConfig config;
  config.prices = write_groups(folder() / "p.parquet");
  EXPECT_EQ(load(config).bars.symbols, (Names{"A", "B", "C", "D"}));
  config.symbols = {"D"};
  const LoadedBars loaded = load(config);
  EXPECT_EQ(loaded.bars.close()(0, 0), 11.0);
  EXPECT_EQ(loaded.bars.num_rows(), 1u);
  config.symbols.clear();
  config.to = Date{19'000};
  EXPECT_EQ(load(config).bars.symbols, (Names{"A", "B"}));
}

TEST_F(Load, RowsOfSkippedGroupsAreCounted) {
  LoadConfig config;
  config.prices = write_groups(folder() / "p.parquet");
  config.symbols = {"D"};
  // 2022-01-09, a Sunday: row 4 of the file, the first group being skipped.
  const LoadedBars loaded = load(config);
  ASSERT_EQ(to_string(loaded.bars.times[0], Frequency::kDaily), "2022-01-09");
  bool found = false;
  for (const Finding& finding : loaded.validation.findings) {
    if (finding.rule == Rule::kWeekendBar) found = finding.source_row == 4;
  }
  EXPECT_TRUE(found);
}

TEST_F(Load, OneSymbolAndOneBarAreEnough) {
  const LoadedBars loaded = load_text("date,symbol,close\n2024-01-02,A,1\n");
  EXPECT_EQ(loaded.bars.num_rows(), 1u);
  EXPECT_EQ(loaded.bars.num_symbols(), 1u);
}

}  // namespace
}  // namespace tickwerk::market
