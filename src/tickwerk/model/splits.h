// Which rows train and which test, in time: walk-forward, purged k-fold with embargo, combinatorial
// purged. One date is never split; a training row whose label may read a bar of a test part is
// dropped. Used by every validation; fits nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

enum class SplitScheme { kWalkForward, kPurgedKFold, kCombinatorial };
enum class TrainWindow { kExpanding, kRolling };

/// kNone neither purges nor embargoes. It reproduces references that do not, and shows what a leak
/// looks like; nothing else should use it.
enum class Purge { kByReach, kNone };

/// Who chose the numbers of a configuration: flags of a command, which refusals name as what may be
/// turned, or a job that has none.
enum class SetBy { kJob, kFlags };

struct SplitConfig {
  SplitScheme scheme = SplitScheme::kWalkForward;
  std::size_t num_splits = 5;       // test windows, folds, or groups of the combinatorial scheme
  std::size_t num_test_groups = 2;  // of the combinatorial scheme, in each split
  TrainWindow window = TrainWindow::kExpanding;
  std::size_t window_dates = 0;  // of kRolling: the last dates kept of those left to train on
  std::optional<std::size_t> embargo = {};  // bars after a test part's last label; empty: the reach
  std::size_t min_train_dates = 252;  // fewer after purge and embargo: an error naming the split
  Purge purge = Purge::kByReach;
  SetBy set_by = SetBy::kJob;
};

/// What splits read of a dataset: per row its bar and the last bar its label may read, sorted by
/// bar.
struct LabelWindows {
  std::span<const std::uint32_t> bar;
  std::span<const std::uint32_t> label_end;
  std::size_t label_reach = 0;
};
LabelWindows windows_of(const Dataset& dataset) noexcept;

/// Bars of a test part, both ends included.
struct BarRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

struct Split {
  std::string name;  // `window 3 of 5`, `fold 2 of 5`, `groups 1+4 of 6`
  RowRanges train;
  RowRanges test;
  std::vector<BarRange> test_bars;  // parts that touch are one
  std::size_t num_purged = 0;       // rows whose labels meet a test part
  std::size_t num_embargoed = 0;    // rows dropped by the embargo alone
};

/// Every split of the scheme, in the order of its test parts; cut by the unique bars that have rows
/// (m of them, window i of n tests [m (i + 1) / (n + 1), m (i + 2) / (n + 1)); folds and groups
/// [m i / n, m (i + 1) / n)). Throws kInvalidArgument for a configuration out of range, fewer bars
/// than parts, a split without training or test rows, and one with fewer than min_train_dates
/// training dates, which says what would leave more or that nothing would. Requires rows sorted by
/// bar and labels that end no earlier (checked). Cost: a few ns a row and split.
std::vector<Split> make_splits(const SplitConfig& config, const LabelWindows& windows);

}  // namespace tickwerk::model
