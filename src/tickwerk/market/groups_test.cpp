#include "tickwerk/market/groups.h"

#include <cmath>

#include "tickwerk/market/load_fixture.h"

namespace tickwerk::market {
namespace {

class GroupsFile : public LoadFixture {
 protected:
  /// AAA, BBB, CCC on 2024-01-02, 03, 04.
  static Bars bars() {
    Bars bars;
    bars.symbols = {"AAA", "BBB", "CCC"};
    for (int day = 2; day <= 4; ++day) bars.times.push_back(midnight(make_date(2024, 1, day)));
    bars.fields.emplace("close", Panel(3, 3, 1.0));
    return bars;
  }

  Groups groups(std::string_view text) const { return load_groups(file("g.csv", text), bars()); }

  /// The labels of one symbol, `-` where it has none.
  static Names labels(const Groups& groups, std::string_view name, std::size_t symbol) {
    const Panel codes = group_codes(groups, name, bars().times);
    const auto at = std::find(groups.names.begin(), groups.names.end(), name);
    const auto& all = groups.labels[static_cast<std::size_t>(at - groups.names.begin())];
    Names found;
    for (std::size_t t = 0; t < codes.num_rows(); ++t) {
      const double code = codes(t, symbol);
      found.push_back(std::isnan(code) ? "-" : all[static_cast<std::size_t>(code)]);
    }
    return found;
  }

  void refuses(std::string_view text, const Names& words) const {
    try {
      groups(text);
      ADD_FAILURE() << "took " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kCorruptData);
      for (const std::string& word : words) {
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
      }
    }
  }
};

TEST_F(GroupsFile, GivesEveryDayTheCodeOfTheLine) {
  const Groups found = groups("symbol,sector\nAAA,Tech\nBBB,Energy\nCCC,Tech\nZZZ,Banks\n");
  EXPECT_EQ(found.names, Names{"sector"});
  EXPECT_EQ(found.labels[0], (Names{"Banks", "Energy", "Tech"}));
  EXPECT_EQ(labels(found, "sector", 0), (Names{"Tech", "Tech", "Tech"}));
  EXPECT_EQ(labels(found, "sector", 1), (Names{"Energy", "Energy", "Energy"}));
}

TEST_F(GroupsFile, SaysThatMembershipWithoutDatesIsAsOfToday) {
  const Groups undated = groups("symbol,sector\nAAA,a\nBBB,a\nCCC,a\n");
  ASSERT_EQ(undated.notes.size(), 1U);
  EXPECT_NE(undated.notes[0].find("membership is as of today"), std::string::npos);
  EXPECT_TRUE(
      groups("symbol,sector,start,end\nAAA,a,2020-01-01,\nBBB,a,,\nCCC,a,,\n").notes.empty());
}

TEST_F(GroupsFile, ListsTheSymbolsWithoutALineOnce) {
  const Groups found = groups("symbol,sector\nAAA,a\n");
  EXPECT_NE(found.notes[0].find("2 of 3 symbols have no line in g.csv"), std::string::npos);
  EXPECT_NE(found.notes[0].find("BBB, CCC"), std::string::npos);
  EXPECT_EQ(labels(found, "sector", 1), (Names{"-", "-", "-"}));
}

TEST_F(GroupsFile, ChangesOnTheDaysOfItsPeriods) {
  const Groups found = groups(
      "ticker,Sector,start_date,end_date\nAAA,Old,2000-01-01,2024-01-02\nAAA,New,2024-01-04,\n"
      "BBB,Old,,2024-01-03\nCCC,,,\n");
  EXPECT_EQ(found.dates, Groups::Dates::kSome);
  EXPECT_EQ(labels(found, "sector", 0), (Names{"Old", "-", "New"}));
  EXPECT_EQ(labels(found, "sector", 1), (Names{"Old", "Old", "-"}));
  EXPECT_EQ(labels(found, "sector", 2), (Names{"-", "-", "-"}));
}

TEST_F(GroupsFile, NamesAreThoseOfTheLanguage) {
  EXPECT_EQ(groups("symbol,GICS Sector,sub-industry (2)\nAAA,a,b\n").names,
            (Names{"gics_sector", "sub_industry__2_"}));
}

TEST_F(GroupsFile, OffersTheNearestName) {
  const Groups found = groups("symbol,sector,country\nAAA,a,US\n");
  try {
    group_codes(found, "sectr", bars().times);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_NE(std::string(error.what()).find("nearest: sector"), std::string::npos) << error.what();
  }
}

TEST_F(GroupsFile, TakesALineTwiceButNotTwoGroupsOnOneDay) {
  EXPECT_NO_THROW(groups("symbol,sector\nAAA,a\nAAA,a\n"));
  refuses("symbol,sector\nAAA,a\nAAA,b\n", {"AAA", "rows 2 and 3", "g.csv"});
  refuses("symbol,sector,start,end\nAAA,a,2020-01-01,2021-01-01\nAAA,b,2021-01-01,\n",
          {"AAA", "rows 2 and 3"});
  refuses(
      "symbol,sector,start,end\nAAA,a,2020-01-01,\nAAA,a,2020-02-01,2020-03-01\n"
      "AAA,b,2021-01-01,\n",
      {"rows 2 and 4"});
}

TEST_F(GroupsFile, RefusesWhatItCannotReadWithTheRow) {
  refuses("symbol,sector,start,end\nAAA,a,soon,\n", {"'soon'", "row 2"});
  refuses("symbol,sector,start,end\nAAA,a,2020-01-02,2020-01-01\n", {"2020-01-02", "row 2"});
  refuses("symbol,sector\nAAA,a\n,b\n", {"symbol", "row 3"});
  refuses("symbol,sector\nAAA,a,b\n", {"2 fields", "row 2"});
  refuses("symbol,sector,Sector\nAAA,a,b\n", {"sector"});
  refuses("symbol\nAAA\n", {"one for each group"});
  refuses("name,sector\nAAA,a\n", {"symbol"});
  refuses("", {"header"});
}

TEST_F(GroupsFile, ReadsTheSectorsOfTheRealSymbols) {
  const char* data = std::getenv("TICKWERK_DATA");
  const std::filesystem::path path =
      std::filesystem::path(data == nullptr ? "../shared/data" : data) / "sectors.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no real data at " << path;
  Bars real = bars();
  real.symbols = {"A", "AAL", "AAPL"};
  const Groups found = load_groups(path, real);
  EXPECT_EQ(found.names, (Names{"name", "sector", "in_panel"}));
  EXPECT_EQ(labels(found, "sector", 0)[0], "Health Care");
  EXPECT_EQ(found.labels[1].size(), 11U);
}

}  // namespace
}  // namespace tickwerk::market
