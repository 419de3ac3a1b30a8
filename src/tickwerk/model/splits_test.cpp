#include "tickwerk/model/splits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

struct Rows {
  std::vector<std::uint32_t> bar = {};
  std::vector<std::uint32_t> label_end = {};
  std::size_t label_reach = 0;

  LabelWindows windows() const { return {bar, label_end, label_reach}; }
};

/// One row a bar, each label reading `reach` bars ahead.
Rows one_symbol(std::uint32_t num_bars, std::uint32_t reach) {
  Rows rows{.label_reach = reach};
  for (std::uint32_t t = 0; t + reach < num_bars; ++t) {
    rows.bar.push_back(t);
    rows.label_end.push_back(t + reach);
  }
  return rows;
}

/// Bars without rows, bars with several, labels of any length from `reach` to twice that.
Rows with_gaps(std::uint64_t seed) {
  RandomSequence random({seed, 1});
  Rows rows{.label_reach = random.below(12)};
  const auto num_bars = static_cast<std::uint32_t>(60 + random.below(60));
  for (std::uint32_t t = 0; t < num_bars; ++t) {
    for (std::uint64_t left = random.below(4); left > 0; --left) {
      const std::size_t length = rows.label_reach + random.below(rows.label_reach + 1);
      rows.bar.push_back(t);
      rows.label_end.push_back(t + static_cast<std::uint32_t>(length));
    }
  }
  return rows;
}

std::vector<std::size_t> list(const RowRanges& ranges) {
  std::vector<std::size_t> rows;
  for (const RowRange& range : ranges) {
    for (std::size_t r = range.first; r < range.last; ++r) rows.push_back(r);
  }
  return rows;
}

bool holds(const std::vector<std::size_t>& sorted, std::size_t row) {
  return std::binary_search(sorted.begin(), sorted.end(), row);
}

/// What must become of a row that is not tested, looked up one test row at a time.
enum class Fate { kTrains, kPurged, kEmbargoed, kTooLate };
Fate fate_of(const Rows& rows, const Split& split, std::size_t row, const SplitConfig& config) {
  if (config.scheme == SplitScheme::kWalkForward && rows.bar[row] > split.test_bars.front().first) {
    return Fate::kTooLate;
  }
  const std::size_t embargo = config.embargo.value_or(rows.label_reach);
  bool is_embargoed = false;
  for (std::size_t part = 0; part < split.test.size(); ++part) {
    std::uint32_t first_bar = rows.bar[split.test[part].first];
    std::uint32_t last_end = 0;
    for (std::size_t r = split.test[part].first; r < split.test[part].last; ++r) {
      first_bar = std::min(first_bar, rows.bar[r]);
      last_end = std::max(last_end, rows.label_end[r]);
    }
    for (std::uint32_t bar = rows.bar[row]; bar <= rows.label_end[row]; ++bar) {
      if (bar >= first_bar && bar <= last_end) return Fate::kPurged;
    }
    is_embargoed |= rows.bar[row] > last_end && rows.bar[row] <= last_end + embargo;
  }
  return is_embargoed ? Fate::kEmbargoed : Fate::kTrains;
}

void expect_as_by_brute_force(const Rows& rows, const Split& split, const SplitConfig& config) {
  const std::vector<std::size_t> train = list(split.train), test = list(split.test);
  std::map<Fate, std::size_t> count;
  for (std::size_t r = 0; r < rows.bar.size(); ++r) {
    if (holds(test, r)) {
      EXPECT_FALSE(holds(train, r)) << split.name << " row " << r;
      continue;
    }
    const Fate fate = fate_of(rows, split, r, config);
    ++count[fate];
    EXPECT_EQ(holds(train, r), fate == Fate::kTrains) << split.name << " row " << r;
  }
  EXPECT_EQ(split.num_purged, count[Fate::kPurged]) << split.name;
  EXPECT_EQ(split.num_embargoed, count[Fate::kEmbargoed]) << split.name;
}

void expect_compact(const RowRanges& ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_LT(ranges[i].first, ranges[i].last);
    EXPECT_TRUE(i == 0 || ranges[i].first > ranges[i - 1].last);
  }
}

SplitConfig config_of(SplitScheme scheme, std::size_t num_splits) {
  return {
      .scheme = scheme, .num_splits = num_splits, .min_train_dates = 1, .set_by = SetBy::kFlags};
}

std::string refusal(const SplitConfig& config, const Rows& rows) {
  try {
    make_splits(config, rows.windows());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    return error.what();
  }
  return "accepted";
}

TEST(Splits, WalkForwardTestsEqualWindowsOfDatesAfterTheFirst) {
  // 12 dates in 3 + 1 parts of 3; labels read 1 bar ahead.
  const Rows rows = one_symbol(13, 1);
  const std::vector<Split> splits =
      make_splits(config_of(SplitScheme::kWalkForward, 3), rows.windows());
  ASSERT_EQ(splits.size(), 3u);
  EXPECT_EQ(splits[0].name, "window 1 of 3");
  EXPECT_EQ(splits[0].test, (RowRanges{{3, 6}}));
  EXPECT_EQ(splits[0].train, (RowRanges{{0, 2}}));  // the label of row 2 reads bar 3
  EXPECT_EQ(splits[2].test, (RowRanges{{9, 12}}));
  EXPECT_EQ(splits[2].train, (RowRanges{{0, 8}}));
  EXPECT_EQ(splits[2].test_bars.front().first, 9u);
  EXPECT_EQ(splits[2].test_bars.front().last, 11u);
  EXPECT_EQ(splits[2].num_purged, 1u);
  EXPECT_EQ(splits[2].num_embargoed, 0u);
}

TEST(Splits, WindowsAreCutAtTheWholePartOfTheirShare) {
  // 10 dates in 3 parts: cuts at 3, 6 and 10.
  SplitConfig config = config_of(SplitScheme::kWalkForward, 2);
  const std::vector<Split> splits = make_splits(config, one_symbol(10, 0).windows());
  EXPECT_EQ(splits[0].test, (RowRanges{{3, 6}}));
  EXPECT_EQ(splits[1].test, (RowRanges{{6, 10}}));
}

TEST(Splits, ARollingWindowKeepsTheLastTrainingDates) {
  Rows rows{.label_reach = 1};  // two rows a bar
  for (std::uint32_t t = 0; t < 12; ++t) {
    rows.bar.insert(rows.bar.end(), 2, t);
    rows.label_end.insert(rows.label_end.end(), 2, t + 1);
  }
  SplitConfig config = config_of(SplitScheme::kWalkForward, 3);
  config.window = TrainWindow::kRolling;
  config.window_dates = 4;
  const std::vector<Split> splits = make_splits(config, rows.windows());
  EXPECT_EQ(splits[0].train, (RowRanges{{0, 4}}));   // bars 0 and 1: there are no more
  EXPECT_EQ(splits[1].train, (RowRanges{{2, 10}}));  // bars 1 to 4
  EXPECT_EQ(splits[2].train, (RowRanges{{8, 16}}));  // bars 4 to 7
}

TEST(Splits, AFoldIsPurgedOnBothSidesAndEmbargoedAfter) {
  // 20 dates in 4 folds; fold 2 tests bars 5 to 9, whose labels end at 11.
  const std::vector<Split> splits =
      make_splits(config_of(SplitScheme::kPurgedKFold, 4), one_symbol(22, 2).windows());
  EXPECT_EQ(splits[1].name, "fold 2 of 4");
  EXPECT_EQ(splits[1].test, (RowRanges{{5, 10}}));
  // Before: bars 3 and 4 read 5 and 6. After: bars 10 and 11 are read by the test part, 12 and 13
  // are the embargo.
  EXPECT_EQ(splits[1].train, (RowRanges{{0, 3}, {14, 20}}));
  EXPECT_EQ(splits[1].num_purged, 4u);
  EXPECT_EQ(splits[1].num_embargoed, 2u);
}

TEST(Splits, GroupsThatTouchAreOnePart) {
  const std::vector<Split> splits =
      make_splits(config_of(SplitScheme::kCombinatorial, 4), one_symbol(20, 0).windows());
  ASSERT_EQ(splits.size(), 6u);
  EXPECT_EQ(splits[0].name, "groups 1+2 of 4");
  EXPECT_EQ(splits[0].test, (RowRanges{{0, 10}}));
  EXPECT_EQ(splits[0].test_bars.size(), 1u);
  EXPECT_EQ(splits[1].name, "groups 1+3 of 4");
  EXPECT_EQ(splits[1].test, (RowRanges{{0, 5}, {10, 15}}));
  EXPECT_EQ(splits[5].name, "groups 3+4 of 4");
}

TEST(Splits, AgreeWithBruteForceOnRandomLabelsWithGaps) {
  int num_compared = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Rows rows = with_gaps(seed);
    for (const SplitScheme scheme :
         {SplitScheme::kWalkForward, SplitScheme::kPurgedKFold, SplitScheme::kCombinatorial}) {
      SplitConfig config = config_of(scheme, 3 + seed % 3);
      if (seed % 3 != 0) config.embargo = seed % 7;
      std::vector<Split> splits;
      try {
        splits = make_splits(config, rows.windows());
      } catch (const Error&) {
        continue;  // nothing was left to train on
      }
      for (const Split& split : splits) {
        SCOPED_TRACE(seed);
        expect_as_by_brute_force(rows, split, config);
        expect_compact(split.train);
        expect_compact(split.test);
        ++num_compared;
      }
    }
  }
  EXPECT_GT(num_compared, 500);
}

TEST(Splits, EveryRowIsTestedAsOftenAsTheSchemeSays) {
  const Rows rows = one_symbol(63, 3);
  const auto times_tested = [&](const SplitConfig& config) {
    std::vector<std::size_t> times(rows.bar.size(), 0);
    for (const Split& split : make_splits(config, rows.windows())) {
      for (const std::size_t row : list(split.test)) ++times[row];
    }
    return std::set<std::size_t>(times.begin(), times.end());
  };
  EXPECT_EQ(times_tested(config_of(SplitScheme::kPurgedKFold, 5)), std::set<std::size_t>{1});
  EXPECT_EQ(times_tested(config_of(SplitScheme::kWalkForward, 5)), (std::set<std::size_t>{0, 1}));
  SplitConfig config = config_of(SplitScheme::kCombinatorial, 6);
  EXPECT_EQ(times_tested(config), std::set<std::size_t>{5});  // C(5, 1)
  config.num_test_groups = 3;
  config.embargo = 0;
  EXPECT_EQ(times_tested(config), std::set<std::size_t>{10});  // C(5, 2)
}

TEST(Splits, ADateIsNeverSplit) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rows rows = with_gaps(seed);
    for (const Split& split :
         make_splits(config_of(SplitScheme::kWalkForward, 2), rows.windows())) {
      for (const RowRange& range : split.test) {
        EXPECT_TRUE(range.first == 0 || rows.bar[range.first] != rows.bar[range.first - 1]);
        EXPECT_TRUE(range.last == rows.bar.size() ||
                    rows.bar[range.last - 1] != rows.bar[range.last]);
      }
    }
  }
}

// The four mistakes found in public implementations.

TEST(SplitMistakes, ATrainingLabelThatEndsInsideTheTestPartIsDropped) {
  Rows rows = one_symbol(41, 1);
  rows.label_end[2] = 15;  // begins before fold 2, bars 10 to 19, and ends inside
  const Split split = make_splits(config_of(SplitScheme::kPurgedKFold, 4), rows.windows())[1];
  EXPECT_FALSE(holds(list(split.train), 2));
  EXPECT_TRUE(holds(list(split.train), 1));
  rows.label_end[2] = 25;  // and one that spans the whole of it
  EXPECT_FALSE(holds(
      list(make_splits(config_of(SplitScheme::kPurgedKFold, 4), rows.windows())[1].train), 2));
}

TEST(SplitMistakes, TheEmbargoCountsBarsOfTheMarketNotRows) {
  // Three rows a bar: counted in rows, an embargo of 3 would be over after one bar.
  Rows rows;
  for (std::uint32_t t = 0; t < 20; ++t) {
    rows.bar.insert(rows.bar.end(), 3, t);
    rows.label_end.insert(rows.label_end.end(), 3, t);
  }
  SplitConfig config = config_of(SplitScheme::kPurgedKFold, 4);
  config.embargo = 3;
  const Split split = make_splits(config, rows.windows())[0];  // tests bars 0 to 4
  EXPECT_EQ(split.train, (RowRanges{{8 * 3, 60}}));
  EXPECT_EQ(split.num_embargoed, 9u);
}

TEST(SplitMistakes, TheEmbargoBeginsAfterTheLastLabelNotAfterTheLastTestRow) {
  const Rows rows = one_symbol(45, 5);
  SplitConfig config = config_of(SplitScheme::kPurgedKFold, 4);
  config.embargo = 3;
  const Split split = make_splits(config, rows.windows())[0];  // bars 0 to 9, labels to 14
  EXPECT_EQ(split.train, (RowRanges{{18, 40}}));
}

TEST(SplitMistakes, ThePurgeBeginsAtTheFirstTestBarNotAtTheLabelsEnd) {
  // The labels of fold 2, bars 5 to 9, end at 8 and later; a row whose label ends at 6 meets the
  // test part all the same.
  const Rows rows = one_symbol(23, 3);
  const Split split = make_splits(config_of(SplitScheme::kPurgedKFold, 4), rows.windows())[1];
  EXPECT_EQ(split.train.front(), (RowRange{0, 2}));
}

TEST(SplitMistakes, SegmentsOfACombinatorialSplitPurgeOnlyAroundThemselves) {
  // Groups 1 and 4 of 5, ten bars each: what lies between them trains.
  SplitConfig config = config_of(SplitScheme::kCombinatorial, 5);
  config.embargo = 0;
  const std::vector<Split> splits = make_splits(config, one_symbol(52, 2).windows());
  const Split& split = splits[2];
  ASSERT_EQ(split.name, "groups 1+4 of 5");
  EXPECT_EQ(split.train, (RowRanges{{12, 28}, {42, 50}}));
  EXPECT_EQ(split.num_purged, 6u);
}

TEST(Splits, WithoutThePurgeEverythingElseTrains) {
  SplitConfig config = config_of(SplitScheme::kWalkForward, 3);
  config.purge = Purge::kNone;
  EXPECT_EQ(make_splits(config, one_symbol(17, 5).windows())[0].train, (RowRanges{{0, 3}}));
  config.scheme = SplitScheme::kPurgedKFold;
  const Split split = make_splits(config, one_symbol(17, 5).windows())[1];
  EXPECT_EQ(split.train, (RowRanges{{0, 4}, {8, 12}}));
  EXPECT_EQ(split.num_purged + split.num_embargoed, 0u);
}

TEST(SplitErrors, SayWhatMustHoldAndWhatWasFound) {
  const Rows rows = one_symbol(20, 0);
  EXPECT_EQ(refusal(config_of(SplitScheme::kWalkForward, 0), rows),
            "--splits must be at least 1, found 0");
  EXPECT_EQ(refusal(config_of(SplitScheme::kPurgedKFold, 1), rows),
            "--splits must be at least 2 for folds, found 1");
  EXPECT_EQ(refusal(config_of(SplitScheme::kWalkForward, 20), rows),
            "20 splits need at least 21 dates with rows, found 20 (fewer --splits, or more bars)");
  EXPECT_EQ(refusal(config_of(SplitScheme::kPurgedKFold, 21), rows),
            "21 splits need at least 21 dates with rows, found 20 (fewer --splits, or more bars)");
  SplitConfig config = config_of(SplitScheme::kCombinatorial, 4);
  config.num_test_groups = 4;
  EXPECT_EQ(refusal(config, rows),
            "--test-groups must be in [1, 3], found 4 of 4 groups (--splits)");
  config.num_test_groups = 0;
  EXPECT_EQ(refusal(config, rows),
            "--test-groups must be in [1, 3], found 0 of 4 groups (--splits)");
  config.num_splits = 40;
  config.num_test_groups = 20;
  EXPECT_EQ(refusal(config, rows),
            "a combinatorial scheme must have at most 10000 splits, found more by 20 of 40 groups "
            "(--test-groups, --splits)");
  config = config_of(SplitScheme::kWalkForward, 2);
  config.window = TrainWindow::kRolling;
  EXPECT_EQ(refusal(config, rows), "--window must be at least 1, found 0");
  config = config_of(SplitScheme::kPurgedKFold, 2);
  config.purge = Purge::kNone;
  config.embargo = 3;
  EXPECT_EQ(refusal(config, rows), "--embargo needs the purge, found 3 bars with --no-purge");
}

TEST(SplitErrors, NameTheSplitThatHasTooFewDates) {
  SplitConfig config = config_of(SplitScheme::kWalkForward, 3);
  config.min_train_dates = 9;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "a split must train on at least 9 dates (--min-train), found 4 of 20 after 1 rows were "
            "purged and 0 embargoed (window 1 of 3): fewer windows (--splits, found 3) leave the "
            "first one more");
  config.window = TrainWindow::kRolling;
  config.window_dates = 3;
  config.num_splits = 1;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "a split must train on at least 9 dates (--min-train), found 3 of 20 after 1 rows were "
            "purged and 0 embargoed (window 1 of 1): --window 3 keeps no more");
}

TEST(SplitErrors, AdviseNothingWhereNoSplitCouldTrainOnEnough) {
  // 20 dates, labels of 1 bar: one window tests the last 10 and loses the row before them.
  SplitConfig config = config_of(SplitScheme::kWalkForward, 3);
  config.min_train_dates = 10;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "a split must train on at least 10 dates (--min-train), found 4 of 20 after 1 rows "
            "were purged and 0 embargoed (window 1 of 3): 20 dates with rows are too few for any "
            "split, a single window trains on at most 9");
  config.window = TrainWindow::kRolling;
  config.window_dates = 3;
  EXPECT_TRUE(refusal(config, one_symbol(21, 1)).ends_with("a single window trains on at most 9"));
  // A fold of one date in the middle loses that one and one on each side.
  config = config_of(SplitScheme::kPurgedKFold, 4);
  config.min_train_dates = 18;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "a split must train on at least 18 dates (--min-train), found 13 of 20 after 1 rows "
            "were purged and 1 embargoed (fold 1 of 4): 20 dates with rows are too few for any "
            "split, one that tests a single date trains on at most 17");
  config.min_train_dates = 17;
  EXPECT_TRUE(refusal(config, one_symbol(21, 1))
                  .ends_with("more folds (--splits, found 4), a shorter embargo (--embargo, found "
                             "1) leave it more"));
  config.num_splits = 20;
  config.embargo = 0;
  EXPECT_EQ(make_splits(config, one_symbol(21, 1).windows()).size(), 20u);
}

TEST(SplitErrors, CallASplitImpossibleOnlyWhereNoNumberOfSplitsIsAccepted) {
  std::size_t num_impossible = 0, num_possible = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Rows rows = with_gaps(seed);
    const std::set<std::uint32_t> dates(rows.bar.begin(), rows.bar.end());
    for (const SplitScheme scheme : {SplitScheme::kWalkForward, SplitScheme::kPurgedKFold}) {
      SplitConfig config = config_of(scheme, 5);
      config.embargo = 0;
      for (config.min_train_dates = 5; config.min_train_dates < dates.size();
           config.min_train_dates += 7) {
        config.num_splits = 5;
        const std::string text = refusal(config, rows);
        if (text.find("dates (--min-train)") == std::string::npos) continue;
        const bool is_impossible = text.find("too few for any split") != std::string::npos;
        bool is_accepted = false;
        for (config.num_splits = scheme == SplitScheme::kWalkForward ? 1 : 2;
             config.num_splits < dates.size() && !is_accepted; ++config.num_splits) {
          is_accepted = refusal(config, rows) == "accepted";
        }
        EXPECT_FALSE(is_impossible && is_accepted) << seed << " " << text;
        if (scheme == SplitScheme::kWalkForward) {
          EXPECT_NE(is_impossible, is_accepted) << text;
        }
        ++(is_impossible ? num_impossible : num_possible);
      }
    }
  }
  EXPECT_GT(num_impossible, 50u);
  EXPECT_GT(num_possible, 50u);
}

TEST(SplitErrors, NameNoFlagsWhereAJobHasNone) {
  SplitConfig config = config_of(SplitScheme::kWalkForward, 3);
  config.set_by = SetBy::kJob;
  config.min_train_dates = 9;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "a split must train on at least 9 dates, found 4 of 20 after 1 rows were purged and 0 "
            "embargoed (window 1 of 3): more bars leave it more");
  config.num_splits = 30;
  EXPECT_EQ(refusal(config, one_symbol(21, 1)),
            "30 splits need at least 31 dates with rows, found 20 (more bars)");
}

TEST(SplitErrors, AnEmbargoMayNotEmptyTheTrainingPart) {
  SplitConfig config = config_of(SplitScheme::kPurgedKFold, 2);
  config.embargo = 1'000'000'000'000;
  config.min_train_dates = 0;
  EXPECT_EQ(refusal(config, one_symbol(20, 0)),
            "a split must train on at least 1 dates (--min-train), found 0 of 20 after 0 rows were "
            "purged and 10 embargoed (fold 1 of 2): more folds (--splits, found 2), a shorter "
            "embargo (--embargo, found 1000000000000) leave it more");
  config = config_of(SplitScheme::kCombinatorial, 4);
  config.num_test_groups = 3;
  config.min_train_dates = 6;
  EXPECT_EQ(refusal(config, one_symbol(20, 0)),
            "a split must train on at least 6 dates (--min-train), found 5 of 20 after 0 rows were "
            "purged and 0 embargoed (groups 1+2+3 of 4): more groups (--splits, found 4), fewer "
            "tested together (--test-groups, found 3) leave it more");
}

TEST(SplitErrors, AReachLongerThanTheDataLeavesNothing) {
  EXPECT_EQ(refusal(config_of(SplitScheme::kWalkForward, 2), one_symbol(20, 25)),
            "splits need rows: there are none (the label reads 25 bars ahead)");
  Rows rows = one_symbol(20, 1);
  rows.label_reach = 30;
  EXPECT_EQ(refusal(config_of(SplitScheme::kWalkForward, 2), rows),
            "a label must read less than the data has: 30 bars ahead of 20");
}

}  // namespace
}  // namespace tickwerk::model
