// Whether probabilities mean what they say, and a monotone curve that makes them: reliability by
// bins, expected calibration error, isotonic regression. Used by trainers; the curve is to be
// fitted on other folds than those it is scored on, which is the caller's to see to.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/model/classification_scores.h"

namespace tickwerk::model {

inline constexpr std::size_t kCalibrationBins = 10;

/// Rows with a probability in (lower, upper]; the first bin has 0 too.
struct ReliabilityBin {
  double lower = 0;
  double upper = 0;
  std::size_t num_rows = 0;
  std::optional<double> mean_probability = {};  // empty without rows
  std::optional<double> share_of_ones = {};
};

struct Reliability {
  std::vector<ReliabilityBin> bins;  // of equal width
  /// Mean over rows of |mean_probability - share_of_ones| of their bin; empty without rows.
  /// Source: Naeini, Cooper, Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using
  /// Bayesian Binning", AAAI 29; bins by probability of label 1, not of the class predicted.
  std::optional<double> expected_calibration_error = {};
};

/// Throws kInvalidArgument for scores that are no probabilities, labels other than 0 and 1, and
/// num_bins < 1.
Reliability reliability(const ScoredRows& rows, std::size_t num_bins = kCalibrationBins);

/// A curve that never falls: straight between its points, level outside them.
class IsotonicCurve {
 public:
  struct Point {
    double score;
    double value;
    bool operator==(const Point&) const = default;
  };

  /// The non-falling values nearest to `label` in (weighted) squares, by pool-adjacent-violators;
  /// equal scores are averaged first. weights: empty for all 1, else > 0. Points inside a level
  /// stretch are left out. Cost: a sort. Throws kInvalidArgument without rows, where lengths
  /// differ, for a score or label that is not finite, and for a weight that is not above 0.
  /// Source: Barlow, Bartholomew, Bremner, Brunk (1972), "Statistical Inference under Order
  /// Restrictions", chapter 1; Zadrozny and Elkan (2002), "Transforming Classifier Scores into
  /// Accurate Multiclass Probability Estimates", KDD.
  static IsotonicCurve fit(const ScoredRows& rows, std::span<const double> weights = {});

  /// From points as fit() gives them. Throws kCorruptData without points, where scores do not rise,
  /// values fall or something is not finite.
  explicit IsotonicCurve(std::vector<Point> points);

  /// NaN for NaN.
  double operator()(double score) const noexcept;

  const std::vector<Point>& points() const noexcept { return points_; }

 private:
  std::vector<Point> points_;
};

}  // namespace tickwerk::model
