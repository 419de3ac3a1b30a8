#include "tickwerk/model/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kReach = 10;

struct MarketSize {
  std::size_t num_bars = 700;
  std::size_t num_symbols = 12;
};

/// Random walks with a common part: the label is whether the next kReach returns sum to a gain,
/// the features are sums of the last 5, 20 and 60, and a walk of its own that knows no price.
Dataset honest(std::uint64_t seed, MarketSize size = {}) {
  RandomSequence random({seed, 77});
  const auto [num_bars, num_symbols] = size;
  Panel price(num_bars, num_symbols), walk(num_bars, num_symbols);
  for (std::size_t t = 1; t < num_bars; ++t) {
    const double market = random.uniform() - 0.5;
    for (std::size_t s = 0; s < num_symbols; ++s) {
      price(t, s) = price(t - 1, s) + 0.5 * market + random.uniform() - 0.5;
      walk(t, s) = walk(t - 1, s) + random.uniform() - 0.5;
    }
  }
  Dataset d;
  for (std::size_t t = 0; t < num_bars; ++t) {
    d.times.push_back(midnight(Date{static_cast<std::int32_t>(t)}));
  }
  for (std::size_t s = 0; s < num_symbols; ++s) d.symbols.push_back(fmt::format("S{:03}", s));
  d.feature_names = {"mom_5", "mom_20", "mom_60", "walk"};
  d.label_name = "gain";
  d.label_kind = LabelKind::kBinary;
  d.label_reach = kReach;
  constexpr std::size_t kWarmUp = 60;
  d.features = Panel(4, (num_bars - kReach - kWarmUp) * num_symbols);
  for (std::size_t t = kWarmUp; t + kReach < num_bars; ++t) {
    for (std::size_t s = 0; s < num_symbols; ++s) {
      const std::size_t r = d.num_rows();
      d.features(0, r) = price(t, s) - price(t - 5, s);
      d.features(1, r) = price(t, s) - price(t - 20, s);
      d.features(2, r) = price(t, s) - price(t - 60, s);
      d.features(3, r) = walk(t, s);
      d.bar.push_back(static_cast<std::uint32_t>(t));
      d.symbol.push_back(static_cast<std::uint32_t>(s));
      d.label_end.push_back(static_cast<std::uint32_t>(t + kReach));
      d.realized_return.push_back(price(t + kReach, s) - price(t, s));
      d.label.push_back(d.realized_return.back() > 0 ? 1 : 0);
    }
  }
  return d;
}

/// Value of `values` on the row of the same symbol `lag` bars on; NaN behind the last.
double later(const Dataset& d, const std::vector<double>& values, std::size_t r, std::size_t lag) {
  const std::size_t at = r + lag * d.symbols.size();
  return at < d.num_rows() ? values[at] : kNaN;
}

template <class Value>
Dataset planted(Value value, std::uint64_t seed = 1) {
  Dataset d = honest(seed);
  for (std::size_t r = 0; r < d.num_rows(); ++r) d.features(1, r) = value(d, r);
  return d;
}

const AuditLine* find(const std::vector<AuditLine>& lines, std::string_view check) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const AuditLine& line) { return line.check == check; });
  return found == lines.end() ? nullptr : &*found;
}

/// The only feature named must be the one that was planted.
void expect_named(const Dataset& dataset, const std::string& words, const std::string& what) {
  const std::vector<AuditLine> lines = audit_copies(dataset);
  const AuditLine* line = find(lines, "feature mom_20");
  ASSERT_NE(line, nullptr) << what;
  EXPECT_EQ(line->verdict, AuditVerdict::kLeak) << what << ": " << line->text;
  EXPECT_NE(line->text.find(words), std::string::npos) << what << ": " << line->text;
  EXPECT_GT(line->value.value_or(0), line->limit.value_or(1)) << what;
  EXPECT_EQ(lines.size(), 2u) << what;
}

TEST(AuditCopies, NamesALabelAndTheReturnItIsMadeFrom) {
  expect_named(planted([](const Dataset& d, std::size_t r) { return d.label[r]; }), "its row",
               "label");
  expect_named(planted([](const Dataset& d, std::size_t r) { return -d.realized_return[r]; }),
               "realized return of its row", "return");
}

TEST(AuditCopies, NamesTheLabelOfALaterBar) {
  for (const std::size_t lag : {1, 3, 10, 17}) {
    const auto ahead = [lag](const Dataset& d, std::size_t r) {
      return later(d, d.realized_return, r, lag);
    };
    const std::string words = fmt::format("symbol's {}", lag);
    expect_named(planted(ahead), words, fmt::format("return {} bars on", lag));
    const auto label = [lag](const Dataset& d, std::size_t r) { return later(d, d.label, r, lag); };
    expect_named(planted(label), words, fmt::format("label {} bars on", lag));
  }
}

TEST(AuditCopies, NamesWhatNoiseAndMonotoneFunctionsHide) {
  const RandomStream noise{.seed = 3, .stream = 5};
  expect_named(planted([&](const Dataset& d, std::size_t r) {
                 return later(d, d.realized_return, r, 2) + 0.4 * (noise.uniform(r) - 0.5);
               }),
               "symbol's 2nd", "noise");
  expect_named(planted([](const Dataset& d, std::size_t r) {
                 return std::exp(5 * later(d, d.realized_return, r, 4));
               }),
               "symbol's 4th", "exponential");
  // A scale and a level of each date leave the ranks within it.
  expect_named(planted([&](const Dataset& d, std::size_t r) {
                 const double scale = 0.1 + noise.uniform(1'000'000 + d.bar[r]);
                 return 100 * noise.uniform(2'000'000 + d.bar[r]) + scale * d.realized_return[r];
               }),
               "within dates", "level of each date");
  // A level of each symbol leaves those over time.
  expect_named(planted([](const Dataset& d, std::size_t r) {
                 return 1000.0 * d.symbol[r] + d.realized_return[r];
               }),
               "over time", "level of each symbol");
}

TEST(AuditCopies, WarnsOfWhatIsMoreThanAPriceCanKnow) {
  const RandomStream noise{.seed = 3, .stream = 6};
  const auto lines = audit_copies(planted([&](const Dataset& d, std::size_t r) {
    return d.realized_return[r] + 4 * (noise.uniform(r) - 0.5);
  }));
  const AuditLine* line = find(lines, "feature mom_20");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->verdict, AuditVerdict::kWarning) << line->text;
}

TEST(AuditCopies, LeavesHonestFeaturesAlone) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const MarketSize size : {MarketSize{700, 12}, MarketSize{300, 3}, MarketSize{900, 1}}) {
      const auto lines = audit_copies(honest(seed, size));
      ASSERT_EQ(lines.size(), 1u) << lines[0].check << ": " << lines[0].text;
      EXPECT_EQ(lines[0].verdict, AuditVerdict::kOk);
    }
  }
}

TEST(AuditCopies, LooksAtWholeSymbolsWhereThereAreTooManyRows) {
  const Dataset d =
      planted([](const Dataset& all, std::size_t r) { return later(all, all.label, r, 3); });
  const auto lines = audit_copies(d, {.max_rows = d.num_rows() / 3});
  ASSERT_NE(find(lines, "feature mom_20"), nullptr);
  EXPECT_EQ(find(lines, "feature mom_20")->verdict, AuditVerdict::kLeak);
  EXPECT_NE(find(lines, "copies")->text.find(fmt::format("sample of {}", d.num_rows() / 3)),
            std::string::npos);
}

TEST(AuditCopies, ConstantAndMissingFeaturesAreNoCopies) {
  Dataset d = planted([](const Dataset&, std::size_t) { return kNaN; });
  for (std::size_t r = 0; r < d.num_rows(); ++r) d.features(0, r) = 7;
  const auto lines = audit_copies(d);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].verdict, AuditVerdict::kOk);
}

TEST(AuditRows, CountsEachKindOfBrokenRow) {
  const auto broken = [](auto change, std::string_view check) {
    Dataset d = honest(1);
    change(d);
    const auto lines = audit_rows(d);
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const AuditLine& l) { return l.verdict == AuditVerdict::kLeak; }),
              1)
        << check;
    const AuditLine* line = find(lines, check);
    EXPECT_EQ(line->verdict, AuditVerdict::kLeak) << check;
    EXPECT_EQ(line->value, 1.0) << check;
    EXPECT_NE(line->text.find("row 31"), std::string::npos) << line->text;
  };
  broken([](Dataset& d) { d.symbol[30] = d.symbol[29]; }, "keys");
  broken([](Dataset& d) { d.label_end[30] = 700; }, "data end");
  broken([](Dataset& d) { d.label_end[30] = d.bar[30] + kReach - 1; }, "label windows");
  broken(
      [](Dataset& d) {
        d.exit_bar = d.label_end;
        ++d.exit_bar[30];
      },
      "label windows");
}

TEST(AuditRows, RowsThatAreBrokenAreSplitByNobody) {
  Dataset d = honest(1);
  d.label_end[30] = 0;
  const auto lines = audit(d, {});
  EXPECT_TRUE(has_leak(lines));
  EXPECT_EQ(lines.back().verdict, AuditVerdict::kNotTested);
}

TEST(AuditDescription, NamesWhatReadsAheadByItsOwnWords) {
  const Dataset d = honest(1);
  DatasetDescription description;
  for (const std::string& name : d.feature_names) description.features.push_back({name, "f", {}});
  EXPECT_FALSE(has_leak(audit_description(d, description)));
  description.features[2].reach.lookahead = 3;
  const auto lines = audit_description(d, description);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].check, "feature mom_60");
  EXPECT_EQ(lines[0].value, 3.0);
  Dataset labels = honest(1);
  labels.feature_names[0] = "realized_return";
  EXPECT_EQ(audit_description(labels, {})[0].verdict, AuditVerdict::kLeak);
}

TEST(AuditSplits, FindsNoTrainingLabelThatMeetsATest) {
  AuditConfig config;
  config.splits.min_train_dates = 60;
  for (const auto& line : audit_splits(honest(1), config)) {
    EXPECT_EQ(line.verdict, AuditVerdict::kOk) << line.text;
    EXPECT_EQ(line.value, 0.0);
  }
}

TEST(AuditSplits, CountsWhatMeetsWithoutThePurgeByHand) {
  // 92 dates of one symbol, 4 folds of 23: of the fold before a test part 2 labels of reach 2
  // meet it, of the fold after it the first 2 rows are read by its labels. Inner borders count
  // twice, once from each side: 3 borders x (2 + 2).
  Dataset d = honest(1, {.num_bars = 162, .num_symbols = 1});
  ASSERT_EQ(d.num_rows(), 92u);
  d.label_reach = 2;
  for (std::size_t r = 0; r < d.num_rows(); ++r) d.label_end[r] = d.bar[r] + 2;
  AuditConfig config{.schemes = {SplitScheme::kPurgedKFold}};
  config.splits.num_splits = 4;
  config.splits.min_train_dates = 1;
  const auto lines = audit_splits(d, config);
  EXPECT_EQ(lines[0].verdict, AuditVerdict::kOk);
  EXPECT_NE(lines[0].text.find("without the purge 12 of 276"), std::string::npos) << lines[0].text;
}

TEST(AuditSplits, TooFewDatesAreNotTested) {
  const auto lines = audit_splits(honest(1, {.num_bars = 200, .num_symbols = 2}));
  for (const auto& line : lines) EXPECT_EQ(line.verdict, AuditVerdict::kNotTested);
}

class AuditShifts : public testing::TestWithParam<SplitScheme> {};

TEST_P(AuditShifts, NothingIsKnownWithThePurgeAndSomethingWithoutIt) {
  const int num_markets = GetParam() == SplitScheme::kWalkForward ? 24 : 8;
  double sum = 0, squares = 0;
  for (int seed = 1; seed <= num_markets; ++seed) {
    const Dataset d = honest(static_cast<std::uint64_t>(seed), {700, 20});
    const auto lines = audit_shifts(d, {.schemes = {GetParam()}});
    ASSERT_EQ(lines.size(), 1u);
    // Ok says both: no more than its limit with the purge, more than that without.
    EXPECT_EQ(lines[0].verdict, AuditVerdict::kOk) << lines[0].text;
    const double auc = lines[0].value.value_or(1);
    sum += auc;
    squares += auc * auc;
  }
  const double mean = sum / num_markets;
  const double error = std::sqrt((squares / num_markets - mean * mean) / (num_markets - 1));
  EXPECT_LT(error, 0.02);
  EXPECT_NEAR(mean, 0.5, 4 * error);
}

TEST_P(AuditShifts, ALabelThatReadsFurtherThanItSaysIsALeak) {
  // Splits believe in a reach of 4 where labels read 10 bars.
  Dataset d = honest(4, {.num_bars = 900, .num_symbols = 40});
  d.label_reach = 4;
  for (std::size_t r = 0; r < d.num_rows(); ++r) d.label_end[r] = d.bar[r] + 4;
  AuditConfig config{.schemes = {GetParam()}};
  config.splits.embargo = 0;
  const auto lines = audit_shifts(d, config);
  EXPECT_EQ(lines[0].verdict, AuditVerdict::kLeak) << lines[0].text;
}

TEST_P(AuditShifts, LabelsThatGoOnOfThemselvesAreNoLeak) {
  Dataset d = honest(4, {.num_bars = 700, .num_symbols = 20});
  for (std::size_t r = 0; r < d.num_rows(); ++r) d.realized_return[r] += 2.0 * d.symbol[r];
  const auto lines = audit_shifts(d, {.schemes = {GetParam()}});
  EXPECT_NE(lines[0].verdict, AuditVerdict::kLeak) << lines[0].text;
  EXPECT_GT(lines[0].value.value_or(0), 0.8);
}

TEST_P(AuditShifts, EqualSeedsGiveEqualLines) {
  const Dataset d = honest(2);
  const AuditConfig config{.schemes = {GetParam()}, .seed = 9};
  EXPECT_EQ(audit_shifts(d, config)[0].text, audit_shifts(d, config)[0].text);
}

INSTANTIATE_TEST_SUITE_P(Schemes,
                         AuditShifts,
                         testing::Values(SplitScheme::kWalkForward,
                                         SplitScheme::kPurgedKFold,
                                         SplitScheme::kCombinatorial));

}  // namespace
}  // namespace tickwerk::model
