#include "tickwerk/report/page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tickwerk/base/error.h"
#include "tickwerk/report/page_text.h"
#include "tickwerk/report/text_fixture.h"

namespace tickwerk::report {
namespace {

using nlohmann::json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// What stands between the n-th `begin` and the next `end`.
std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return {};
  const std::size_t first = from + begin.size();
  return text.substr(first, text.find(end, first) - first);
}

json data_of(const std::string& html) {
  return json::parse(between(html, "<script type=\"application/json\">", "</script>"));
}

DateChart days(std::size_t size) {
  DateChart chart;
  chart.text.title = "Equity";
  for (std::size_t i = 0; i < size; ++i) {
    chart.times.push_back(midnight({static_cast<std::int32_t>(19'000 + i)}));
  }
  return chart;
}

Page page() { return Page({.title = "Research"}); }

template <typename Chart>
std::string html_of(const Chart& chart) {
  Page made = page();
  made.chart(chart);
  return made.html();
}

TEST(PageText, EscapesWhatHtmlReads) {
  EXPECT_EQ(html_text("<a href=\"x\">R&D's</a>"),
            "&lt;a href=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/a&gt;");
}

TEST(PageText, ReplacesWhatIsNotUtf8AndControlCharacters) {
  EXPECT_EQ(html_text("a\xff z\x01"), "a\uFFFD z\uFFFD");
  EXPECT_EQ(html_text(std::string_view("\0\t\n", 3)), "\uFFFD\t\n");
  EXPECT_EQ(html_text("Größe 日本"), "Größe 日本");
}

TEST(PageText, JsonOfTextReadsBackAndCannotEndAScript) {
  const std::string hostile = "</script><!-- \"quoted\" \\ back\nline\t日本";
  std::string text;
  append_json(text, hostile);
  EXPECT_EQ(json::parse(text).get<std::string>(), hostile);
  EXPECT_FALSE(holds(text, "<"));
}

TEST(PageText, JsonOfNumbersIsShortAndNullWhereNotFinite) {
  std::string text;
  append_json(text, std::vector<double>{1, -0.0, 2.5, kNan, kInfinity, -kInfinity, 1e300, 1.5e-9,
                                        1234567.89, 0.1 + 0.2});
  EXPECT_EQ(text, "[1,0,2.5,null,null,null,1e300,1.5e-9,1234568,0.3]");
  EXPECT_EQ(json::parse(text).size(), 10u);
}

TEST(PageText, CellsHaveTheDecimalsThatTheirColumnNeeds) {
  EXPECT_EQ(decimals_for(Unit::kNumber, std::vector<double>{1, 5, 20}), 0);
  EXPECT_EQ(decimals_for(Unit::kNumber, std::vector<double>{0.25, 0.5, kNan}), 2);
  EXPECT_EQ(decimals_for(Unit::kNumber, std::vector<double>{1.0 / 3}), 6);
  EXPECT_EQ(decimals_for(Unit::kNumber, std::vector<double>{1'234'567.8}), 0);
  EXPECT_EQ(decimals_for(Unit::kNumber, std::vector<double>{}), 0);
  EXPECT_EQ(cell_text(-1234.5, Unit::kNumber, 1), "\u22121,234.5");
  EXPECT_EQ(cell_text(0.1234, Unit::kPercent, 2), "12.34 %");
  EXPECT_EQ(cell_text(-0.00012, Unit::kBps, 1), "\u22121.2");
  EXPECT_EQ(cell_text(kNan, Unit::kPercent, 2), "\u2013");
  EXPECT_EQ(cell_text(-2e-12, Unit::kNumber, 8), "\u22122e-12");
  EXPECT_EQ(cell_text(1e300, Unit::kNumber, 0), "1e+300");
  EXPECT_EQ(cell_text(0.001, Unit::kNumber, 2), "0.00");
}

TEST(Page, TextsOfTheCallerAreNeverMarkup) {
  const std::string hostile = "</title></script><script>alert(1)</script>";
  Page made({.title = hostile, .lead = hostile});
  made.section(hostile);
  made.paragraph(hostile);
  made.list({hostile});
  made.figures({{hostile, hostile, hostile}});
  Table table({{hostile}});
  table.add({hostile});
  made.table(hostile, table);
  BarChart bars;
  bars.text = {hostile, hostile, hostile};
  bars.x.title = bars.y.title = hostile;
  bars.groups = {hostile};
  bars.series = {{.name = hostile, .values = {1}}};
  made.chart(bars);
  HeatMap map;
  map.text = bars.text;
  map.corner = hostile;
  map.rows = map.columns = {hostile};
  map.values = {1};
  made.chart(map);
  const std::string html = made.html();
  EXPECT_FALSE(holds(html, "alert(1)</script>"));
  EXPECT_EQ(count_of(html, "<script"), 2u);
  EXPECT_EQ(count_of(html, "</script>"), 2u);
  EXPECT_EQ(data_of(html)["groups"][0], hostile);
}

TEST(Page, AsksTheNetworkForNothing) {
  const std::string html = html_of(days(3));
  EXPECT_TRUE(holds(html, "default-src 'none'"));
  EXPECT_FALSE(holds(html, " src="));
  EXPECT_FALSE(holds(html, "<link"));
  EXPECT_FALSE(holds(html, "@import"));
  EXPECT_FALSE(holds(html, "url(http"));
}

TEST(Page, SameCallsGiveTheSameBytes) { EXPECT_EQ(html_of(days(100)), html_of(days(100))); }

TEST(Page, WithoutChartsHasNoScript) {
  Page made = page();
  made.paragraph("No chart.");
  EXPECT_FALSE(holds(made.html(), "<script"));
}

TEST(Page, ThreeSectionsGetContents) {
  Page made = page();
  for (const char* title : {"One", "Two"}) made.section(title);
  EXPECT_FALSE(holds(made.html(), "<nav"));
  made.section("Three");
  EXPECT_TRUE(holds(made.html(), "<a href=\"#section-3\">Three</a>"));
  EXPECT_EQ(count_of(made.html(), "<section "), 3u);
  EXPECT_EQ(count_of(made.html(), "</section>"), 3u);
}

TEST(Page, RightAlignedColumnsHoldFigures) {
  Page made = page();
  Table table({{"Name"}, {"Return", Align::kRight}});
  table.add({"-1 is a name", "-1.5 %"});
  made.table("Returns", table);
  EXPECT_TRUE(holds(made.html(), "<td>-1 is a name</td><td class=\"n\">\u22121.5 %</td>"));
}

TEST(DateChart, DaysAreDifferencesOfDays) {
  DateChart chart;
  for (const char* text : {"2024-01-05", "2024-01-08", "2024-01-09"}) {
    chart.times.push_back(midnight(*parse_date(text)));
  }
  chart.series = {{.name = "Equity", .values = {1, kNan, 3}}};
  const json data = data_of(html_of(chart));
  EXPECT_EQ(data["step"], 86'400);
  EXPECT_EQ(data["times"], json({19'727, 3, 1}));  // 1970 to 2024: 19,723 days, and four
  EXPECT_EQ(data["series"][0]["values"], json({1, nullptr, 3}));
}

TEST(DateChart, TimesWithinTheDayAreMinutes) {
  DateChart chart;
  chart.frequency = Frequency::kFiveMinutes;
  chart.times = {{0}, {300'000'000'000}};
  chart.series = {{.name = "Equity", .values = {1, 2}}};
  const std::string html = html_of(chart);
  EXPECT_EQ(data_of(html)["step"], 60);
  EXPECT_EQ(data_of(html)["times"], json({0, 5}));
  EXPECT_TRUE(holds(html, "1970-01-01T00:05:00Z"));
}

TEST(DateChart, TenYearsOfSixSeriesInFiveChartsStayBelowAMegabyte) {
  Page made = page();
  for (int i = 0; i < 5; ++i) {
    DateChart chart = days(2520);
    for (int s = 0; s < 6; ++s) {
      Series series{.name = "Series"};
      for (int t = 0; t < 2520; ++t) series.values.push_back(1e6 * std::exp(std::sin(t * 1.7 + s)));
      chart.series.push_back(series);
    }
    made.chart(chart);
  }
  EXPECT_LT(made.html().size(), 1'000'000u);
}

TEST(DateChart, LongTablesAreThinnedAndSaySo) {
  DateChart chart = days(2520);
  chart.series = {{.name = "Equity", .values = std::vector<double>(2520, 1)}};
  const std::string html = html_of(chart);
  // Rows 0, 20, ... 2500 and the last.
  EXPECT_TRUE(holds(html, "Table: 127 of 2,520 rows (1 in 20, and the last)"));
  EXPECT_EQ(count_of(between(html, "<tbody", "</tbody>"), "<tr>"), 127u);
  EXPECT_TRUE(holds(html, "<tr><th>" + to_string(Date{19'000 + 2519})));
  EXPECT_EQ(data_of(html)["times"].size(), 2520u);
}

TEST(DateChart, LongSeriesAreThinnedAndSaySo) {
  DateChart chart = days(20'001);
  chart.series = {{.name = "Equity", .values = std::vector<double>(20'001, 1)}};
  const std::string html = html_of(chart);
  EXPECT_EQ(data_of(html)["times"].size(), 6'668u);  // 0, 3, ... 20,000, which is 3 * 6,666 + 2
  EXPECT_TRUE(holds(html, "Drawn: 6,668 of 20,001 points, 1 in 3."));
}

TEST(DateChart, MayBeEmpty) {
  DateChart chart;
  chart.series = {{.name = "Equity"}};
  const std::string html = html_of(chart);
  EXPECT_EQ(data_of(html)["times"], json::array());
  EXPECT_TRUE(holds(html, "Table: 0 rows"));
}

TEST(NumberChart, CarriesBandsAndUnits) {
  NumberChart chart;
  chart.x = {.title = "Probability", .unit = Unit::kPercent};
  chart.points = {0.25, 0.5};
  chart.series = {{.name = "Model", .values = {1, 2}, .low = {0, 1}, .high = {2, kInfinity}}};
  const std::string html = html_of(chart);
  const json data = data_of(html);
  EXPECT_EQ(data["x"]["unit"], "percent");
  EXPECT_EQ(data["series"][0]["low"], json({0, 1}));
  EXPECT_EQ(data["series"][0]["high"], json({2, nullptr}));
  EXPECT_TRUE(holds(html, "<tr><th class=\"n\">25.00 %<td>1<td>0<td>2\n"));
}

TEST(HeatMap, ShadesMeetAtZeroAndEndAtTheLimit) {
  HeatMap map;
  map.rows = {"r"};
  map.columns = {"a", "b", "c", "d", "e"};
  map.values = {-1, -0.5, 0, 0.2, kNan};
  map.limit = 1;
  const std::string cells = between(html_of(map), "<th scope=\"row\">r</th>", "</tr>");
  // Five shades a side: -1 is the fifth, -0.5 is between two and three and goes outwards, 0.2 the
  // first.
  EXPECT_EQ(cells,
            "<td class=\"h-5\">\u22121.00</td><td class=\"h-3\">\u22120.50</td>"
            "<td class=\"h0\">0.00</td><td class=\"h1\">0.20</td><td>\u2013</td>");
}

TEST(HeatMap, FromLowBeginsAtTheLeastValue) {
  HeatMap map;
  map.rows = {"r"};
  map.columns = {"a", "b"};
  map.values = {3, 4};
  map.scale = HeatMap::Scale::kFromLow;
  const std::string cells = between(html_of(map), "<th scope=\"row\">r</th>", "</tr>");
  EXPECT_EQ(cells, "<td class=\"h0\">3.00</td><td class=\"h5\">4.00</td>");
}

TEST(HeatMap, OfEqualOrMissingValuesHasOneShade) {
  for (const double value : {0.0, kNan}) {
    HeatMap map;
    map.rows = {"r"};
    map.columns = {"a"};
    map.values = {value};
    const std::string html = html_of(map);
    EXPECT_FALSE(holds(html, "class=\"shades\""));
    EXPECT_EQ(holds(html, "<td class=\"h0\">0.00</td>"), !std::isnan(value));
  }
}

TEST(Page, SeriesSayWhereTheyAreDots) {
  NumberChart chart;
  chart.points = {0, 1};
  Series dots;
  dots.name = "dots";
  dots.values = {kNan, 1};
  dots.marks = Series::Marks::kDots;
  Series line;
  line.name = "line";
  line.values = {0, 1};
  chart.series = {dots, line};
  Page made = page();
  made.chart(chart);
  EXPECT_TRUE(holds(made.html(), "{\"name\":\"dots\",\"values\":[null,1],\"dots\":true}"));
  EXPECT_TRUE(holds(made.html(), "{\"name\":\"line\",\"values\":[0,1]}"));
}

TEST(PageText, FiguresOfASentenceHaveMinusSignsAndNamesKeepTheirHyphens) {
  EXPECT_EQ(with_minus_signs("-1 and mean-2 (-0.5 %), x -3, a - 4, close[-5]"),
            "\u22121 and mean-2 (\u22120.5 %), x \u22123, a - 4, close[-5]");
}

TEST(Page, SeriesOfAnotherLengthStop) {
  DateChart chart = days(3);
  chart.series = {{.name = "Equity", .values = {1, 2}}};
  Page made = page();
  EXPECT_THROW(made.chart(chart), Error);
}

}  // namespace
}  // namespace tickwerk::report
