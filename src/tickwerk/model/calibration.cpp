#include "tickwerk/model/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(Code::kInvalidArgument, message);
}

/// Rows [..., last] of one value.
struct Block {
  double sum = 0;  // of weight * value
  double weight = 0;
  std::size_t last = 0;

  double value() const noexcept { return sum / weight; }
};

void require_valid(const ScoredRows& rows, std::span<const double> weights) {
  const std::size_t size = rows.score.size();
  if (size == 0) refuse("an isotonic curve needs rows: there are none");
  if (rows.label.size() != size || (!weights.empty() && weights.size() != size)) {
    refuse(fmt::format("there must be a label and a weight for each score: {} and {} for {}",
                       rows.label.size(), weights.size(), size));
  }
  for (std::size_t r = 0; r < size; ++r) {
    if (!std::isfinite(rows.score[r]) || !std::isfinite(rows.label[r])) {
      refuse(fmt::format("scores and labels must be finite: {} and {} in row {}", rows.score[r],
                         rows.label[r], r));
    }
    if (!weights.empty() && !(weights[r] > 0 && std::isfinite(weights[r]))) {
      refuse(fmt::format("a weight must be above 0: {} in row {}", weights[r], r));
    }
  }
}

/// The distinct scores, rising, each with the weighted mean of its labels.
struct Averaged {
  std::vector<double> score;
  std::vector<Block> blocks;  // one a score
};

Averaged average_equal_scores(const ScoredRows& rows, std::span<const double> weights) {
  std::vector<std::size_t> order(rows.score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows.score[a] < rows.score[b]; });
  Averaged averaged;
  for (const std::size_t r : order) {
    if (averaged.score.empty() || averaged.score.back() != rows.score[r]) {
      averaged.score.push_back(rows.score[r]);
      averaged.blocks.push_back({.last = averaged.blocks.size()});
    }
    const double weight = weights.empty() ? 1 : weights[r];
    averaged.blocks.back().sum += weight * rows.label[r];
    averaged.blocks.back().weight += weight;
  }
  return averaged;
}

std::vector<Block> pool(const std::vector<Block>& blocks) {
  std::vector<Block> pooled;
  for (Block block : blocks) {
    while (!pooled.empty() && pooled.back().value() >= block.value()) {
      block.sum += pooled.back().sum;
      block.weight += pooled.back().weight;
      pooled.pop_back();
    }
    pooled.push_back(block);
  }
  return pooled;
}

}  // namespace

Reliability reliability(const ScoredRows& rows, std::size_t num_bins) {
  if (num_bins < 1) refuse("num_bins must be at least 1: 0");
  brier_score(rows);  // says what is no probability
  Reliability result;
  result.bins.resize(num_bins);
  const auto count = static_cast<double>(num_bins);
  std::vector<double> upper(num_bins), probabilities(num_bins), ones(num_bins);
  for (std::size_t b = 0; b < num_bins; ++b) {
    result.bins[b].lower = static_cast<double>(b) / count;
    result.bins[b].upper = upper[b] = static_cast<double>(b + 1) / count;
  }
  for (std::size_t r = 0; r < rows.score.size(); ++r) {
    const auto b = static_cast<std::size_t>(
        std::lower_bound(upper.begin(), upper.end(), rows.score[r]) - upper.begin());
    ++result.bins[b].num_rows;
    probabilities[b] += rows.score[r];
    ones[b] += rows.label[r];
  }
  double misses = 0;
  for (std::size_t b = 0; b < num_bins; ++b) {
    const auto size = static_cast<double>(result.bins[b].num_rows);
    if (size == 0) continue;
    result.bins[b].mean_probability = probabilities[b] / size;
    result.bins[b].share_of_ones = ones[b] / size;
    misses += std::abs(probabilities[b] - ones[b]);
  }
  if (!rows.score.empty()) {
    result.expected_calibration_error = misses / static_cast<double>(rows.score.size());
  }
  return result;
}

IsotonicCurve IsotonicCurve::fit(const ScoredRows& rows, std::span<const double> weights) {
  require_valid(rows, weights);
  const Averaged averaged = average_equal_scores(rows, weights);
  std::vector<Point> points;
  std::size_t first = 0;
  for (const Block& block : pool(averaged.blocks)) {
    points.push_back({averaged.score[first], block.value()});
    if (block.last > first) points.push_back({averaged.score[block.last], block.value()});
    first = block.last + 1;
  }
  return IsotonicCurve(std::move(points));
}

IsotonicCurve::IsotonicCurve(std::vector<Point> points) : points_(std::move(points)) {
  if (points_.empty()) {
    throw Error(Code::kCorruptData, "an isotonic curve must have points: there are none");
  }
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const auto [score, value] = points_[i];
    const bool rises = i == 0 || (score > points_[i - 1].score && value >= points_[i - 1].value);
    if (rises && std::isfinite(score) && std::isfinite(value)) continue;
    throw Error(Code::kCorruptData,
                fmt::format("an isotonic curve must rise: {} at {} is point {}", value, score, i));
  }
}

double IsotonicCurve::operator()(double score) const noexcept {
  if (std::isnan(score)) return kNaN;
  if (score <= points_.front().score) return points_.front().value;
  if (score >= points_.back().score) return points_.back().value;
  const auto above =
      std::upper_bound(points_.begin(), points_.end(), score,
                       [](double wanted, const Point& point) { return wanted < point.score; });
  const Point& left = *(above - 1);
  const double share = (score - left.score) / (above->score - left.score);
  return left.value + share * (above->value - left.value);
}

}  // namespace tickwerk::model
