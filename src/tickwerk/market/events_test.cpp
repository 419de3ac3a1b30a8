#include "tickwerk/market/events.h"

#include <cmath>

#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/market/load_fixture.h"

namespace tickwerk::market {
namespace {

constexpr std::int64_t kHour = 3'600'000'000'000;

/// Two symbols on the five sessions of the week of Thanksgiving 2024: Monday 25 to Wednesday 27,
/// Friday 29 (closes at 13:00, 18:00 UTC) and Monday, December 2.
class EventsFile : public LoadFixture {
 protected:
  static Bars bars(std::initializer_list<Date> days) {
    Bars bars;
    bars.symbols = {"AAA", "BBB"};
    for (const Date day : days) bars.times.push_back(midnight(day));
    bars.fields.emplace("close", Panel(days.size(), 2, 1.0));
    return bars;
  }
  static Bars week() {
    return bars({make_date(2024, 11, 25), make_date(2024, 11, 26), make_date(2024, 11, 27),
                 make_date(2024, 11, 29), make_date(2024, 12, 2)});
  }

  Events events(std::string_view text, const EventOptions& options = {}) const {
    return load_events({"earnings", file("e.csv", text)}, week(), options);
  }

  /// One symbol's values, NaN as -1.
  static std::vector<double> values(const Events& events,
                                    const Bars& bars,
                                    double max_age = 0,
                                    std::string_view field = "eps",
                                    std::size_t symbol = 0) {
    const Panel panel = as_of(events, field, max_age, bars.times);
    std::vector<double> found;
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      const double value = panel(t, symbol);
      found.push_back(std::isnan(value) ? -1 : value);
    }
    return found;
  }
  std::vector<double> values_of(std::string_view rows, double max_age = 0) const {
    return values(events("symbol,known_at,eps\n" + std::string(rows)), week(), max_age);
  }

  void refuses(std::string_view text, const Names& words) const {
    try {
      events(text);
      ADD_FAILURE() << "took " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kCorruptData) << error.what();
      for (const std::string& word : words) {
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
      }
    }
  }
  static bool notes(const Events& events, std::string_view words) {
    for (const std::string& note : events.notes) {
      if (note.find(words) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(EventsFile, CountADayOnlyFromTheNextSessionOn) {
  EXPECT_EQ(values_of("AAA,2024-11-26,2\n"), (std::vector<double>{-1, -1, 2, 2, 2}));
  // Thanksgiving is no session: the Friday after it is the next.
  EXPECT_EQ(values_of("AAA,2024-11-28,2\n"), (std::vector<double>{-1, -1, -1, 2, 2}));
}

TEST_F(EventsFile, CountAnInstantUpToTheClose) {
  // The close of Tuesday, 16:00 in New York in winter, is 21:00 UTC.
  EXPECT_EQ(values_of("AAA,2024-11-26T21:00:00Z,2\n"), (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_EQ(values_of("AAA,2024-11-26T21:00:01Z,2\n"), (std::vector<double>{-1, -1, 2, 2, 2}));
  EXPECT_EQ(values_of("AAA,2024-11-26T16:00:00-05:00,2\n"), (std::vector<double>{-1, 2, 2, 2, 2}));
}

TEST_F(EventsFile, KnowTheEarlyClose) {
  EXPECT_EQ(values_of("AAA,2024-11-29T18:00:00Z,2\n"), (std::vector<double>{-1, -1, -1, 2, 2}));
  EXPECT_EQ(values_of("AAA,2024-11-29T18:00:01Z,2\n"), (std::vector<double>{-1, -1, -1, -1, 2}));
}

TEST_F(EventsFile, TakeTheLaterRowOfOneTime) {
  const Events found =
      events("symbol,known_at,eps\nAAA,2024-11-25,2\nAAA,2024-11-25,3\nAAA,2024-11-24,4\n");
  EXPECT_EQ(values(found, week()), (std::vector<double>{4, 3, 3, 3, 3}));
  EXPECT_TRUE(notes(found, "the later row counts (first: AAA in rows 2 and 3)"));
}

TEST_F(EventsFile, AreSortedByTheirTimeNotByTheirRow) {
  EXPECT_EQ(values_of("AAA,2024-11-27,3\nAAA,2024-11-25,2\n"),
            (std::vector<double>{-1, 2, 2, 3, 3}));
  // On one day the evening is later than the noon; a day without a time counts as its end.
  EXPECT_EQ(values_of("AAA,2024-11-25,5\nAAA,2024-11-25T23:00:00Z,4\nAAA,2024-11-25T17:00:00Z,3\n"),
            (std::vector<double>{3, 5, 5, 5, 5}));
}

TEST_F(EventsFile, GetStaleAfterTheirAge) {
  // Known on Monday the 25th: two days old on Wednesday, four on Friday, seven on Monday.
  EXPECT_EQ(values_of("AAA,2024-11-25,2\n", 2), (std::vector<double>{-1, 2, 2, -1, -1}));
  EXPECT_EQ(values_of("AAA,2024-11-25,2\n", 4), (std::vector<double>{-1, 2, 2, 2, -1}));
  EXPECT_EQ(values_of("AAA,2024-11-25,2\n", 7), (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_THROW(values_of("AAA,2024-11-25,2\n", -1), Error);
}

TEST_F(EventsFile, AnEmptyCellDisclosesNothing) {
  const Events found = events(
      "symbol,known_at,eps,sales\nAAA,2024-11-25,2,10\nAAA,2024-11-26,,20\nBBB,2024-11-26,7,\n");
  EXPECT_EQ(found.fields, (Names{"eps", "sales"}));
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_EQ(values(found, week(), 0, "sales"), (std::vector<double>{-1, 10, 20, 20, 20}));
  EXPECT_EQ(values(found, week(), 0, "eps", 1), (std::vector<double>{-1, -1, 7, 7, 7}));
  EXPECT_EQ(values(found, week(), 0, "sales", 1), (std::vector<double>{-1, -1, -1, -1, -1}));
}

TEST_F(EventsFile, WithoutKnowledgeTimeAreCutByEventTimeOnly) {
  const Events found = events("symbol,event_date,eps\nAAA,2024-11-25,2\n");
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_TRUE(notes(found, "cut by event time only"));
}

TEST_F(EventsFile, GoByKnowledgeTimeWhereBothStand) {
  const Events found = events("symbol,event_date,known_at,eps\nAAA,2024-09-30,2024-11-26,2\n");
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, -1, 2, 2, 2}));
  EXPECT_TRUE(found.notes.empty());
}

TEST_F(EventsFile, NothingLaterThanAsOfIsReturned) {
  const std::string text = "symbol,known_at,eps\nAAA,2024-11-25,2\nAAA,2024-11-27,3\n";
  EXPECT_EQ(values(events(text, {.as_of = make_date(2024, 11, 26)}), week()),
            (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_EQ(values(events(text, {.as_of = make_date(2024, 11, 27)}), week()),
            (std::vector<double>{-1, 2, 2, 3, 3}));
}

TEST_F(EventsFile, CuttingTheBarsChangesNoValueBefore) {
  const Events found = events(
      "symbol,known_at,eps\nAAA,2024-11-25,2\nAAA,2024-11-27T15:00:00Z,3\nAAA,2024-11-29,4\n");
  const std::vector<double> whole = values(found, week());
  Bars cut = week();
  while (cut.times.size() > 1) {
    cut.times.pop_back();
    EXPECT_EQ(values(found, cut),
              std::vector<double>(whole.begin(),
                                  whole.begin() + static_cast<std::ptrdiff_t>(cut.times.size())));
  }
}

TEST_F(EventsFile, WithoutARowAreAWarning) {
  EXPECT_EQ(
      events("symbol,known_at,eps\n").warnings,
      (std::vector<std::string>{"e.csv has 0 events: whatever is asked of earnings is missing"}));
  EXPECT_TRUE(events("symbol,known_at,eps\nAAA,2024-11-26,2\n").warnings.empty());
}

TEST_F(EventsFile, OfUnknownSymbolsAreNoted) {
  const Events found = events("symbol,known_at,eps\nAAA,2024-11-25,2\nXXX,2024-11-25,2\n");
  EXPECT_TRUE(notes(found, "1 of 2 events of e.csv are of 1 symbols that have no bars: XXX"));
}

TEST_F(EventsFile, TextColumnsAreIgnoredAndSaid) {
  const Events found = events("symbol,known_at,headline,eps\nAAA,2024-11-25,up,2\n");
  EXPECT_EQ(found.fields, Names{"eps"});
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, 2, 2, 2, 2}));
  EXPECT_TRUE(notes(found, "headline"));
}

TEST_F(EventsFile, TimestampsThatAreAllMidnightAreDays) {
  const Events found = events("symbol,known_at,eps\nAAA,2024-11-26T00:00:00Z,2\n");
  // As an instant, 19:00 in New York on the 25th, it would be known at Tuesday's close.
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, -1, 2, 2, 2}));
  EXPECT_TRUE(notes(found, "taken as days"));
}

TEST_F(EventsFile, OfAMarketWithoutKnownHoursCountFromTheDayAfterInUtc) {
  // New York is closed on Christmas.
  const Bars elsewhere =
      bars({make_date(2024, 12, 25), make_date(2024, 12, 26), make_date(2024, 12, 27)});
  const Events found = load_events(
      {"e", file("e.csv", "symbol,known_at,eps\nAAA,2024-12-26T01:00:00Z,2\n")}, elsewhere);
  ASSERT_EQ(found.calendar->name(), "weekdays");
  EXPECT_EQ(values(found, elsewhere), (std::vector<double>{-1, -1, 2}));
  EXPECT_TRUE(notes(found, "closing time of the market is not known"));
}

TEST_F(EventsFile, OfIntradayBarsCountFromTheirInstantOn) {
  Bars intraday = week();
  intraday.frequency = Frequency::kFiveMinutes;
  const std::int64_t day = midnight(make_date(2024, 11, 26)).ns;
  intraday.times = {{day + 15 * kHour}, {day + 16 * kHour}, {day + 39 * kHour}};
  const Events instant = load_events(
      {"e", file("a.csv", "symbol,known_at,eps\nAAA,2024-11-26T15:30:00Z,2\n")}, intraday);
  EXPECT_EQ(values(instant, intraday), (std::vector<double>{-1, 2, 2}));
  const Events whole_day =
      load_events({"e", file("b.csv", "symbol,known_at,eps\nAAA,2024-11-26,2\n")}, intraday);
  EXPECT_EQ(values(whole_day, intraday), (std::vector<double>{-1, -1, 2}));
}

TEST_F(EventsFile, OfParquetAreThoseOfCsv) {
  const std::filesystem::path path = folder() / "e.parquet";
  io::ParquetWriter writer(path, {{"symbol", io::ColumnKind::kText},
                                  {"known_at", io::ColumnKind::kInstant},
                                  {"event_date", io::ColumnKind::kDate},
                                  {"eps", io::ColumnKind::kNumber}});
  writer.begin_group(3);
  writer.add_text(std::vector<std::uint32_t>{0, 0, 1}, std::vector<std::string>{"AAA", "BBB"});
  const std::int64_t close = midnight(make_date(2024, 11, 26)).ns + 21 * kHour;
  writer.add_integers(std::vector<std::int64_t>{close, close + 1, close});
  writer.add_integers(std::vector<std::int64_t>{20'000, 20'001, 20'001});
  writer.add_numbers(std::vector<double>{0.1, 0.2, kNaN});
  writer.commit();
  const Events found = load_events({"e", path}, week());
  EXPECT_EQ(found.fields, Names{"eps"});
  EXPECT_EQ(values(found, week()), (std::vector<double>{-1, 0.1, 0.2, 0.2, 0.2}));
  EXPECT_EQ(values(found, week(), 0, "eps", 1), (std::vector<double>{-1, -1, -1, -1, -1}));
}

TEST_F(EventsFile, AreRefusedWithFileAndRow) {
  refuses("symbol,known_at,eps\nAAA,2024-11-25,1\nAAA,soon,2\n", {"'soon'", "e.csv, row 3"});
  refuses("symbol,known_at,eps\nAAA,2024-11-25T10:00:00,2\n", {"zone", "row 2"});
  refuses("symbol,known_at,eps\nAAA,,2\n", {"known_at", "row 2"});
  refuses("symbol,known_at,eps\nAAA,2024-11-25,2\nAAA,2024-11-26,two\n", {"'two'", "eps", "row 3"});
  refuses("symbol,known_at,eps\nAAA,2024-11-25,two\nAAA,2024-11-26,2\n", {"'two'", "eps", "row 2"});
  refuses("symbol,known_at,eps\nAAA,2024-11-25,inf\n", {"finite", "row 2"});
  refuses("symbol,known_at,event_date,eps\nAAA,2024-11-25,Q3,2\n", {"'Q3'", "row 2"});
  refuses("symbol,known_at,eps\n,2024-11-25,2\n", {"symbol", "row 2"});
  refuses("symbol,known_at,eps,eps\nAAA,2024-11-25,2,3\n", {"eps", "row 1"});
  refuses("symbol,date,eps\nAAA,2024-11-25,2\n", {"known_at"});
  refuses("symbol,known_at,text\nAAA,2024-11-25,x\n", {"column of numbers"});
}

TEST_F(EventsFile, HaveANameTheLanguageCanWrite) {
  const std::filesystem::path path = file("e.csv", "symbol,known_at,eps\nAAA,2024-11-25,2\n");
  EXPECT_THROW(load_events({"my events", path}, week()), Error);
  EXPECT_THROW(load_events({"", path}, week()), Error);
  const Events found = load_events({"e", path}, week());
  try {
    as_of(found, "epz", 0, week().times);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_NE(std::string(error.what()).find("nearest: eps"), std::string::npos);
  }
}

}  // namespace
}  // namespace tickwerk::market
