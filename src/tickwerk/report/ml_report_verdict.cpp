#include "tickwerk/report/ml_report_verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/ml_report_figures.h"
#include "tickwerk/risk/moments.h"

namespace tickwerk::report {
namespace {

using model::AuditLine;
using model::AuditVerdict;
using model::ClassificationScores;
using model::FoldScores;

constexpr double kChance = 0.5;
constexpr std::size_t kFewOfAClass = 30;
constexpr std::size_t kFewForIsotonic = 1000;
constexpr double kFarBetter = 1.25;    // test loss over train loss
constexpr double kTooGood = 0.75;      // an AUC
constexpr double kOftenMissing = 0.5;  // share of rows
constexpr std::size_t kMostNamed = 5;

std::string four(std::optional<double> value) { return with_decimals(value, 4); }

bool is_purged(const MlTrainingReport& report) {
  return report.notes.config.splits.purge == model::Purge::kByReach;
}

/// How many folds are as good as independent: each part is tested by several combinations.
double independent_folds(const MlTrainingReport& report, std::size_t num_folds) {
  const model::SplitConfig& splits = report.notes.config.splits;
  if (splits.scheme != model::SplitScheme::kCombinatorial) return static_cast<double>(num_folds);
  return static_cast<double>(splits.num_splits) /
         static_cast<double>(std::max<std::size_t>(splits.num_test_groups, 1));
}

struct ClassRows {
  std::size_t ones = 0;
  std::size_t zeros = 0;
  std::size_t fewer() const { return std::min(ones, zeros); }
};

ClassRows rows_by_class(const ClassificationScores& scores) {
  const model::AtThreshold& at = scores.at_threshold;
  return {at.true_positives + at.false_negatives, at.false_positives + at.true_negatives};
}

std::size_t num_taken(const ClassificationScores& scores) {
  return scores.at_threshold.true_positives + scores.at_threshold.false_positives;
}

/// `a, b and 3 more`.
std::string named(const std::vector<std::string>& names) {
  std::vector<std::string> shown(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamed)));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > shown.size()) {
    text += fmt::format(" and {} more", count(names.size() - shown.size()));
  }
  return text;
}

// What the verdict says
// -------------------------------------------------------------------------------

std::string void_sentence(const MlTrainingReport& report) {
  if (!model::has_leak(report.audit)) {
    return "No figure here may be believed: training rows were not purged of labels that reach "
           "into the test.";
  }
  std::vector<std::string> checks;
  for (const AuditLine& line : report.audit) {
    if (line.verdict == AuditVerdict::kLeak) checks.push_back(line.check);
  }
  return fmt::format("No figure here may be believed: the leakage audit found a leak ({}).",
                     named(checks));
}

std::string auc_words(const SkillJudgement& judged) {
  return fmt::format("AUC {} with an error of {}", four(judged.roc_auc), four(judged.error));
}

std::string unknown_sentence(const MlTrainingReport& report) {
  const ClassRows rows = rows_by_class(report.model.scores.pooled);
  return fmt::format(
      "Skill cannot be judged: the tested rows hold {} of label 1 and {} of label 0, too few for "
      "an error.",
      count(rows.ones), count(rows.zeros));
}

/// Whether a feature is odd enough to be looked at before its model is believed.
bool is_doubted(const MlTrainingReport& report) {
  return std::any_of(report.audit.begin(), report.audit.end(),
                     [](const AuditLine& line) { return line.verdict == AuditVerdict::kWarning; });
}

/// Realized return of those taken less that of all, by fold.
std::vector<double> gains(const MlTrainingReport& report) {
  std::vector<double> differences;
  for (const FoldScores& fold : report.model.scores.folds) {
    if (!fold.mean_return || !fold.mean_return_taken) continue;
    differences.push_back(*fold.mean_return_taken - *fold.mean_return);
  }
  return differences;
}

std::string taken_sentence(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  if (num_taken(scores.pooled) == 0 || !scores.mean_return || !scores.mean_return_taken) return {};
  const std::vector<double> by_fold = gains(report);
  std::string text = fmt::format(
      "A confidence of at least {} takes {} of the tested {}. Their mean realized return is {}, "
      "that of all {}",
      with_decimals(report.notes.config.min_confidence, 2),
      percent(scores.pooled.at_threshold.taken), rows_word(report),
      signed_percent(scores.mean_return_taken), signed_percent(scores.mean_return));
  if (const std::optional<double> deviation = risk::sample_deviation(by_fold)) {
    text += fmt::format("; over folds the difference is {} with an error of {}",
                        signed_percent(risk::mean(by_fold)),
                        percent(*deviation / std::sqrt(independent_folds(report, by_fold.size()))));
  }
  text += ".";
  const Skill skill = judge(report).skill;
  if (skill == Skill::kShown) return text;
  if (skill == Skill::kVoid) return {};
  return text + " With no skill shown, take it for chance until new bars say otherwise.";
}

// What speaks against it
// ------------------------------------------------------------------------------

std::string audit_warning(const MlTrainingReport& report) {
  if (report.audit.empty()) return "No leakage audit was run: leaks are looked for by none here.";
  std::vector<std::string> found;
  for (const AuditLine& line : report.audit) {
    const bool is_odd =
        line.verdict == AuditVerdict::kWarning || line.verdict == AuditVerdict::kLeak;
    if (is_odd) found.push_back(fmt::format("{} ({})", line.check, line.text));
  }
  if (found.empty()) return {};
  return fmt::format("The leakage audit has something to say of: {}.", named(found));
}

std::string auc_warning(const MlTrainingReport& report, const SkillJudgement& judged) {
  const auto& folds = report.model.scores.folds;
  if (judged.roc_auc && *judged.roc_auc > kTooGood) {
    return fmt::format(
        "An AUC of {} is more often a leak than a market: look for a feature that knows the "
        "outcome before anything else.",
        four(judged.roc_auc));
  }
  const auto below = std::count_if(folds.begin(), folds.end(), [](const FoldScores& fold) {
    return fold.scores.roc_auc && *fold.scores.roc_auc < kChance;
  });
  if (judged.roc_auc && *judged.roc_auc < kChance) {
    return fmt::format("AUC is below 0.5: {} of {} ranked losers above winners.", below,
                       counted(folds.size(), "fold"));
  }
  if (below == 0) return {};
  return fmt::format("AUC is below 0.5 in {} of {}.", below, counted(folds.size(), "fold"));
}

std::string probability_warning(const ClassificationScores& pooled) {
  const std::optional<double> base = brier_of_base_rate(pooled);
  if (!pooled.brier || !base || *pooled.brier < *base) return {};
  return fmt::format(
      "Probabilities are worse than none: Brier {} against {} for always saying the base rate of "
      "{}. Do not size positions by them.",
      four(pooled.brier), four(base), percent(pooled.base_rate));
}

std::string overfit_warning(const MlTrainingReport& report) {
  double train = 0;
  double test = 0;
  const auto& folds = report.model.folds;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const auto& loss = report.model.scores.folds[k].scores.log_loss;
    if (!loss) return {};
    train += folds[k].train_loss / static_cast<double>(folds.size());
    test += *loss / static_cast<double>(folds.size());
  }
  if (folds.empty() || test <= kFarBetter * train) return {};
  std::string text = fmt::format(
      "Training rows are predicted far better than tested ones (log loss {} against {}, mean over "
      "folds): the trees memorise.",
      four(train), four(test));
  const auto& curve = report.model.scores.curve;
  const auto best = std::min_element(curve.begin(), curve.end(), [](const auto& a, const auto& b) {
    return a.test_loss < b.test_loss;
  });
  if (curve.empty() || best == curve.end() - 1) return text;
  return text + fmt::format(" Its lowest on tested rows is {} after {}, {} after all {}.",
                            four(best->test_loss), counted(best->num_trees, "tree"),
                            four(curve.back().test_loss), count(curve.back().num_trees));
}

std::string few_rows_warning(const MlTrainingReport& report) {
  const auto& scores = report.model.scores;
  std::vector<std::string> few;
  for (std::size_t k = 0; k < scores.folds.size(); ++k) {
    const ClassRows rows = rows_by_class(scores.folds[k].scores);
    if (rows.fewer() >= kFewOfAClass) continue;
    few.push_back(fmt::format("{} ({} of label 1, {} of label 0)",
                              report.model.splits[report.model.folds[k].split].name,
                              count(rows.ones), count(rows.zeros)));
  }
  if (few.empty()) return {};
  return fmt::format(
      "Folds with fewer than {} tested rows of a label, whose figures say little: {}.",
      kFewOfAClass, named(few));
}

std::string isotonic_warning(const MlTrainingReport& report) {
  const auto& folds = report.model.scores.folds;
  std::size_t all = 0;
  std::size_t largest = 0;
  for (const FoldScores& fold : folds) {
    all += fold.scores.num_rows;
    largest = std::max(largest, fold.scores.num_rows);
  }
  if (all - largest >= kFewForIsotonic) return {};
  return fmt::format("Isotonic calibration had as few as {} to learn from: below {} it fits noise.",
                     counted(all - largest, "row"), count(kFewForIsotonic));
}

std::string taken_warning(const MlTrainingReport& report) {
  const std::size_t taken = num_taken(report.model.scores.pooled);
  if (taken >= kFewOfAClass) return {};
  return fmt::format(
      "{} would be taken at a confidence of {}: the figures of those taken say "
      "little.",
      taken == 0 ? fmt::format("No tested {}", row_word(report))
                 : fmt::format("Only {} of the tested {}", count(taken), rows_word(report)),
      with_decimals(report.notes.config.min_confidence, 2));
}

std::string feature_warning(const MlTrainingReport& report) {
  std::vector<std::string> names;
  for (const model::FeatureCount& feature : report.summary.features) {
    if (feature.missing > kOftenMissing) {
      names.push_back(fmt::format("{} ({})", feature.name, percent(feature.missing)));
    }
  }
  if (names.empty()) return {};
  return fmt::format("Missing in more than half of the rows: {}.", named(names));
}

}  // namespace

std::string_view to_string(Skill skill) noexcept {
  switch (skill) {
    case Skill::kVoid:
      return "void";
    case Skill::kWorse:
      return "worse_than_chance";
    case Skill::kNone:
      return "not_shown";
    case Skill::kUnsteady:
      return "unsteady";
    case Skill::kShown:
      return "shown";
    case Skill::kUnknown:
      break;
  }
  return "unknown";
}

std::optional<double> widened(std::optional<double> error, double mean_uniqueness) {
  if (!error || !(mean_uniqueness > 0)) return {};
  return *error / std::sqrt(mean_uniqueness);
}

SkillJudgement judge(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  SkillJudgement judged;
  judged.roc_auc = scores.pooled.roc_auc;
  judged.error = widened(scores.pooled.roc_auc_error, scores.mean_uniqueness);
  judged.mean_of_folds = scores.roc_auc.mean;
  if (scores.roc_auc.deviation) {
    const auto num_folds = static_cast<std::size_t>(
        std::count_if(scores.folds.begin(), scores.folds.end(),
                      [](const FoldScores& fold) { return fold.scores.roc_auc.has_value(); }));
    judged.error_of_mean =
        *scores.roc_auc.deviation / std::sqrt(independent_folds(report, num_folds));
  }
  if (model::has_leak(report.audit) || !is_purged(report)) {
    judged.skill = Skill::kVoid;
  } else if (!judged.roc_auc || !judged.error) {
    judged.skill = Skill::kUnknown;
  } else if (std::abs(*judged.roc_auc - kChance) <= kErrorsFromChance * *judged.error) {
    judged.skill = Skill::kNone;
  } else if (*judged.roc_auc < kChance) {
    judged.skill = Skill::kWorse;
  } else if (judged.error_of_mean &&
             *judged.mean_of_folds - kChance <= kErrorsFromChance * *judged.error_of_mean) {
    judged.skill = Skill::kUnsteady;
  } else {
    judged.skill = Skill::kShown;
  }
  return judged;
}

std::string verdict(const MlTrainingReport& report) {
  const SkillJudgement judged = judge(report);
  switch (judged.skill) {
    case Skill::kVoid:
      return void_sentence(report);
    case Skill::kWorse:
      return fmt::format(
          "No skill shown, and worse than chance: on {} it was not fitted to, {}, more than "
          "two errors below 0.5, so what held in training turned round in the tests.",
          rows_word(report), auc_words(judged));
    case Skill::kNone:
      return fmt::format(
          "No skill shown: on {} it was not fitted to, {}; 0.5, which is chance, lies within "
          "two errors.",
          rows_word(report), auc_words(judged));
    case Skill::kUnsteady:
      return fmt::format(
          "No steady skill shown: on {} it was not fitted to, {} is more than two errors above "
          "0.5, "
          "but the mean over folds, {} with an error of {}, is not.",
          rows_word(report), auc_words(judged), four(judged.mean_of_folds),
          four(judged.error_of_mean));
    case Skill::kShown:
      return fmt::format(
          "{}: on {} it was not fitted to, one that succeeded ranks above one that failed in {} of "
          "pairs, where chance gives 50 % ({}).",
          is_doubted(report) ? "Skill shown that the leakage audit doubts" : "Some skill shown",
          rows_word(report), percent(judged.roc_auc), auc_words(judged));
    case Skill::kUnknown:
      break;
  }
  return unknown_sentence(report);
}

std::vector<std::string> findings(const MlTrainingReport& report) {
  const model::MetaScores& scores = report.model.scores;
  std::vector<std::string> said;
  if (judge(report).skill == Skill::kVoid) return said;
  if (std::string taken = taken_sentence(report); !taken.empty()) said.push_back(std::move(taken));
  const std::optional<double> base = brier_of_base_rate(scores.pooled);
  if (scores.pooled.brier && base && *scores.pooled.brier < *base) {
    said.push_back(fmt::format(
        "Probabilities are {} better than always saying the base rate of {}: Brier {} against {}.",
        percent(1 - *scores.pooled.brier / *base), percent(scores.pooled.base_rate),
        four(scores.pooled.brier), four(base)));
  }
  if (scores.mean_uniqueness < 1) {
    const double rows = static_cast<double>(scores.pooled.num_rows) * scores.mean_uniqueness;
    said.push_back(fmt::format(
        "Labels overlap: {} carry as much as about {} that share no bar, which the error allows "
        "for. That symbols move together it does not.",
        counted(scores.pooled.num_rows, "tested row"),
        count(static_cast<std::uint64_t>(std::llround(rows)))));
  }
  return said;
}

std::vector<std::string> warnings(const MlTrainingReport& report) {
  const SkillJudgement judged = judge(report);
  std::vector<std::string> said;
  const auto add = [&](std::string text) {
    if (!text.empty()) said.push_back(std::move(text));
  };
  add(audit_warning(report));
  if (!is_purged(report)) {
    add("Training rows whose labels reach into the test were not dropped: every score is too "
        "good.");
  }
  add(auc_warning(report, judged));
  add(probability_warning(report.model.scores.pooled));
  add(overfit_warning(report));
  add(few_rows_warning(report));
  add(taken_warning(report));
  add(isotonic_warning(report));
  add(feature_warning(report));
  if (!model::is_usable_in_backtest(report.notes.config.splits.scheme)) {
    add("Folds train on bars after those they test: their predictions are for scores, never for a "
        "backtest.");
  }
  return said;
}

std::optional<double> brier_of_base_rate(const ClassificationScores& scores) {
  if (!scores.base_rate) return {};
  return *scores.base_rate * (1 - *scores.base_rate);
}

std::optional<double> log_loss_of_base_rate(const ClassificationScores& scores) {
  if (!scores.base_rate) return {};
  const double p = *scores.base_rate;
  const auto part = [](double share) { return share > 0 ? -share * std::log(share) : 0.0; };
  return part(p) + part(1 - p);
}

}  // namespace tickwerk::report
