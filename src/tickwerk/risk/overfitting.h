// How likely choosing the best of several strategies on a record only finds what was lucky on that
// record: probability of backtest overfitting by combinatorially symmetric cross-validation. Used
// by sweeps and the model zoo; how far to believe the one chosen is sharpe_inference.h.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tickwerk/panel/panel.h"

namespace tickwerk::risk {

struct OverfittingConfig {
  std::size_t num_blocks = 16;  // even, 2 to 20; 16 give 12,870 splits
};

/// Over all ways to choose half of the blocks: the trial that is best on one half, seen on the
/// other. Ratios are Sharpe ratios per period.
struct Overfitting {
  std::size_t num_splits = 0;
  /// Share of splits where the best trial of one half is at or below the median of the other:
  /// logit <= 0. Near 1/2 where trials differ by luck alone, near 0 where the best is better, near
  /// 1 where one half's gain is the other's loss.
  double probability = 0;
  /// Per split, ln(w / (1 - w)) with w = rank / (number of trials + 1), rank 1 the worst and equal
  /// ratios sharing theirs. In the order of a dictionary of the blocks chosen.
  std::vector<double> logits;
  double probability_of_loss = 0;  // share of splits where the best trial then has a ratio < 0
  double mean_chosen = 0;          // ratio of the best trial where it was chosen
  double mean_after = 0;           // and on the other half
  /// Least squares of the ratio after on the ratio where chosen; empty where the latter is
  /// constant.
  std::optional<double> degradation_slope = {};
};

/// returns: [time, trial], simple returns of the same periods, every one finite. Blocks are [T i /
/// S, T (i + 1) / S), so that sizes differ by at most one (the paper takes T to be a multiple of
/// S). Of trials that are equally good the first is chosen; one without deviation over a half has a
/// ratio of 0 there. Throws kInvalidArgument for num_blocks out of its range, fewer than two trials
/// or fewer than two rows a block, and a return that is not finite. Cost: splits * trials * blocks
/// additions. Source: Bailey, Borwein, Lopez de Prado, Zhu (2017), "The Probability of Backtest
/// Overfitting", Journal of Computational Finance 20(4), its CSCV procedure.
Overfitting probability_of_overfitting(PanelView returns, const OverfittingConfig& config);

}  // namespace tickwerk::risk
