#include "tickwerk/model/classification_scores.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

constexpr double kClip = std::numeric_limits<double>::epsilon();

enum class ScoreKind { kAny, kProbability };

[[noreturn]] void refuse(const std::string& message) {
  throw Error(Code::kInvalidArgument, message);
}

void require_same_length(std::size_t num_scores, std::size_t num_labels) {
  if (num_scores == num_labels) return;
  refuse(fmt::format("there must be a label for each score: {} for {}", num_labels, num_scores));
}

void require_valid(const ScoredRows& rows, ScoreKind kind) {
  require_same_length(rows.score.size(), rows.label.size());
  for (std::size_t r = 0; r < rows.score.size(); ++r) {
    const double score = rows.score[r], label = rows.label[r];
    if (std::isnan(score)) refuse(fmt::format("a score must be a number: nan in row {}", r));
    if (kind == ScoreKind::kProbability && !(score >= 0 && score <= 1)) {
      refuse(fmt::format("a probability must be in [0, 1]: {} in row {}", score, r));
    }
    if (label != 0 && label != 1) {
      refuse(fmt::format("a label must be 0 or 1: {} in row {}", label, r));
    }
  }
}

/// Rows of one score.
struct Group {
  std::uint64_t positives = 0;
  std::uint64_t negatives = 0;
};

/// The rows by score, upwards: all that ranking asks of them.
class Ranking {
 public:
  explicit Ranking(const ScoredRows& rows) {
    struct Row {
      double score;
      double label;
    };
    std::vector<Row> sorted(rows.score.size());
    for (std::size_t r = 0; r < sorted.size(); ++r) sorted[r] = {rows.score[r], rows.label[r]};
    std::sort(sorted.begin(), sorted.end(),
              [](const Row& a, const Row& b) { return a.score < b.score; });
    for (std::size_t r = 0; r < sorted.size(); ++r) {
      if (r == 0 || sorted[r].score != sorted[r - 1].score) groups_.emplace_back();
      ++(sorted[r].label == 1 ? groups_.back().positives : groups_.back().negatives);
    }
    for (const Group& group : groups_) {
      num_positives_ += group.positives;
      num_negatives_ += group.negatives;
    }
  }

  std::optional<double> auc() const {
    if (num_positives_ == 0 || num_negatives_ == 0) return {};
    std::uint64_t twice_won = 0, below = 0;
    for (const Group& group : groups_) {
      twice_won += group.positives * (2 * below + group.negatives);
      below += group.negatives;
    }
    return static_cast<double>(twice_won) /
           static_cast<double>(2 * num_positives_ * num_negatives_);
  }

  std::optional<double> auc_error() const {
    if (num_positives_ < 2 || num_negatives_ < 2) return {};
    const auto positives = static_cast<double>(num_positives_);
    const auto negatives = static_cast<double>(num_negatives_);
    const double area = *auc();
    double of_positives = 0, of_negatives = 0;  // sums of squares around the area
    double negatives_below = 0, positives_above = positives;
    for (const Group& group : groups_) {
      const auto here_positives = static_cast<double>(group.positives);
      const auto here_negatives = static_cast<double>(group.negatives);
      positives_above -= here_positives;
      const double won = (negatives_below + here_negatives / 2) / negatives - area;
      const double lost = (positives_above + here_positives / 2) / positives - area;
      of_positives += here_positives * won * won;
      of_negatives += here_negatives * lost * lost;
      negatives_below += here_negatives;
    }
    return std::sqrt(of_positives / (positives - 1) / positives +
                     of_negatives / (negatives - 1) / negatives);
  }

  std::optional<double> average_precision() const {
    if (num_positives_ == 0 || num_negatives_ == 0) return {};
    double sum = 0;
    std::uint64_t positives = 0, taken = 0;
    for (auto group = groups_.rbegin(); group != groups_.rend(); ++group) {
      positives += group->positives;
      taken += group->positives + group->negatives;
      sum += static_cast<double>(group->positives) * static_cast<double>(positives) /
             static_cast<double>(taken);
    }
    return sum / static_cast<double>(num_positives_);
  }

 private:
  std::vector<Group> groups_;
  std::uint64_t num_positives_ = 0;
  std::uint64_t num_negatives_ = 0;
};

std::optional<double> ratio(std::size_t part, std::size_t whole) noexcept {
  if (whole == 0) return {};
  return static_cast<double>(part) / static_cast<double>(whole);
}

double loss_of(double probability) noexcept {
  return -std::log(std::clamp(probability, kClip, 1 - kClip));
}

}  // namespace

std::optional<double> roc_auc(const ScoredRows& rows) {
  require_valid(rows, ScoreKind::kAny);
  return Ranking(rows).auc();
}

std::optional<double> roc_auc_error(const ScoredRows& rows) {
  require_valid(rows, ScoreKind::kAny);
  return Ranking(rows).auc_error();
}

std::optional<double> average_precision(const ScoredRows& rows) {
  require_valid(rows, ScoreKind::kAny);
  return Ranking(rows).average_precision();
}

std::optional<double> brier_score(const ScoredRows& rows) {
  require_valid(rows, ScoreKind::kProbability);
  if (rows.score.empty()) return {};
  double sum = 0;
  for (std::size_t r = 0; r < rows.score.size(); ++r) {
    const double miss = rows.score[r] - rows.label[r];
    sum += miss * miss;
  }
  return sum / static_cast<double>(rows.score.size());
}

std::optional<double> log_loss(const ScoredRows& rows) {
  require_valid(rows, ScoreKind::kProbability);
  if (rows.score.empty()) return {};
  double sum = 0;
  for (std::size_t r = 0; r < rows.score.size(); ++r) {
    sum += loss_of(rows.label[r] == 1 ? rows.score[r] : 1 - rows.score[r]);
  }
  return sum / static_cast<double>(rows.score.size());
}

std::optional<double> multi_class_log_loss(PanelView probability, std::span<const double> label) {
  require_same_length(probability.num_symbols, label.size());
  if (label.empty()) return {};
  double sum = 0;
  for (std::size_t r = 0; r < label.size(); ++r) {
    double whole = 0;
    for (std::size_t c = 0; c < probability.num_rows; ++c) {
      const double one = probability(c, r);
      if (!(one >= 0 && one <= 1)) {
        refuse(fmt::format("a probability must be in [0, 1]: {} in row {}", one, r));
      }
      whole += one;
    }
    if (std::abs(whole - 1) > 1e-6) {
      refuse(fmt::format("probabilities of the classes must sum to 1: {} in row {}", whole, r));
    }
    if (!(label[r] >= 0 && label[r] < static_cast<double>(probability.num_rows)) ||
        label[r] != std::floor(label[r])) {
      refuse(fmt::format("a label must be the number of one of {} classes: {} in row {}",
                         probability.num_rows, label[r], r));
    }
    sum += loss_of(probability(static_cast<std::size_t>(label[r]), r));
  }
  return sum / static_cast<double>(label.size());
}

AtThreshold at_threshold(const ScoredRows& rows, double threshold) {
  require_valid(rows, ScoreKind::kAny);
  AtThreshold result{.threshold = threshold};
  for (std::size_t r = 0; r < rows.score.size(); ++r) {
    if (rows.score[r] >= threshold) {
      ++(rows.label[r] == 1 ? result.true_positives : result.false_positives);
    } else {
      ++(rows.label[r] == 1 ? result.false_negatives : result.true_negatives);
    }
  }
  const std::size_t num_taken = result.true_positives + result.false_positives;
  const std::size_t num_positives = result.true_positives + result.false_negatives;
  result.accuracy = ratio(result.true_positives + result.true_negatives, rows.score.size());
  result.precision = ratio(result.true_positives, num_taken);
  result.recall = ratio(result.true_positives, num_positives);
  result.taken = ratio(num_taken, rows.score.size());
  if (result.precision && num_positives > 0) {
    result.lift = *result.precision / *ratio(num_positives, rows.score.size());
  }
  return result;
}

ClassificationScores classification_scores(const ScoredRows& rows, double threshold) {
  ClassificationScores scores{.num_rows = rows.score.size()};
  scores.brier = brier_score(rows);
  scores.log_loss = log_loss(rows);
  scores.at_threshold = at_threshold(rows, threshold);
  scores.base_rate = ratio(scores.at_threshold.true_positives + scores.at_threshold.false_negatives,
                           scores.num_rows);
  const Ranking ranking(rows);
  scores.roc_auc = ranking.auc();
  scores.roc_auc_error = ranking.auc_error();
  scores.average_precision = ranking.average_precision();
  return scores;
}

}  // namespace tickwerk::model
