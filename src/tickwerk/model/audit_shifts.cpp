#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/random.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/names.h"
#include "tickwerk/model/symbol_order.h"
#include "tickwerk/model/uniqueness.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kNumShifts = 4;
constexpr std::size_t kMostFeatures = 4;
constexpr std::size_t kMostRows = 60'000;  // of the whole symbols that are looked at
constexpr double kReachesOfPart = 8;
constexpr std::size_t kFewestParts = 3, kMostParts = 20, kMostGroups = 8;
constexpr std::size_t kMostTested = 400;  // a split
constexpr std::size_t kNeighbours = 5;
constexpr std::size_t kWideReaches = 3;
constexpr double kSlow = 0.5;          // of ranks with those one reach on
constexpr double kMuchRowsOfDate = 5;  // from here on a date has a median
constexpr double kErrors = 4;
constexpr double kSmall = 0.02, kLarge = 0.05;  // distances from an AUC of 0.5

/// How near training rows may come to a tested one.
enum class Nearness { kUnpurged, kPurged, kWide };
constexpr std::array kNearness = {Nearness::kUnpurged, Nearness::kPurged, Nearness::kWide};

struct Row {
  double bar;                                // in reaches
  std::array<float, kMostFeatures> feature;  // ranks, moved
};

/// One series of rows that may be each other's neighbours: a symbol, or all rows by date.
struct Series {
  std::vector<std::uint32_t> rows;  // of the dataset, by bar
};

class ShiftTest {
 public:
  ShiftTest(const Dataset& dataset, const AuditConfig& config)
      : d_(dataset), config_(config), order_(symbol_order(dataset, kMostRows)) {
    reach_ = static_cast<double>(std::max<std::size_t>(d_.label_reach, 1));
    measure_uniqueness();
    make_targets();
    make_series();
    choose_features();
    choose_shifts();
  }

  std::size_t num_dates() const { return dates_.size(); }
  std::size_t num_features() const { return slow_.size(); }

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
    const double reaches = static_cast<double>(dates_.size()) / reach_;
    return std::clamp(static_cast<std::size_t>(reaches / kReachesOfPart), kFewestParts, most);
  }

  struct Scores {
    std::array<double, 3> auc = {};  // by Nearness, mean over splits and shifts
    double error = 0;                // of it, with the purge
    std::size_t num_rows = 0;        // tested, over all splits
    std::size_t num_splits = 0;
  };

  void measure_uniqueness() {
    std::vector<std::uint32_t> bar, end, symbol;
    for (const std::uint32_t row : order_.rows) {
      bar.push_back(d_.bar[row]);
      end.push_back(d_.label_end[row]);
      symbol.push_back(d_.symbol[row]);
    }
    const std::vector<double> unique = average_uniqueness({bar, end, symbol});
    mean_uniqueness_ = std::accumulate(unique.begin(), unique.end(), 0.0) /
                       static_cast<double>(std::max<std::size_t>(unique.size(), 1));
    std::sort(bar.begin(), bar.end());
    bar.erase(std::unique(bar.begin(), bar.end()), bar.end());
    dates_ = std::move(bar);
    rows_per_date_ = static_cast<double>(order_.size()) /
                     static_cast<double>(std::max<std::size_t>(dates_.size(), 1));
  }

  static double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  void make_targets() {
    target_.assign(d_.num_rows(), 0);
    std::vector<std::uint32_t> rows = order_.rows;
    std::sort(rows.begin(), rows.end());
    for (std::size_t begin = 0; begin < rows.size();) {
      std::size_t end = rows.size();
      if (has_medians()) {
        end = begin;
        while (end < rows.size() && d_.bar[rows[end]] == d_.bar[rows[begin]]) ++end;
      }
      std::vector<double> values;
      for (std::size_t i = begin; i < end; ++i) values.push_back(d_.realized_return[rows[i]]);
      const double median = median_of(values);
      for (; begin < end; ++begin) {
        target_[rows[begin]] = d_.realized_return[rows[begin]] > median ? 1 : 0;
      }
    }
  }

  bool has_medians() const { return rows_per_date_ >= kMuchRowsOfDate; }

  /// Where labels of one symbol hardly overlap, those of others must do.
  void make_series() {
    if (mean_uniqueness_ < 0.5) {
      for (std::size_t s = 0; s + 1 < order_.begin.size(); ++s) {
        const auto first = order_.rows.begin() + static_cast<std::ptrdiff_t>(order_.begin[s]);
        const auto last = order_.rows.begin() + static_cast<std::ptrdiff_t>(order_.begin[s + 1]);
        if (first != last) series_.push_back({{first, last}});
      }
    } else {
      series_.push_back({order_.rows});
      std::sort(series_[0].rows.begin(), series_[0].rows.end());
    }
  }

  /// Features that are still much the same one reach of rows on; their ranks by row.
  void choose_features() {
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t f = 0; f < d_.num_features(); ++f) {
      const std::vector<float> ranks =
          centered_ranks(d_, order_, d_.features.row(f), RankView::kSymbol);
      const double stays = correlate(order_, ranks, ranks, d_.label_reach).value;
      if (stays >= kSlow) found.emplace_back(-stays, f);
    }
    std::sort(found.begin(), found.end());
    if (found.size() > kMostFeatures) found.resize(kMostFeatures);
    for (const auto& [stays, f] : found) {
      const std::vector<float> ranks =
          centered_ranks(d_, order_, d_.features.row(f), RankView::kSymbol);
      std::vector<float> by_row(d_.num_rows(), 0);
      for (std::size_t p = 0; p < order_.size(); ++p) {
        by_row[order_.rows[p]] = std::isnan(ranks[p]) ? 0 : ranks[p];
      }
      slow_.push_back(std::move(by_row));
    }
  }

  /// Dates by which features are moved: at least a reach and as much again from no move at all.
  void choose_shifts() {
    const std::size_t least = 2 * std::max<std::size_t>(d_.label_reach, 1) + 1;
    if (dates_.size() < 3 * least) return;
    RandomSequence random({config_.seed, 0x61756469});
    const std::size_t num = slow_.empty() ? 1 : kNumShifts;
    for (std::size_t i = 0; i < num; ++i) {
      shifts_.push_back(least + random.below(dates_.size() - 2 * least));
    }
  }

  /// Rows of a series with the features of `shift` dates on, those of the nearest row there.
  std::vector<Row> moved(const Series& series, std::size_t shift) const {
    std::vector<Row> rows(series.rows.size());
    std::vector<std::size_t> date;
    for (const std::uint32_t row : series.rows) {
      const auto at = std::lower_bound(dates_.begin(), dates_.end(), d_.bar[row]);
      date.push_back(static_cast<std::size_t>(at - dates_.begin()));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].bar = static_cast<double>(d_.bar[series.rows[i]]) / reach_;
      rows[i].feature = {};
      const std::size_t wanted = (date[i] + shift) % dates_.size();
      const auto at = std::lower_bound(date.begin(), date.end(), wanted);
      const std::size_t source =
          at == date.end() ? rows.size() - 1 : static_cast<std::size_t>(at - date.begin());
      for (std::size_t f = 0; f < slow_.size(); ++f) {
        rows[i].feature[f] = slow_[f][series.rows[source]];
      }
    }
    return rows;
  }

  double distance(const Row& a, const Row& b) const {
    double sum = (a.bar - b.bar) * (a.bar - b.bar);
    for (std::size_t f = 0; f < slow_.size(); ++f) {
      const double apart = static_cast<double>(a.feature[f]) - static_cast<double>(b.feature[f]);
      sum += apart * apart;
    }
    return sum;
  }

  bool is_too_near(std::uint32_t a, std::uint32_t b) const {
    const double bars = std::abs(static_cast<double>(d_.bar[a]) - static_cast<double>(d_.bar[b]));
    return bars <= static_cast<double>(kWideReaches) * reach_;
  }

  /// What the neighbours of a row say, the nearer the surer.
  double predict(const Series& series,
                 const std::vector<Row>& rows,
                 std::size_t at,
                 const std::vector<char>& trains,
                 Nearness nearness) const {
    std::array<std::pair<double, std::size_t>, kNeighbours> best;
    best.fill({INFINITY, 0});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (trains[series.rows[i]] == 0) continue;
      if (nearness == Nearness::kWide && is_too_near(series.rows[i], series.rows[at])) continue;
      const double away = distance(rows[i], rows[at]);
      if (away >= best.back().first) continue;
      std::size_t k = kNeighbours - 1;
      for (; k > 0 && best[k - 1].first > away; --k) best[k] = best[k - 1];
      best[k] = {away, i};
    }
    double score = 0;
    for (const auto& [away, i] : best) {
      if (std::isfinite(away)) score += (target_[series.rows[i]] - 0.5) / (0.1 + std::sqrt(away));
    }
    return score;
  }

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
    for (const std::uint32_t row : order_.rows) {
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
                         const std::vector<std::vector<Row>>& rows) const {
    const std::vector<char> trains_purged = marked(purged.train);
    const std::vector<char> trains_unpurged = marked(unpurged.train);
    const std::vector<char> is_edge = edge_rows(unpurged);
    std::array<std::vector<double>, 3> predicted;
    std::vector<double> labels;
    SplitScore score;
    for (std::size_t s = 0; s < series_.size(); ++s) {
      for (std::size_t i = 0; i < rows[s].size(); ++i) {
        const std::uint32_t row = series_[s].rows[i];
        if (is_edge[row] == 0) continue;
        labels.push_back(target_[row]);
        score.stretches.push_back(stretch_of(row));
        for (std::size_t k = 0; k < kNearness.size(); ++k) {
          const bool unpurged_rows = kNearness[k] == Nearness::kUnpurged;
          predicted[k].push_back(predict(series_[s], rows[s], i,
                                         unpurged_rows ? trains_unpurged : trains_purged,
                                         kNearness[k]));
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
    std::vector<SplitScore> found(num_splits * shifts_.size());
    for (std::size_t m = 0; m < shifts_.size(); ++m) {
      std::vector<std::vector<Row>> rows;
      for (const Series& series : series_) rows.push_back(moved(series, shifts_[m]));
      parallel_for(num_splits, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
          found[m * num_splits + i] = score_split(purged[i], unpurged[i], rows);
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
        for (std::size_t m = 0; m < shifts_.size(); ++m) {
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

  /// Rows that count as one: of one symbol within a reach, of all where symbols are not compared
  /// within their date.
  std::uint64_t stretch_of(std::uint32_t row) const {
    const auto symbol = has_medians() ? std::uint64_t{d_.symbol[row]} : 0;
    return symbol << 32 | static_cast<std::uint64_t>(d_.bar[row] / reach_);
  }

  void judge(const Scores& scores, AuditLine& line) const {
    if (shifts_.empty() || scores.num_splits == 0) {
      line.verdict = AuditVerdict::kNotTested;
      line.text = shifts_.empty() ? fmt::format(
                                        "too few dates to move labels by more than their "
                                        "reach of {} bars: {}",
                                        d_.label_reach, dates_.size())
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
        shifts_.size(), scores.num_splits, scores.num_rows, with, error, without, wide,
        kWideReaches);
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
  const AuditConfig& config_;
  SymbolOrder order_;
  double reach_ = 1;
  double mean_uniqueness_ = 1;
  double rows_per_date_ = 0;
  std::vector<std::uint32_t> dates_;  // bars
  std::vector<double> target_;        // by row
  std::vector<Series> series_;
  std::vector<std::vector<float>> slow_;
  std::vector<std::size_t> shifts_;
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
