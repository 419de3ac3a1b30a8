// The store gives the bits that evaluating everything gives, whatever it read, and says why it
// read or not.
#include "tickwerk/store/store.h"

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/store/metadata.h"
#include "tickwerk/store/store_fixture.h"

namespace tickwerk::store {
namespace {

using StoreValues = StoreTest;

TEST_F(StoreValues, SecondRunReadsWhatTheFirstEvaluated) {
  const Result first = run(market_, expressions_);
  EXPECT_EQ(count(first, Outcome::kMiss), first.findings.size());
  EXPECT_EQ(reason(first, "trend", 2023), "miss: nothing is stored");
  const Result second = run(market_, expressions_);
  EXPECT_EQ(count(second, Outcome::kHit), second.findings.size());
  EXPECT_TRUE(second.warnings.empty());
}

TEST_F(StoreValues, AppendedDaysGiveTheBytesOfAFullRebuild) {
  const std::size_t num_rows = market_.num_rows();
  run(first_rows(market_, num_rows - 3), expressions_);
  for (std::size_t left = 3; left-- > 0;) {
    const Result result = run(first_rows(market_, num_rows - left), expressions_);
    EXPECT_EQ(count(result, Outcome::kMiss), 0U);
    EXPECT_EQ(count(result, Outcome::kExtended), expressions_.columns.size());
    EXPECT_EQ(reason(result, "late", 2024), "extended: 1 new session");
  }
  const auto appended = read_metadata(folder());
  const std::string file = read_bytes(folder() / "year=2024.parquet");
  config_.address.universe = universe_key("anew");
  run(market_, expressions_);
  const auto anew = read_metadata(folder());
  EXPECT_EQ(file, read_bytes(folder() / "year=2024.parquet"));
  ASSERT_EQ(appended->years.size(), anew->years.size());
  for (std::size_t y = 0; y < anew->years.size(); ++y) {
    EXPECT_EQ(appended->years[y].file.checksum, anew->years[y].file.checksum);
    EXPECT_EQ(appended->years[y].inputs, anew->years[y].inputs);
  }
}

TEST_F(StoreValues, EveryCutOfAGappyMarketIsContinuedExactly) {
  market::Bars gappy = copy_of(market_);
  // A suspension of a year, a symbol that trades every third day, one that stops and comes back.
  for (std::size_t t = 300; t < 560; ++t) remove_bar(gappy, t, 2);
  for (std::size_t t = 0; t < 800; ++t) {
    if (t % 3 != 0) remove_bar(gappy, t, 7);
  }
  for (std::size_t t = 700; t < 740; ++t) remove_bar(gappy, t, 11);
  std::size_t rows = 430;
  run(first_rows(gappy, rows), expressions_);
  for (const std::size_t more : {1, 2, 70, 57, 3, 147, 12, 9, 1}) {
    rows += more;
    const Result result = run(first_rows(gappy, rows), expressions_);
    EXPECT_TRUE(result.warnings.empty());
  }
}

TEST_F(StoreValues, OnlyWantedRowsAreHandedOut) {
  run(first_rows(market_, 799), expressions_);
  config_.from = date_of(market_.times[795]);
  Result result = run(market_, expressions_);
  EXPECT_EQ(result.first_row, 795U);
  EXPECT_EQ(result.values[0].num_rows(), 5U);
  config_.from = make_date(2030, 1, 1);
  result = run(market_, expressions_);
  EXPECT_EQ(result.values[0].num_rows(), 0U);
  config_.from.reset();
  result = run(market_, expressions_);
  EXPECT_EQ(count(result, Outcome::kHit), result.findings.size());
}

TEST_F(StoreValues, ThreadsChangeNoByte) {
  const int threads = num_threads();
  set_num_threads(1);
  run(market_, expressions_);
  const std::string file = read_bytes(folder() / "year=2024.parquet");
  config_.address.universe = "other";
  set_num_threads(4);
  run(market_, expressions_);
  EXPECT_EQ(file, read_bytes(folder() / "year=2024.parquet"));
  set_num_threads(threads);
}

TEST_F(StoreValues, AChangedBarRebuildsTheYearsThatReadIt) {
  run(market_, expressions_);
  market::Bars revised = copy_of(market_);
  const std::size_t row = revised.first_row_at(midnight(make_date(2023, 5, 4)));
  revised.fields.find("close")->second(row, 4) *= 1.01;
  const Result result = run(revised, expressions_);
  const std::string change =
      fmt::format("miss: {} changed on 2023-05-04 (close)", market_.symbols[4]);
  EXPECT_EQ(reason(result, "ret_21", 2022), "hit: ");
  EXPECT_EQ(reason(result, "ret_21", 2023), change);
  EXPECT_EQ(reason(result, "ret_21", 2024), "hit: ");
  EXPECT_EQ(reason(result, "skip", 2024), "miss: it reads bars before 2024: " + change.substr(6));
  EXPECT_EQ(reason(result, "trend", 2024), "miss: it reads bars before 2024: " + change.substr(6));
  EXPECT_EQ(reason(result, "z", 2023), "hit: ");
  EXPECT_EQ(reason(result, "spread", 2024), "hit: ");
  EXPECT_EQ(count(run(revised, expressions_), Outcome::kHit), result.findings.size());
}

TEST_F(StoreValues, ABarThatGoesIsNamed) {
  run(market_, expressions_);
  market::Bars revised = copy_of(market_);
  const std::size_t row = revised.first_row_at(midnight(make_date(2023, 5, 4)));
  remove_bar(revised, row, 4);
  const Result result = run(revised, expressions_);
  EXPECT_EQ(reason(result, "spread", 2023),
            fmt::format("miss: bars came or went: {} on 2023-05-04", market_.symbols[4]));
  // Blocks of windows are counted from a symbol's first bar: all later years are touched.
  EXPECT_EQ(count(result, Outcome::kHit), 2 * 13U + 1U);  // the years before; `spread` after
  EXPECT_EQ(reason(result, "spread", 2024), "hit: ");
}

TEST_F(StoreValues, AChangedFormulaRebuildsItsColumnOnly) {
  run(market_, expressions_);
  std::string text(kText);
  text.replace(text.find("14) / close"), 2, "15");
  const Result result = run(market_, Expressions(text));
  EXPECT_EQ(reason(result, "range", 2024), "miss: its formula changed");
  EXPECT_EQ(count(result, Outcome::kMiss), 4U);
}

TEST_F(StoreValues, AnotherVersionOfTheProgramIsNotTrusted) {
  run(market_, expressions_);
  config_.code_version = "9.9.9";
  const Result result = run(market_, expressions_);
  EXPECT_EQ(count(result, Outcome::kHit), 0U);
  EXPECT_EQ(reason(result, "z", 2023),
            fmt::format("miss: version {} made it, this is 9.9.9", kVersion));
}

TEST_F(StoreValues, SomeColumnsAreReadAndOthersKept) {
  run(market_, expressions_);
  const Expressions two("trend = ema(close, 12) / ema(close, 26) - 1\nnew = ts_max(high, 9)");
  const Result result = run(market_, two);
  EXPECT_EQ(count(result, Outcome::kHit), 4U);
  EXPECT_EQ(reason(result, "new", 2022), "miss: the column is new");
  const Result all = run(market_, expressions_);
  EXPECT_EQ(count(all, Outcome::kHit), all.findings.size());
}

TEST_F(StoreValues, KeptColumnsAreNotTrustedWhenEarlierBarsChange) {
  run(market_, expressions_);
  market::Bars revised = copy_of(market_);
  revised.fields.find("close")->second(10, 4) *= 1.01;
  const Expressions one("ret_21 = log_ret(close, 21)");
  run(revised, one);
  // 2023 and 2024 of `trend` are still in their files, but were made from the old bars of 2021.
  const Result result = run(revised, expressions_);
  EXPECT_TRUE(reason(result, "trend", 2024).starts_with("miss: "));
}

TEST_F(StoreValues, AListingRebuildsOnlyCrossSections) {
  std::vector<std::string> symbols = market_.symbols;
  market::Bars before = first_rows(market_, 700);
  before = with_symbols(before, {symbols.begin() + 1, symbols.end()});
  run(before, expressions_);
  // The symbol lists on the next day, and stands first: every other one moves by a column.
  market::Bars after = first_rows(market_, 705);
  for (std::size_t t = 0; t < 700; ++t) remove_bar(after, t, 0);
  const Result result = run(after, expressions_);
  EXPECT_EQ(reason(result, "trend", 2023), "hit: ");
  EXPECT_EQ(reason(result, "trend", 2024), "extended: 5 new sessions");
  EXPECT_TRUE(reason(result, "score", 2023).starts_with("miss: symbols stand in other columns"));
}

TEST_F(StoreValues, ARenamedSymbolIsAnotherSymbol) {
  run(market_, expressions_);
  market::Bars renamed = copy_of(market_);
  renamed.symbols.back() += "X";
  const Result result = run(renamed, expressions_);
  EXPECT_EQ(count(result, Outcome::kHit), 0U);
  EXPECT_TRUE(reason(result, "trend", 2024).starts_with("miss: bars came or went: "))
      << reason(result, "trend", 2024);
}

TEST_F(StoreValues, MembershipIsAnInputOfCrossSections) {
  market::Bars members = copy_of(market_);
  members.fields.emplace("in_universe", Panel(800, market_.num_symbols(), 1.0));
  run(members, expressions_);
  members.fields.find("in_universe")->second(750, 3) = 0;
  const Result result = run(members, expressions_);
  EXPECT_EQ(reason(result, "trend", 2024), "hit: ");
  EXPECT_EQ(reason(result, "rank", 2024),
            fmt::format("miss: {} changed on {} (in_universe)", market_.symbols[3],
                        to_string(market_.times[750], Frequency::kDaily)));
  EXPECT_EQ(reason(result, "rank", 2023), "hit: ");
}

TEST_F(StoreValues, ShorterBarsAreReadAndLongerOnesKept) {
  run(market_, expressions_);
  const std::string before = read_bytes(metadata_file(folder()));
  const Result result = run(first_rows(market_, 640), expressions_);
  EXPECT_EQ(count(result, Outcome::kHit), result.findings.size());
  EXPECT_EQ(read_bytes(metadata_file(folder())), before);
  const Expressions other("new = ts_max(high, 9)");
  config_.as_of = date_of(market_.times[640]);
  const Result cut = run(market_, other);
  EXPECT_EQ(cut.num_rows, 641U);
  EXPECT_FALSE(cut.notes.empty());
  config_.as_of.reset();
  const Result all = run(market_, expressions_);
  EXPECT_EQ(count(all, Outcome::kHit), all.findings.size());
}

TEST_F(StoreValues, LabelsAndConstantsAreNeverStored) {
  const Expressions mixed("label later = close[+5] / close - 1\ntwo = 1 + 1\nr = ret(close)");
  run(market_, mixed);
  const Result result = run(market_, mixed);
  EXPECT_EQ(reason(result, "later", 2024), "not stored: it reads 5 bars ahead");
  EXPECT_EQ(reason(result, "two", 2024), "not stored: it is a constant");
  EXPECT_EQ(reason(result, "r", 2024), "hit: ");
}

TEST_F(StoreValues, RebuildEvaluatesEverything) {
  run(market_, expressions_);
  config_.rebuild = Rebuild::kAll;
  const Result result = run(market_, expressions_);
  EXPECT_EQ(count(result, Outcome::kMiss), result.findings.size());
  EXPECT_EQ(reason(result, "z", 2023), "miss: asked for");
}

TEST_F(StoreValues, LookingUpWritesNothing) {
  const expr::Inputs inputs = inputs_of(market_);
  const Query query{market_, inputs, expressions_.graph, expressions_.columns};
  EXPECT_EQ(count(look_up(query, config_), Outcome::kHit), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder()));
  run(market_, expressions_);
  EXPECT_EQ(count(look_up(query, config_), Outcome::kMiss), 0U);
}

TEST_F(StoreValues, NamesThatCannotBeStoredAreRefused) {
  const expr::Inputs inputs = inputs_of(market_);
  const std::vector<Column> twice = {{"a", 0}, {"a", 1}};
  EXPECT_THROW(read_or_evaluate({market_, inputs, expressions_.graph, twice}, config_), Error);
  const std::vector<Column> reserved = {{"timestamp", 0}};
  EXPECT_THROW(read_or_evaluate({market_, inputs, expressions_.graph, reserved}, config_), Error);
  config_.address.group = "../up";
  EXPECT_THROW(run(market_, expressions_), Error);
}

}  // namespace
}  // namespace tickwerk::store
