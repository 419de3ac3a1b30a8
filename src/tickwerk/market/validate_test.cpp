#include "tickwerk/market/validate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/market/calendar.h"

namespace tickwerk::market {
namespace {

constexpr const char* kFields[] = {"open", "high", "low", "close", "volume"};

/// Sessions of the NYSE from 2019-01-02 on; every bar is 10, 12, 9, 11 with volume 100, moved a
/// little every day so that no price is stale.
Bars good_bars(std::size_t num_rows, std::size_t num_symbols) {
  Bars bars;
  Date date = make_date(2019, 1, 1);
  for (std::size_t t = 0; t < num_rows; ++t) {
    date = Calendar::nyse().next_session(date);
    bars.times.push_back(midnight(date));
  }
  for (std::size_t s = 0; s < num_symbols; ++s) bars.symbols.push_back(fmt::format("S{:03}", s));
  const double values[] = {10, 12, 9, 11, 100};
  for (std::size_t f = 0; f < 5; ++f) {
    Panel panel(num_rows, num_symbols, values[f]);
    for (std::size_t t = 0; t < num_rows; ++t) {
      for (std::size_t s = 0; s < num_symbols; ++s) {
        panel(t, s) += 0.01 * static_cast<double>(t % 7);
      }
    }
    bars.fields.emplace(kFields[f], std::move(panel));
  }
  return bars;
}

void set_bar(Bars& bars, std::size_t t, std::size_t s, const std::vector<double>& values) {
  for (std::size_t f = 0; f < values.size(); ++f)
    bars.fields.find(kFields[f])->second(t, s) = values[f];
}

void drop_bar(Bars& bars, std::size_t t, std::size_t s) {
  set_bar(bars, t, s, {kNaN, kNaN, kNaN, kNaN, kNaN});
}

void set_closes(Bars& bars, std::size_t s, const std::vector<double>& closes) {
  for (std::size_t t = 0; t < closes.size(); ++t) {
    const double close = closes[t];
    set_bar(bars, t, s, {close, close * 1.01, close * 0.99, close, 100});
  }
}

std::vector<std::string> found(Bars& bars) {
  std::vector<std::string> texts;
  for (const Finding& finding : validate_and_mask(bars, {}).findings) {
    texts.push_back(fmt::format("{} {} {}: {}", bars.symbols[finding.symbol],
                                to_string(date_of(finding.time)), info(finding.rule).name,
                                finding.detail));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Rules, AreListedInTheOrderOfTheirNumbers) {
  for (std::size_t i = 0; i < rules().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(rules()[i].rule), i);
  }
  EXPECT_EQ(info(Rule::kHolidayBar).name, "holiday_bar");
}

TEST(Validate, FindsNothingInGoodBars) {
  Bars bars = good_bars(30, 3);
  const ValidationReport report = validate_and_mask(bars, {});
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.num_bars, 90u);
  EXPECT_EQ(report.num_masked, 0u);
}

TEST(Validate, TakesBarsWithoutRowsOrSymbols) {
  Bars none;
  EXPECT_EQ(validate_and_mask(none, {}).num_bars, 0u);
  Bars no_symbols = good_bars(3, 0);
  EXPECT_EQ(validate_and_mask(no_symbols, {}).num_bars, 0u);
  Bars one = good_bars(1, 1);
  EXPECT_TRUE(found(one).empty());
}

TEST(Validate, MasksEveryFieldOfABarWithHighBelowLowAndNoOther) {
  Bars bars = good_bars(5, 2);
  Panel extra(5, 2, 1.0);
  bars.fields.emplace("dividend", std::move(extra));
  set_bar(bars, 2, 1, {10, 8.9, 9, 11});
  const ValidationReport report = validate_and_mask(bars, {});
  EXPECT_EQ(report.num_masked, 1u);
  ASSERT_EQ(report.findings.size(),
            1u);  // the hole it leaves is on a session, see MaskedBarsCount...
  EXPECT_EQ(report.findings[0].detail, "high 8.9 < low 9");
  for (const auto& [name, panel] : bars.fields) {
    EXPECT_TRUE(std::isnan(panel(2, 1))) << name;
    EXPECT_FALSE(std::isnan(panel(2, 0))) << name;
    EXPECT_FALSE(std::isnan(panel(1, 1))) << name;
  }
}

TEST(Validate, MasksPricesThatAreNotPositiveAndFinite) {
  Bars bars = good_bars(6, 1);
  set_bar(bars, 1, 0, {0, 12, 0, 11});
  set_bar(bars, 3, 0, {10, std::numeric_limits<double>::infinity(), 9, 11});
  set_bar(bars, 4, 0, {10, 12, 9, -11});
  EXPECT_EQ(found(bars), (Texts{"S000 2019-01-03 non_positive_price: open 0, low 0",
                                "S000 2019-01-07 non_positive_price: high inf",
                                "S000 2019-01-08 non_positive_price: close -11"}));
  EXPECT_TRUE(std::isnan(bars.close()(4, 0)));
}

TEST(Validate, NamesBothReasonsOfABarMaskedTwice) {
  Bars bars = good_bars(3, 1);
  set_bar(bars, 1, 0, {10, 0, 9, 11});
  const ValidationReport report = validate_and_mask(bars, {});
  EXPECT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.num_masked, 1u);
}

TEST(Validate, WarnsOfOpenOrCloseOutsideTheRangeAndKeepsTheBar) {
  Bars bars = good_bars(4, 1);
  set_bar(bars, 1, 0, {8.5, 12, 9, 11});
  set_bar(bars, 2, 0, {10, 12, 9, 12.5});
  EXPECT_EQ(found(bars), (Texts{"S000 2019-01-03 outside_range: open 8.5 outside 9 to 12",
                                "S000 2019-01-04 outside_range: close 12.5 outside 9 to 12"}));
  EXPECT_EQ(bars.close()(2, 0), 12.5);
}

TEST(Validate, WarnsOfASpikeThatRevertsWithinOneOrTwoBars) {
  Bars bars = good_bars(9, 1);
  set_closes(bars, 0, {100, 101, 10.2, 103, 102, 160, 170, 104, 105});
  EXPECT_EQ(found(bars),
            (Texts{"S000 2019-01-04 spike_reverts: close 101, then 10.2, then 103",
                   "S000 2019-01-09 spike_reverts: close 102, then 160 and 170, then 104"}));
}

// VRTX 2013-04-19 (+62 %) and APA 2020-03-09 (-54 %) are true moves; the next closes are made up to
// go on from there.
TEST(Validate, TakesALargeMoveThatStaysForAMove) {
  Bars bars = good_bars(6, 2);
  set_closes(bars, 0, {52.4, 52.9, 85.6, 84.2, 79.0, 81.5});
  set_closes(bars, 1, {21.9, 20.8, 9.6, 10.4, 8.9, 11.1});
  EXPECT_TRUE(found(bars).empty());
}

TEST(Validate, NamesTheSpikeNotTheLevelBetweenTwoSpikes) {
  Bars bars = good_bars(6, 1);
  set_closes(bars, 0, {10, 100, 10.1, 101, 10.2, 10.3});
  EXPECT_EQ(found(bars), (Texts{"S000 2019-01-03 spike_reverts: close 10, then 100, then 10.1",
                                "S000 2019-01-07 spike_reverts: close 10.1, then 101, then 10.2"}));
}

TEST(Validate, DoesNotJudgeASpikeInTheLastBar) {
  Bars bars = good_bars(4, 1);
  set_closes(bars, 0, {10, 10.1, 10.2, 102});
  EXPECT_TRUE(found(bars).empty());
}

TEST(Validate, WarnsOfAHighOrLowFarBeyondTheBody) {
  Bars bars = good_bars(4, 1);
  set_bar(bars, 1, 0, {10, 12, 0.9, 11});
  set_bar(bars, 2, 0, {10, 120, 9, 11});
  EXPECT_EQ(found(bars),
            (Texts{"S000 2019-01-03 spike_reverts: low 0.9 against open 10, close 11",
                   "S000 2019-01-04 spike_reverts: high 120 against open 10, close 11"}));
}

TEST(Validate, JudgesSpikesAfterMasking) {
  Bars bars = good_bars(5, 1);
  set_closes(bars, 0, {10, 10.1, 100, 10.2, 10.3});
  set_bar(bars, 2, 0, {100, 90, 95, 100});
  EXPECT_EQ(found(bars), (Texts{"S000 2019-01-04 high_below_low: high 90 < low 95"}));
}

TEST(Validate, CountsMissingSessionsBetweenFirstAndLastBarOnly) {
  Bars bars = good_bars(12, 2);
  for (const std::size_t t : {0, 1, 5, 6, 7, 9, 11}) drop_bar(bars, t, 0);
  EXPECT_EQ(found(bars),
            (Texts{"S000 2019-01-09 missing_sessions: 3 sessions missing: 2019-01-09 to 2019-01-11",
                   "S000 2019-01-15 missing_sessions: 1 session missing: 2019-01-15"}));
}

TEST(Validate, MissesSessionsThatNoSymbolHas) {
  Bars bars = good_bars(8, 2);
  bars.times.erase(bars.times.begin() + 3);
  for (auto& [name, panel] : bars.fields) {
    Panel shorter(7, 2);
    for (std::size_t t = 0; t < 7; ++t) {
      for (std::size_t s = 0; s < 2; ++s) shorter(t, s) = panel(t, s);
    }
    panel = std::move(shorter);
  }
  EXPECT_EQ(found(bars),
            (Texts{"S000 2019-01-07 missing_sessions: 1 session missing: 2019-01-07",
                   "S001 2019-01-07 missing_sessions: 1 session missing: 2019-01-07"}));
}

Bars one_symbol_on(const std::vector<Date>& dates) {
  Bars bars = good_bars(dates.size(), 1);
  for (std::size_t t = 0; t < dates.size(); ++t) bars.times[t] = midnight(dates[t]);
  return bars;
}

TEST(Validate, FindsOnlyLongGapsWhereTheMarketIsNotKnown) {
  std::vector<Date> dates;
  for (const Date date :
       Calendar::weekdays().sessions(make_date(2019, 1, 1), make_date(2019, 12, 31))) {
    const auto [year, month, day] = year_month_day(date);
    if (month == 2 && day >= 4 && day <= 8) continue;   // 5 weekdays
    if (month == 10 && day >= 1 && day <= 8) continue;  // 6 weekdays
    dates.push_back(date);
  }
  Bars bars = one_symbol_on(dates);
  ASSERT_EQ(calendar_for(bars).name(), "weekdays");
  EXPECT_EQ(
      found(bars),
      (Texts{"S000 2019-10-01 missing_sessions: 6 sessions missing: 2019-10-01 to 2019-10-08"}));
}

TEST(Validate, DoesNotCountSessionsOutsideTheYearsOfTheCalendar) {
  Bars bars = one_symbol_on(
      {make_date(1985, 3, 1), make_date(1987, 3, 2), make_date(1990, 1, 3), make_date(1990, 1, 4)});
  EXPECT_EQ(found(bars),
            (Texts{"S000 1990-01-02 missing_sessions: 1 session missing: 1990-01-02"}));
}

TEST(Validate, WarnsOfBarsOnWeekendsAndHolidays) {
  std::vector<Date> dates =
      Calendar::nyse().sessions(make_date(2018, 12, 20), make_date(2019, 12, 31));
  for (const char* day : {"2019-07-04", "2019-07-06", "2019-07-07"})
    dates.push_back(*parse_date(day));
  std::sort(dates.begin(), dates.end());
  Bars bars = one_symbol_on(dates);
  EXPECT_EQ(found(bars), (Texts{"S000 2019-07-04 holiday_bar: exchange closed",
                                "S000 2019-07-06 weekend_bar: Saturday",
                                "S000 2019-07-07 weekend_bar: Sunday"}));
}

TEST(Validate, TakesWeekendsForSessionsWhereTheMarketTradesOnThem) {
  std::vector<Date> dates;
  dates.reserve(70);
  for (int day = 0; day < 70; ++day) dates.push_back({make_date(2023, 1, 1).days + day});
  Bars bars = one_symbol_on(dates);
  EXPECT_TRUE(found(bars).empty());
}

TEST(Validate, WarnsOfZeroVolumeAndSaysOnceThatThereIsNone) {
  Bars bars = good_bars(25, 3);
  set_bar(bars, 4, 1, {10, 12, 9, 11, 0});
  for (std::size_t t = 0; t < 25; ++t) {
    bars.fields.find("volume")->second(t, 0) = 0;
    bars.fields.find("volume")->second(t, 2) = kNaN;
  }
  EXPECT_EQ(found(bars), (Texts{"S000 2019-01-02 zero_volume: volume 0 in all 25 bars",
                                "S001 2019-01-08 zero_volume: volume 0"}));
}

TEST(Validate, ListsTheZeroVolumesBeforeTheFirstVolumeAndOfShortHistories) {
  Bars bars = good_bars(25, 1);
  for (std::size_t t = 0; t < 22; ++t) bars.fields.find("volume")->second(t, 0) = 0;
  EXPECT_EQ(found(bars).size(), 22u);
  Bars short_bars = good_bars(3, 1);
  for (std::size_t t = 0; t < 3; ++t) short_bars.fields.find("volume")->second(t, 0) = 0;
  EXPECT_EQ(found(short_bars).size(), 3u);
}

TEST(Validate, WarnsOfPricesThatStayTheSameForFiveBars) {
  Bars bars = good_bars(12, 2);
  for (std::size_t t = 2; t < 6; ++t) set_bar(bars, t, 0, {20, 20, 20, 20});  // four: not yet
  set_bar(bars, 6, 0, {20, 20.1, 20, 20});
  for (std::size_t t = 7; t < 12; ++t) set_bar(bars, t, 0, {20, 20, 20, 20});
  for (std::size_t t = 0; t < 12; ++t) set_closes(bars, 1, std::vector<double>(12, 5.0));
  Bars spread = std::move(bars);
  EXPECT_EQ(found(spread),
            (Texts{"S000 2019-01-11 stale_price: 5 bars to 2019-01-17 at close 20",
                   "S001 2019-01-02 stale_price: 12 bars to 2019-01-17 at close 5"}));
}

TEST(Validate, JudgesCloseOnlyBarsByTheRulesThatReadTheClose) {
  Bars bars = good_bars(14, 1);
  for (const char* field : {"open", "high", "low", "volume"}) bars.fields.erase(field);
  const double closes[] = {10, 10.1, 101, 10.2, 0, 10, 10, 10, 10, 10, kNaN, 10.3, 10.4, 10.5};
  for (std::size_t t = 0; t < 14; ++t) bars.fields.find("close")->second(t, 0) = closes[t];
  EXPECT_EQ(found(bars),
            (Texts{"S000 2019-01-04 spike_reverts: close 10.1, then 101, then 10.2",
                   "S000 2019-01-08 non_positive_price: close 0",
                   "S000 2019-01-09 stale_price: 5 bars to 2019-01-15 at close 10",
                   "S000 2019-01-16 missing_sessions: 1 session missing: 2019-01-16"}));
}

TEST(Validate, TakesABarWithoutCloseForPartial) {
  Bars bars = good_bars(5, 1);
  set_bar(bars, 2, 0, {10, 12, 9, kNaN, 0});
  set_bar(bars, 3, 0, {10, 8, 9, kNaN});
  const ValidationReport report = validate_and_mask(bars, {});
  EXPECT_EQ(report.num_bars, 5u);
  EXPECT_EQ(report.num_masked, 1u);
  ASSERT_EQ(report.findings.size(), 3u);
  EXPECT_EQ(report.findings[0].rule, Rule::kMissingSessions);
  EXPECT_EQ(report.findings[1].rule, Rule::kZeroVolume);
  EXPECT_EQ(report.findings[2].rule, Rule::kHighBelowLow);
  EXPECT_EQ(bars.field("open")(2, 0), 10);
}

TEST(Validate, GivesRowAndFileOfTheInput) {
  Bars bars = good_bars(6, 2);
  set_bar(bars, 1, 1, {10, 8, 9, 11});
  drop_bar(bars, 3, 0);
  BarSources sources{
      BasicPanel<std::int32_t>(6, 2), BasicPanel<std::int16_t>(6, 2), {"a.csv", "b.csv"}};
  for (int t = 0; t < 6; ++t) {
    for (int s = 0; s < 2; ++s) {
      sources.row(t, s) = 2 + t;
      sources.file(t, s) = static_cast<std::int16_t>(s);
    }
  }
  const ValidationReport report = validate_and_mask(bars, sources);
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].source_row, 6);  // the bar after the gap
  EXPECT_EQ(report.findings[0].source_file, "a.csv");
  EXPECT_EQ(report.findings[1].source_row, 3);
  EXPECT_EQ(report.findings[1].source_file, "b.csv");
}

TEST(Validate, FindsTheSameWithAnyNumberOfThreads) {
  const auto run = [](int threads) {
    const int before = num_threads();
    set_num_threads(threads);
    Bars bars = good_bars(40, 300);
    for (std::size_t s = 0; s < 300; s += 3) set_bar(bars, s % 38, s, {10, 8, 9, 11});
    for (std::size_t s = 1; s < 300; s += 5) set_bar(bars, 1 + s % 38, s, {10, 12, 9, 11, 0});
    Texts texts = found(bars);
    texts.push_back(fingerprint(bars));
    set_num_threads(before);
    return texts;
  };
  EXPECT_EQ(run(1), run(2));
}

TEST(AddFindings, KeepsTheOrderOfSymbolTimeAndRule) {
  ValidationReport report;
  const auto at = [](std::size_t symbol, std::int64_t ns, Rule rule) {
    return Finding{.rule = rule, .symbol = symbol, .time = {ns}, .source_file = {}, .detail = {}};
  };
  add_findings(report, {at(1, 5, Rule::kZeroVolume), at(0, 9, Rule::kZeroVolume)});
  add_findings(report, {at(1, 5, Rule::kDuplicateKey), at(0, 2, Rule::kDuplicateKey)});
  ASSERT_EQ(report.findings.size(), 4u);
  EXPECT_EQ(report.findings[0].time.ns, 2);
  EXPECT_EQ(report.findings[1].time.ns, 9);
  EXPECT_EQ(report.findings[2].rule, Rule::kDuplicateKey);
  EXPECT_EQ(report.findings[3].rule, Rule::kZeroVolume);
}

}  // namespace
}  // namespace tickwerk::market
