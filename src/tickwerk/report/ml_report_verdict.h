// What may be said of a meta-model from its tests, and what speaks against it: the sentences on top
// of its report. Used by the files of ml_report.h. Says "no skill shown" wherever chance explains
// the figures, never that there is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/report/ml_report.h"

namespace tickwerk::report {

/// kNone: 0.5 lies within two errors of the AUC. kUnsteady: not of the AUC of all tested rows, but
/// of its mean over folds. kWorse: the AUC is below 0.5 by more. kUnknown: there is no error.
/// kVoid: the audit found a leak, or folds were not purged.
enum class Skill { kUnknown, kVoid, kWorse, kNone, kUnsteady, kShown };
std::string_view to_string(Skill skill) noexcept;

inline constexpr double kErrorsFromChance = 2;

struct SkillJudgement {
  Skill skill = Skill::kUnknown;
  std::optional<double> roc_auc = {};  // of all tested rows
  std::optional<double> error = {};    // of it, widened
  std::optional<double> mean_of_folds = {};
  std::optional<double> error_of_mean = {};  // from the spread over folds
};

/// An error of independent rows over the square root of the mean uniqueness of the labels, as if
/// there were only uniqueness times as many rows.
std::optional<double> widened(std::optional<double> error, double mean_uniqueness);

SkillJudgement judge(const MlTrainingReport& report);

/// One sentence, for somebody who reads nothing else.
std::string verdict(const MlTrainingReport& report);

/// What its use would have meant, and what its probabilities are worth: a sentence each.
std::vector<std::string> findings(const MlTrainingReport& report);

/// Reasons to believe less, a sentence each; often none is missing.
std::vector<std::string> warnings(const MlTrainingReport& report);

/// What a probability that is always the base rate scores: Brier p (1 - p), log loss the entropy.
std::optional<double> brier_of_base_rate(const model::ClassificationScores& scores);
std::optional<double> log_loss_of_base_rate(const model::ClassificationScores& scores);

}  // namespace tickwerk::report
