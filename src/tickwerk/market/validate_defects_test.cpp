// What the rules find, and what they miss, of 63 real defects in their context (defects_real.csv
// under TICKWERK_DATA, each context loaded apart).
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tickwerk/market/validate.h"

namespace tickwerk::market {
namespace {

struct Row {
  int line = 0;
  std::string case_number, source, symbol, date, defect;
  std::vector<double> values;  // open, high, low, close, volume
};

std::vector<Row> read_defects() {
  const char* folder = std::getenv("TICKWERK_DATA");
  if (folder == nullptr) return {};
  std::ifstream file(std::string(folder) + "/defects_real.csv");
  std::vector<Row> rows;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    if (++number == 1) continue;
    std::istringstream cells(line);
    Row row{.line = number,
            .case_number = {},
            .source = {},
            .symbol = {},
            .date = {},
            .defect = {},
            .values = {}};
    for (std::string* text : {&row.case_number, &row.source, &row.symbol, &row.date}) {
      std::getline(cells, *text, ',');
    }
    for (int i = 0; i < 5; ++i) {
      std::string value;
      std::getline(cells, value, ',');
      row.values.push_back(std::stod(value));
    }
    std::getline(cells, row.defect);
    if (row.defect.ends_with('\r')) row.defect.pop_back();
    rows.push_back(row);
  }
  return rows;
}

enum class Context { kApart, kJoined };

/// Rows of each case; joined: with those of the cases before it that end where a gap begins (no
/// defect of their own).
std::vector<std::vector<Row>> contexts(const std::vector<Row>& rows, Context context) {
  std::vector<std::vector<Row>> found;
  bool may_join = false;
  for (const Row& row : rows) {
    const bool begins = found.empty() || found.back().back().case_number != row.case_number;
    const bool joins = context == Context::kJoined && may_join && !found.empty() &&
                       found.back().back().symbol == row.symbol;
    if (begins && !joins) {
      found.emplace_back();
      may_join = true;
    }
    if (!row.defect.empty()) may_join = false;
    found.back().push_back(row);
  }
  return found;
}

ValidationReport validate_context(const std::vector<Row>& rows) {
  Bars bars;
  bars.symbols = {rows.front().symbol};
  BarSources sources{BasicPanel<std::int32_t>(rows.size(), 1), {}, {}};
  const char* fields[] = {"open", "high", "low", "close", "volume"};
  for (const char* field : fields) bars.fields.emplace(field, Panel(rows.size(), 1));
  for (std::size_t t = 0; t < rows.size(); ++t) {
    bars.times.push_back(midnight(*parse_date(rows[t].date)));
    sources.row(t, 0) = rows[t].line;
    for (std::size_t f = 0; f < 5; ++f) {
      bars.fields.find(fields[f])->second(t, 0) = rows[t].values[f];
    }
  }
  return validate_and_mask(bars, sources);
}

/// The rule that must find a defect; empty where no rule can tell it from a true move without
/// corporate actions.
std::optional<Rule> expected_rule(const std::string& defect) {
  static const std::map<std::string, Rule> rule_of = {
      {"high_below_low", Rule::kHighBelowLow},
      {"open_or_close_below_low", Rule::kOutsideRange},
      {"close_below_low", Rule::kOutsideRange},
      {"nonpositive_price", Rule::kNonPositivePrice},
      {"all_zero_prices", Rule::kNonPositivePrice},
      {"zero_volume", Rule::kZeroVolume},
      {"zero_volume_flat_bar", Rule::kZeroVolume},
      {"weekend_bar", Rule::kWeekendBar},
      {"decimal_shift_spike", Rule::kSpikeReverts},
      {"gap_over_30_days", Rule::kMissingSessions},
      {"next_day_2011-02-17_missing_market_wide", Rule::kMissingSessions},
  };
  const auto found = rule_of.find(defect);
  return found == rule_of.end() ? std::nullopt : std::optional(found->second);
}

struct Score {
  int defects = 0;
  int found = 0;
  bool operator==(const Score&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Score& score) {
  return out << score.found << " of " << score.defects;
}

struct Scores {
  std::map<std::string, Score> kinds;
  std::map<std::string, int> beyond;  // findings by rule that no label names
  Score total;
};

Scores score(const std::vector<Row>& rows, Context context) {
  Scores scores;
  for (const std::vector<Row>& part : contexts(rows, context)) {
    std::set<std::pair<std::int64_t, Rule>> left;
    for (const Finding& finding : validate_context(part).findings) {
      left.emplace(finding.source_row, finding.rule);
    }
    for (const Row& row : part) {
      if (row.defect.empty()) continue;
      const auto rule = expected_rule(row.defect);
      Score& kind = scores.kinds[rule ? row.defect : "unadjusted price or wrong action"];
      const int is_found = rule ? static_cast<int>(left.erase({row.line, *rule})) : 0;
      ++kind.defects;
      kind.found += is_found;
      ++scores.total.defects;
      scores.total.found += is_found;
    }
    for (const auto& [line, rule] : left) ++scores.beyond[std::string(info(rule).name)];
  }
  return scores;
}

class RealDefects : public testing::Test {
 protected:
  void SetUp() override {
    rows_ = read_defects();
    if (rows_.empty()) GTEST_SKIP() << "no defects_real.csv under TICKWERK_DATA";
  }

  std::vector<Row> rows_;
};

TEST_F(RealDefects, AreFoundButForGapsCutByTheirContextAndCorporateActions) {
  const Scores scores = score(rows_, Context::kApart);
  const std::map<std::string, Score> expected = {
      {"high_below_low", {8, 8}},
      {"open_or_close_below_low", {8, 8}},
      {"close_below_low", {1, 1}},
      {"nonpositive_price", {6, 6}},
      {"all_zero_prices", {1, 1}},
      {"zero_volume", {5, 5}},
      {"zero_volume_flat_bar", {1, 1}},
      {"weekend_bar", {3, 3}},
      {"decimal_shift_spike", {10, 10}},
      {"gap_over_30_days", {5, 0}},                         // the case begins after the gap
      {"next_day_2011-02-17_missing_market_wide", {1, 0}},  // this symbol has the day
      {"unadjusted price or wrong action", {14, 0}},
  };
  EXPECT_EQ(scores.kinds, expected);
  EXPECT_EQ(scores.total, (Score{63, 43}));
}

// Counted by hand: the neighbours of a labelled bar carry defects of their own (decimal shifts,
// zero prices, sessions without a trade), and a labelled bar often breaks a second rule.
TEST_F(RealDefects, ComeWithOthersThatNoLabelNames) {
  const std::map<std::string, int> expected = {{"high_below_low", 4},     {"outside_range", 11},
                                               {"non_positive_price", 3}, {"spike_reverts", 10},
                                               {"zero_volume", 4},        {"missing_sessions", 10}};
  EXPECT_EQ(score(rows_, Context::kApart).beyond, expected);
}

TEST_F(RealDefects, IncludeEveryGapOnceTheBarsBeforeItAreThere) {
  const Scores scores = score(rows_, Context::kJoined);
  EXPECT_EQ(scores.kinds.at("gap_over_30_days"), (Score{5, 5}));
  EXPECT_EQ(scores.total, (Score{63, 48}));
}

}  // namespace
}  // namespace tickwerk::market
