#include "tickwerk/market/validate_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tickwerk::market {
namespace {

using nlohmann::json;

Bars named_bars(std::vector<std::string> symbols) {
  Bars bars;
  bars.times = {midnight(make_date(2019, 1, 2)), midnight(make_date(2019, 1, 3))};
  bars.symbols = std::move(symbols);
  return bars;
}

Finding finding_of(Rule rule, std::size_t symbol, std::string detail) {
  return {.rule = rule,
          .symbol = symbol,
          .time = midnight(make_date(2019, 1, 3)),
          .source_row = 7,
          .source_file = "a.csv",
          .detail = std::move(detail)};
}

TEST(Sentence, SaysWhoWhenWhatAndWhere) {
  const Bars bars = named_bars({"AVB"});
  Finding finding = finding_of(Rule::kHighBelowLow, 0, "high 1 < low 2");
  EXPECT_EQ(sentence(finding, bars),
            "AVB 2019-01-03: high_below_low, high 1 < low 2 (row 7 of a.csv)");
  finding.source_file.clear();
  EXPECT_EQ(sentence(finding, bars), "AVB 2019-01-03: high_below_low, high 1 < low 2 (row 7)");
  finding.source_row = -1;
  finding.detail.clear();
  EXPECT_EQ(sentence(finding, bars), "AVB 2019-01-03: high_below_low");
}

TEST(ValidationTable, CountsEveryRuleAndQuotesTheBrokenOnes) {
  const Bars bars = named_bars({"A", "B|B"});
  ValidationReport report;
  report.num_bars = 4;
  report.num_masked = 1;
  add_findings(report, {finding_of(Rule::kHighBelowLow, 1, "high 1 < low 2")});
  const std::string text = validation_table(report, bars);
  EXPECT_EQ(text.substr(0, text.find('\n')), "4 bars in 2 symbols: 1 finding, 1 masked");
  EXPECT_NE(text.find("| high_below_low     | masked  | 1        | 1       |\n"), text.npos);
  EXPECT_NE(text.find("| stale_price        | warning | 0        | 0       |\n"), text.npos);
  EXPECT_NE(text.find("\n- high_below_low: high must not be below low\n\n"), text.npos);
  EXPECT_NE(text.find("| B\\|B   | high_below_low | masked | 1        | 2019-01-03 (row 7 of "
                      "a.csv) | high 1 < low 2 |\n"),
            text.npos);
}

TEST(ValidationTable, GivesOneLineToSymbolsWithTheVerySameFindings) {
  const Bars bars = named_bars({"A", "B", "C", "D", "E"});
  ValidationReport report;
  std::vector<Finding> findings;
  findings.reserve(5);
  for (std::size_t s = 0; s < 5; ++s) {
    findings.push_back(finding_of(Rule::kMissingSessions, s, s == 2 ? "2 missing" : "1 missing"));
  }
  add_findings(report, std::move(findings));
  const std::string text = validation_table(report, bars);
  EXPECT_NE(text.find("| A and 3 more | missing_sessions | warning | 4 "), text.npos);
  EXPECT_NE(text.find("| C            | missing_sessions | warning | 1 "), text.npos);
  EXPECT_EQ(text.find("| D "), text.npos);
}

TEST(ValidationTable, ShowsTheFirstThreeDates) {
  const Bars bars = named_bars({"A"});
  ValidationReport report;
  std::vector<Finding> findings;
  for (int day = 0; day < 4; ++day) {
    Finding finding = finding_of(Rule::kZeroVolume, 0, "volume 0");
    finding.time = midnight(make_date(2019, 1, 7 + day));
    finding.source_row = -1;
    finding.source_file.clear();
    findings.push_back(finding);
  }
  add_findings(report, std::move(findings));
  EXPECT_NE(validation_table(report, bars)
                .find("| 4        | 2019-01-07, 2019-01-08, 2019-01-09, ... | volume 0 "),
            std::string::npos);
}

TEST(ValidationJson, HoldsEveryFindingAndEveryRule) {
  const Bars bars = named_bars({"A", "B"});
  ValidationReport report;
  report.num_bars = 4;
  Finding unknown_place = finding_of(Rule::kZeroVolume, 0, "volume 0");
  unknown_place.source_row = -1;
  unknown_place.source_file.clear();
  add_findings(report, {finding_of(Rule::kSpikeReverts, 1, "up"), unknown_place});
  const json document = json::parse(validation_json(report, bars));
  EXPECT_EQ(document["schema"], "tickwerk.validation.v1");
  EXPECT_EQ(document["num_findings"], 2);
  EXPECT_EQ(document["num_bars"], 4);
  EXPECT_EQ(document["findings"][0],
            json::parse(R"({"symbol": "A", "time": "2019-01-03", "rule": "zero_volume",
                            "effect": "warning", "row": null, "file": null,
                            "detail": "volume 0"})"));
  EXPECT_EQ(document["findings"][1]["row"], 7);
  EXPECT_EQ(document["findings"][1]["file"], "a.csv");
  ASSERT_EQ(document["rules"].size(), rules().size());
  EXPECT_EQ(document["rules"][4]["name"], "spike_reverts");
  EXPECT_EQ(document["rules"][4]["findings"], 1);
  EXPECT_EQ(document["rules"][4]["symbols"], 1);
}

TEST(ValidationJson, SurvivesSymbolsThatAreNotUtf8) {
  const Bars bars = named_bars({"A\xff"});
  ValidationReport report;
  add_findings(report, {finding_of(Rule::kZeroVolume, 0, "volume 0")});
  EXPECT_EQ(json::parse(validation_json(report, bars))["findings"].size(), 1u);
}

}  // namespace
}  // namespace tickwerk::market
