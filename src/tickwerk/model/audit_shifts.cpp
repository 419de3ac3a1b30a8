#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/names.h"
#include "tickwerk/model/shifted_neighbours.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

constexpr double kReachesOfPart = 8;
constexpr std::size_t kFewestParts = 3, kMostParts = 20, kMostGroups = 8;
constexpr std::size_t kMostTested = 400;  // a split
constexpr std::size_t kWideReaches = 3;
constexpr double kErrors = 4;
constexpr double kSmall = 0.02, kLarge = 0.05;  // distances from an AUC of 0.5

/// How near training rows may come to a tested one.
enum class Nearness { kUnpurged, kPurged, kWide };
constexpr std::array kNearness = {Nearness::kUnpurged, Nearness::kPurged, Nearness::kWide};

class ShiftTest {
 public:
  ShiftTest(const Dataset& dataset, const AuditConfig& config)
      : d_(dataset), neighbours_(dataset, config.seed) {}

  AuditLine run(SplitConfig config) const {
    AuditLine line{.check = fmt::format("shift {}", to_string(config.scheme)), .text = {}};
    try {
      config.num_splits = num_parts(config);
      config.min_train_dates = 1;
      config.purge = Purge::kByReach;
      const std::vector<Split> purged = make_splits(config, windows_of(d_));
      config.purge = Purge::kNone;
      config.embargo = {};
      judge(scores(purged, make_splits(config, windows_of(d_)), config.num_splits), line);
    } catch (const Error& error) {
      if (error.code() != Code::kInvalidArgument) throw;
      line.verdict = AuditVerdict::kNotTested;
      line.text = error.what();
    }
    return line;
  }

 private:
  /// Many short parts, since only their borders say anything.
  std::size_t num_parts(const SplitConfig& config) const {
    const std::size_t most =
        config.scheme == SplitScheme::kCombinatorial ? kMostGroups : kMostParts;
    const double reaches = static_cast<double>(neighbours_.num_dates()) / neighbours_.reach();
    return std::clamp(static_cast<std::size_t>(reaches / kReachesOfPart), kFewestParts, most);
  }

  struct Scores {
    std::array<double, 3> auc = {};  // by Nearness, mean over splits and shifts
    double error = 0;                // of it, with the purge
    std::size_t num_rows = 0;        // tested, over all splits
    std::size_t num_splits = 0;
  };

  std::vector<char> marked(const RowRanges& ranges) const {
    std::vector<char> is_in(d_.num_rows(), 0);
    for (const RowRange& range : ranges) {
      std::fill(is_in.begin() + static_cast<std::ptrdiff_t>(range.first),
                is_in.begin() + static_cast<std::ptrdiff_t>(range.last), 1);
    }
    return is_in;
  }

  /// Tested rows within half a reach of one that trains where nothing is purged, evenly chosen.
  std::vector<char> edge_rows(const Split& unpurged) const {
    std::vector<int> changes(d_.times.size() + 1, 0);
    for (const RowRange& range : unpurged.train) {
      for (std::size_t r = range.first; r < range.last; ++r) {
        const std::size_t half = std::max<std::size_t>(d_.label_reach / 2, 1);
        ++changes[d_.bar[r] - std::min<std::size_t>(half, d_.bar[r])];
        --changes[std::min<std::size_t>(d_.bar[r] + half + 1, d_.times.size())];
      }
    }
    std::vector<char> is_near(d_.times.size(), 0);
    int open = 0;
    for (std::size_t t = 0; t < is_near.size(); ++t) {
      open += changes[t];
      is_near[t] = open > 0 ? 1 : 0;
    }
    std::vector<char> is_edge(d_.num_rows(), 0);
    std::vector<std::uint32_t> found;
    const std::vector<char> is_tested = marked(unpurged.test);
    for (const std::uint32_t row : neighbours_.order().rows) {
      if (is_tested[row] != 0 && is_near[d_.bar[row]] != 0) found.push_back(row);
    }
    const std::size_t step = (found.size() + kMostTested - 1) / kMostTested;
    for (std::size_t i = 0; i < found.size(); i += step) is_edge[found[i]] = 1;
    return is_edge;
  }

  struct SplitScore {
    std::array<double, 3> auc = {kNaN, kNaN, kNaN};
    std::size_t num_rows = 0;
    std::vector<std::uint64_t> stretches = {};
  };

  SplitScore score_split(const Split& purged,
                         const Split& unpurged,
                         const std::vector<ShiftedNeighbours::Series>& all) const {
    const std::vector<char> trains_purged = marked(purged.train);
    const std::vector<char> trains_unpurged = marked(unpurged.train);
    const std::array<ShiftedNeighbours::Asked, 3> asked = {
        {{trains_unpurged}, {trains_purged}, {trains_purged, kWideReaches}}};
    const std::vector<char> is_edge = edge_rows(unpurged);
    std::array<std::vector<double>, 3> predicted;
    std::vector<double> labels;
    SplitScore score;
    for (const ShiftedNeighbours::Series& series : all) {
      for (std::size_t i = 0; i < series.rows.size(); ++i) {
        const std::uint32_t row = series.rows[i];
        if (is_edge[row] == 0) continue;
        labels.push_back(neighbours_.target(row));
        score.stretches.push_back(neighbours_.stretch_of(row));
        for (std::size_t k = 0; k < kNearness.size(); ++k) {
          predicted[k].push_back(neighbours_.predict(series, i, asked[k]));
        }
      }
    }
    score.num_rows = labels.size();
    std::sort(score.stretches.begin(), score.stretches.end());
    score.stretches.erase(std::unique(score.stretches.begin(), score.stretches.end()),
                          score.stretches.end());
    for (std::size_t k = 0; k < kNearness.size(); ++k) {
      score.auc[k] = roc_auc({predicted[k], labels}).value_or(kNaN);
    }
    return score;
  }

  Scores scores(const std::vector<Split>& purged,
                const std::vector<Split>& unpurged,
                std::size_t num_parts) const {
    const std::size_t num_splits = purged.size();
    std::vector<SplitScore> found(num_splits * neighbours_.num_shifts());
    for (std::size_t m = 0; m < neighbours_.num_shifts(); ++m) {
      const std::vector<ShiftedNeighbours::Series> moved = neighbours_.moved(m);
      parallel_for(num_splits, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
          found[m * num_splits + i] = score_split(purged[i], unpurged[i], moved);
        }
      });
    }
    return mean_of(found, num_splits, num_parts);
  }

  Scores mean_of(const std::vector<SplitScore>& found,
                 std::size_t num_splits,
                 std::size_t num_parts) const {
    Scores scores;
    for (std::size_t k = 0; k < kNearness.size(); ++k) {
      std::vector<double> by_split;
      for (std::size_t i = 0; i < num_splits; ++i) {
        double sum = 0;
        std::size_t num = 0;
        for (std::size_t m = 0; m < neighbours_.num_shifts(); ++m) {
          const double auc = found[m * num_splits + i].auc[k];
          if (!std::isnan(auc)) sum += auc, ++num;
        }
        if (num > 0) by_split.push_back(sum / static_cast<double>(num));
      }
      scores.num_splits = by_split.size();
      if (by_split.empty()) continue;
      const auto n = static_cast<double>(by_split.size());
      scores.auc[k] = std::accumulate(by_split.begin(), by_split.end(), 0.0) / n;
      double squares = 0;
      for (const double auc : by_split) squares += std::pow(auc - scores.auc[k], 2);
      if (kNearness[k] != Nearness::kPurged || by_split.size() < 2) continue;
      // Combinations of the same groups say the same again.
      const double num_apart = std::min(n, static_cast<double>(num_parts));
      scores.error = std::sqrt(squares / (n - 1) / num_apart);
    }
    std::vector<std::uint64_t> stretches;
    for (std::size_t i = 0; i < num_splits; ++i) {
      scores.num_rows += found[i].num_rows;
      stretches.insert(stretches.end(), found[i].stretches.begin(), found[i].stretches.end());
    }
    std::sort(stretches.begin(), stretches.end());
    const auto num = std::unique(stretches.begin(), stretches.end()) - stretches.begin();
    const double of_chance = 1 / std::sqrt(3 * std::max(static_cast<double>(num), 1.0));
    scores.error = std::max(scores.error, of_chance);
    return scores;
  }

  void judge(const Scores& scores, AuditLine& line) const {
    const std::size_t num_shifts = neighbours_.num_shifts();
    if (num_shifts == 0 || scores.num_splits == 0) {
      line.verdict = AuditVerdict::kNotTested;
      line.text = num_shifts == 0 ? fmt::format(
                                        "too few dates to move labels by more than their "
                                        "reach of {} bars: {}",
                                        d_.label_reach, neighbours_.num_dates())
                                  : "no test label meets a training label";
      return;
    }
    const auto [without, with, wide] = scores.auc;
    const double error = scores.error;
    const double margin = std::max(kErrors * error, kSmall);
    const double leak = std::max(kErrors * error, kLarge);
    line.value = with;
    line.limit = std::min(1.0, 0.5 + margin);
    line.text = fmt::format(
        "labels moved in a circle, {} x {} splits, {} rows beside training labels: AUC {:.3f} "
        "+- {:.3f} "
        "with the purge, {:.3f} without, {:.3f} from {} reaches on",
        num_shifts, scores.num_splits, scores.num_rows, with, error, without, wide, kWideReaches);
    if (with > 0.5 + leak && with - wide > leak) {
      line.verdict = AuditVerdict::kLeak;
    } else if (with > 0.5 + margin) {
      line.verdict = AuditVerdict::kWarning;
      line.text += with - wide > kSmall
                       ? ": more than chance explains"
                       : ": these labels go on of themselves, or read further than they say";
    } else if (without - with <= std::max(2 * error, kSmall)) {
      line.verdict = AuditVerdict::kNotTested;
      line.text += ": no leak shows without the purge either";
    }
  }

  const Dataset& d_;
  ShiftedNeighbours neighbours_;
};

}  // namespace

std::vector<AuditLine> audit_shifts(const Dataset& dataset, const AuditConfig& config) {
  TW_ZONE("audit_shifts");
  std::vector<AuditLine> lines;
  if (dataset.num_rows() == 0) return lines;
  const ShiftTest test(dataset, config);
  for (const SplitScheme scheme : config.schemes) {
    SplitConfig splits = config.splits;
    splits.scheme = scheme;
    lines.push_back(test.run(splits));
  }
  return lines;
}

}  // namespace tickwerk::model
