#include "tickwerk/report/check_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tickwerk::report {
namespace {

market::Bars bars() {
  market::Bars made;
  made.symbols = {"AAA", "BBB"};
  for (int day = 2; day <= 6; ++day) made.times.push_back(midnight(make_date(2024, 1, day)));
  return made;
}

/// A factor that changed for BBB on January 3 when the bars after January 4 were cut off, and a
/// label that could not be tested.
factor::CheckResult result() {
  factor::CheckResult made;
  made.cuts = {0, 2};
  made.seed = 7;
  factor::CheckedDefinition leaking;
  leaking.definition.name = "x";
  leaking.definition.place = "my.expr:3";
  leaking.reach.lookback = 5;
  leaking.leaks = {.first_row = 1,
                   .num_compared = 100,
                   .num_changed = 4,
                   .furthest = factor::Leak{.trial = factor::Trial::kCut,
                                            .last_row = 2,
                                            .row = 1,
                                            .symbol = 1,
                                            .bars_ahead = 2,
                                            .before = 1.5,
                                            .after = kNaN}};
  made.definitions.push_back(leaking);
  factor::CheckedDefinition label;
  label.definition.name = "y";
  label.definition.role = expr::Role::kLabel;
  label.reach.lookahead = 99;
  made.definitions.push_back(label);
  made.trusted = {{"mcap", "column"}, {"sector", "group"}};
  return made;
}

TEST(CheckText, SaysOfALeakWhereItIsAndHowFarItReads) {
  const std::string text = check_text(result(), bars());
  EXPECT_NE(
      text.find("LEAK x (my.expr:3): its value of 2024-01-03 for BBB was 1.5 and became NaN "
                "when the bars after 2024-01-04 were cut off: it reads at least 2 bars ahead; "
                "4 of 100 values changed"),
      std::string::npos)
      << text;
}

TEST(CheckText, SaysWhichLaterBarAColumnRepeats) {
  factor::CheckResult made = result();
  made.trusted[0].later_bar =
      factor::LaterBar{.says = "close", .bars_ahead = 1, .num_equal = 98, .num_compared = 99};
  const std::string text = check_text(made, bars());
  EXPECT_NE(text.find("column mcap repeats the close of 1 bar ahead (on 98 of 99 bars) and was "
                      "tested as such\ntrusted, not tested: sector (group)\n"),
            std::string::npos)
      << text;
  const auto json = nlohmann::json::parse(check_json(made, bars()));
  EXPECT_EQ(json["trusted"][0]["later_bar"]["bars_ahead"], 1);
  EXPECT_TRUE(json["trusted"][1]["later_bar"].is_null());
}

TEST(CheckText, ListsWhatIsTrustedAndWhatWasNotTested) {
  const std::string text = check_text(result(), bars());
  EXPECT_NE(text.find("trusted, not tested: mcap (column), sector (group)\n"), std::string::npos);
  EXPECT_NE(text.find("label   not tested"), std::string::npos) << text;
}

TEST(CheckJson, HoldsTheSame) {
  const auto json = nlohmann::json::parse(check_json(result(), bars()));
  EXPECT_EQ(json["leak"], true);
  EXPECT_EQ(json["cuts_after"], (std::vector<std::string>{"2024-01-02", "2024-01-04"}));
  const auto& leak = json["definitions"][0]["leak"];
  EXPECT_EQ(leak["symbol"], "BBB");
  EXPECT_EQ(leak["date"], "2024-01-03");
  EXPECT_EQ(leak["bars_ahead"], 2);
  EXPECT_EQ(json["definitions"][1]["leak"], nullptr);
  EXPECT_EQ(json["definitions"][1]["result"], "not tested");
}

}  // namespace
}  // namespace tickwerk::report
