#include "tickwerk/model/splits.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

/// More splits than anybody fits; binomial coefficients pass it soon.
constexpr std::size_t kMaxSplits = 10'000;

/// The bars that have rows. Date d has rows [first_row[d], first_row[d + 1]).
struct Dates {
  std::vector<std::uint32_t> bar;
  std::vector<std::size_t> first_row;

  std::size_t size() const noexcept { return bar.size(); }
};

Dates dates_of(const LabelWindows& windows) {
  Dates dates;
  for (std::size_t r = 0; r < windows.bar.size(); ++r) {
    const std::uint32_t bar = windows.bar[r];
    TW_CHECK(windows.label_end[r], >=, bar);
    if (!dates.bar.empty() && dates.bar.back() == bar) continue;
    if (!dates.bar.empty()) TW_CHECK(dates.bar.back(), <, bar);
    dates.bar.push_back(bar);
    dates.first_row.push_back(r);
  }
  dates.first_row.push_back(windows.bar.size());
  return dates;
}

/// Dates [first, last) that are tested, and what training has to keep clear of.
struct TestPart {
  std::size_t first_date, last_date;
  std::uint32_t first_bar, last_bar, last_label_end;
};

class SplitMaker {
 public:
  SplitMaker(const SplitConfig& config, const LabelWindows& windows)
      : config_(config),
        windows_(windows),
        dates_(dates_of(windows)),
        embargo_(config.embargo.value_or(windows.label_reach)) {}

  std::vector<Split> make() const {
    require_valid();
    std::vector<Split> splits;
    switch (config_.scheme) {
      case SplitScheme::kWalkForward:
        for (std::size_t i = 0; i < config_.num_splits; ++i) {
          splits.push_back(enough(walk_forward(i)));
        }
        break;
      case SplitScheme::kPurgedKFold:
        for (std::size_t i = 0; i < config_.num_splits; ++i) {
          splits.push_back(enough(around(fmt::format("fold {} of {}", i + 1, config_.num_splits),
                                         parts_of(std::vector{i}))));
        }
        break;
      case SplitScheme::kCombinatorial:
        for_each_choice([&](const std::vector<std::size_t>& groups) {
          std::vector<std::size_t> numbers = groups;
          for (std::size_t& number : numbers) ++number;
          splits.push_back(enough(
              around(fmt::format("groups {} of {}", fmt::join(numbers, "+"), config_.num_splits),
                     parts_of(groups))));
        });
        break;
    }
    return splits;
  }

 private:
  [[noreturn]] static void refuse(const std::string& message) {
    throw Error(Code::kInvalidArgument, message);
  }

  bool has_flags() const noexcept { return config_.set_by == SetBy::kFlags; }

  std::size_t num_parts() const noexcept {
    return config_.num_splits + (config_.scheme == SplitScheme::kWalkForward ? 1 : 0);
  }

  void require_valid() const {
    const std::size_t n = config_.num_splits;
    if (n < 1) refuse(fmt::format("--splits must be at least 1, found {}", n));
    if (config_.scheme != SplitScheme::kWalkForward && n < 2) {
      refuse(fmt::format("--splits must be at least 2 for folds, found {}", n));
    }
    if (config_.scheme == SplitScheme::kWalkForward && config_.window == TrainWindow::kRolling &&
        config_.window_dates == 0) {
      refuse("--window must be at least 1, found 0");
    }
    if (config_.purge == Purge::kNone && config_.embargo.value_or(0) != 0) {
      refuse(fmt::format("--embargo needs the purge, found {} bars with --no-purge",
                         *config_.embargo));
    }
    if (dates_.size() == 0) {
      refuse(fmt::format("splits need rows: there are none (the label reads {} bars ahead)",
                         windows_.label_reach));
    }
    if (config_.scheme == SplitScheme::kCombinatorial) require_valid_choice();
    if (n > kMaxSplits) {
      refuse(fmt::format("--splits must be at most {}, found {}", kMaxSplits, n));
    }
    const std::size_t last_bar =
        *std::max_element(windows_.label_end.begin(), windows_.label_end.end());
    const std::size_t num_bars = last_bar - dates_.bar.front() + 1;
    if (windows_.label_reach >= num_bars) {
      refuse(fmt::format("a label must read less than the data has: {} bars ahead of {}",
                         windows_.label_reach, num_bars));
    }
    if (dates_.size() < num_parts()) {
      refuse(fmt::format("{} splits need at least {} dates with rows, found {} ({}more bars)", n,
                         num_parts(), dates_.size(), has_flags() ? "fewer --splits, or " : ""));
    }
  }

  void require_valid_choice() const {
    const std::size_t n = config_.num_splits, k = config_.num_test_groups;
    if (k < 1 || k >= n) {
      refuse(fmt::format("--test-groups must be in [1, {}], found {} of {} groups (--splits)",
                         n - 1, k, n));
    }
    std::size_t num_choices = 1;
    for (std::size_t i = 1; i <= std::min(k, n - k) && num_choices <= kMaxSplits; ++i) {
      num_choices = num_choices * (n - i + 1) / i;
    }
    if (num_choices > kMaxSplits) {
      refuse(
          fmt::format("a combinatorial scheme must have at most {} splits, found more by {} of "
                      "{} groups (--test-groups, --splits)",
                      kMaxSplits, k, n));
    }
  }

  /// Calls visit(groups) for each choice of test groups, in the order of a dictionary.
  template <class Visit>
  void for_each_choice(const Visit& visit) const {
    const std::size_t n = config_.num_splits, k = config_.num_test_groups;
    std::vector<std::size_t> chosen(k);
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    while (true) {
      visit(chosen);
      std::size_t i = k;
      while (i > 0 && chosen[i - 1] == n - k + i - 1) --i;
      if (i == 0) return;
      ++chosen[i - 1];
      for (std::size_t j = i; j < k; ++j) chosen[j] = chosen[j - 1] + 1;
    }
  }

  std::size_t cut(std::size_t part) const noexcept { return dates_.size() * part / num_parts(); }

  TestPart part_of(std::size_t first_date, std::size_t last_date) const {
    const auto first = static_cast<std::ptrdiff_t>(dates_.first_row[first_date]);
    const auto last = static_cast<std::ptrdiff_t>(dates_.first_row[last_date]);
    const auto ends = windows_.label_end.begin();
    return {first_date, last_date, dates_.bar[first_date], dates_.bar[last_date - 1],
            *std::max_element(ends + first, ends + last)};
  }

  Split split_of(std::string name, const std::vector<TestPart>& parts) const {
    Split split;
    split.name = std::move(name);
    for (const TestPart& part : parts) {
      split.test.push_back({dates_.first_row[part.first_date], dates_.first_row[part.last_date]});
      split.test_bars.push_back({part.first_bar, part.last_bar});
    }
    return split;
  }

  Split walk_forward(std::size_t i) const {
    const TestPart part = part_of(cut(i + 1), cut(i + 2));
    Split split =
        split_of(fmt::format("window {} of {}", i + 1, config_.num_splits), std::vector{part});
    train_between({0, split.test.front().first}, {.next = &part}, split);
    if (config_.window == TrainWindow::kRolling) keep_last_dates(split.train);
    return split;
  }

  /// Groups that touch are one part.
  std::vector<TestPart> parts_of(const std::vector<std::size_t>& groups) const {
    std::vector<TestPart> parts;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      std::size_t last = g;
      while (last + 1 < groups.size() && groups[last + 1] == groups[last] + 1) ++last;
      parts.push_back(part_of(cut(groups[g]), cut(groups[last] + 1)));
      g = last;
    }
    return parts;
  }

  Split around(std::string name, const std::vector<TestPart>& parts) const {
    Split split = split_of(std::move(name), parts);
    Neighbours beside;
    std::size_t first = 0;
    for (std::size_t p = 0; p <= parts.size(); ++p) {
      const bool is_last = p == parts.size();
      beside.next = is_last ? nullptr : &parts[p];
      train_between({first, is_last ? windows_.bar.size() : split.test[p].first}, beside, split);
      if (is_last) break;
      first = split.test[p].last;
      beside.last_label_end = std::max(beside.last_label_end.value_or(0), parts[p].last_label_end);
    }
    return split;
  }

  /// The test parts on both sides of a stretch of rows.
  struct Neighbours {
    std::optional<std::uint32_t> last_label_end = {};  // of all parts before; empty: none
    const TestPart* next = nullptr;
  };

  /// Adds those of `rows`, none of which is tested, that may train. The next part is the only one
  /// ahead to look at: whatever reaches a later one has passed it.
  void train_between(RowRange rows, const Neighbours& beside, Split& split) const {
    for (std::size_t r = rows.first; r < rows.last; ++r) {
      if (config_.purge == Purge::kByReach) {
        const std::uint32_t bar = windows_.bar[r];
        const bool meets_before = beside.last_label_end && bar <= *beside.last_label_end;
        const bool meets_next =
            beside.next != nullptr && windows_.label_end[r] >= beside.next->first_bar;
        if (meets_before || meets_next) {
          ++split.num_purged;
          continue;
        }
        if (beside.last_label_end && bar - *beside.last_label_end <= embargo_) {
          ++split.num_embargoed;
          continue;
        }
      }
      if (!split.train.empty() && split.train.back().last == r) {
        ++split.train.back().last;
      } else {
        split.train.push_back({r, r + 1});
      }
    }
  }

  /// Drops the training rows before the last `window_dates` dates that have any.
  void keep_last_dates(RowRanges& train) const {
    std::size_t num_left = config_.window_dates;
    std::size_t first_row = 0;
    std::uint32_t bar_above = std::numeric_limits<std::uint32_t>::max();
    for (auto range = train.rbegin(); range != train.rend() && num_left > 0; ++range) {
      for (std::size_t r = range->last; r-- > range->first;) {
        if (windows_.bar[r] == bar_above) continue;
        if (num_left == 0) break;
        bar_above = windows_.bar[r];
        --num_left;
        first_row = first_row_of(bar_above);
      }
    }
    if (num_left > 0) return;
    std::erase_if(train, [&](const RowRange& range) { return range.last <= first_row; });
    if (!train.empty()) train.front().first = std::max(train.front().first, first_row);
  }

  std::size_t first_row_of(std::uint32_t bar) const {
    const auto at = std::lower_bound(dates_.bar.begin(), dates_.bar.end(), bar);
    return dates_.first_row[static_cast<std::size_t>(at - dates_.bar.begin())];
  }

  std::size_t num_dates(const RowRanges& rows) const {
    std::size_t count = 0;
    std::optional<std::uint32_t> before;
    for (const RowRange& range : rows) {
      for (std::size_t r = range.first; r < range.last; ++r) {
        if (before && *before == windows_.bar[r]) continue;
        before = windows_.bar[r];
        ++count;
      }
    }
    return count;
  }

  Split enough(Split split) const {
    const std::size_t count = num_dates(split.train);
    const std::size_t least = std::max<std::size_t>(config_.min_train_dates, 1);
    if (count >= least) return split;
    refuse(fmt::format(
        "a split must train on at least {} dates{}, found {} of {} after {} rows were purged and "
        "{} embargoed ({}): {}",
        least, has_flags() ? " (--min-train)" : "", count, dates_.size(), split.num_purged,
        split.num_embargoed, split.name, way_out(split, least)));
  }

  /// However many splits there are, one of them trains on no more dates than these, even without an
  /// embargo: a single window, or the fold or group that tests the middle date, had it no other.
  std::size_t most_train_dates() const {
    SplitConfig freest = config_;
    freest.num_splits = 1;
    freest.window = TrainWindow::kExpanding;
    freest.embargo = 0;
    const SplitMaker maker(freest, windows_);
    if (config_.scheme == SplitScheme::kWalkForward) return num_dates(maker.walk_forward(0).train);
    const std::size_t middle = dates_.size() / 2;
    return num_dates(maker.around("", {part_of(middle, middle + 1)}).train);
  }

  /// What would leave more training dates, or that nothing does but more bars.
  std::string way_out(const Split& split, std::size_t least) const {
    if (const std::size_t most = most_train_dates(); most < least) {
      return fmt::format(
          "{} dates with rows are too few for any split, {} trains on at most {}", dates_.size(),
          config_.scheme == SplitScheme::kWalkForward ? "a single window"
                                                      : "one that tests a single date",
          most);
    }
    if (!has_flags()) return "more bars leave it more";
    const std::size_t n = config_.num_splits;
    switch (config_.scheme) {
      case SplitScheme::kWalkForward:
        if (config_.window == TrainWindow::kRolling && config_.window_dates < least) {
          return fmt::format("--window {} keeps no more", config_.window_dates);
        }
        return fmt::format("fewer windows (--splits, found {}) leave the first one more", n);
      case SplitScheme::kPurgedKFold:
      case SplitScheme::kCombinatorial:
        break;
    }
    const bool has_groups = config_.scheme == SplitScheme::kCombinatorial;
    std::string text =
        fmt::format("more {} (--splits, found {})", has_groups ? "groups" : "folds", n);
    if (has_groups && config_.num_test_groups > 1) {
      text +=
          fmt::format(", fewer tested together (--test-groups, found {})", config_.num_test_groups);
    }
    if (split.num_embargoed > 0) {
      text += fmt::format(", a shorter embargo (--embargo, found {})", embargo_);
    }
    return text + " leave it more";
  }

  const SplitConfig& config_;
  const LabelWindows& windows_;
  Dates dates_;
  std::size_t embargo_;
};

}  // namespace

LabelWindows windows_of(const Dataset& dataset) noexcept {
  return {dataset.bar, dataset.label_end, dataset.label_reach};
}

std::vector<Split> make_splits(const SplitConfig& config, const LabelWindows& windows) {
  TW_CHECK(windows.bar.size(), ==, windows.label_end.size());
  return SplitMaker(config, windows).make();
}

}  // namespace tickwerk::model
