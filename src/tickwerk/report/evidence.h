// What a test says when several were made: evidence at the 5 % level, corrected by Holm. Used by
// the verdicts of factors and of models.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tickwerk::report {

/// At kEvidenceLevel: kPositive and kNegative still after the correction for the number of tests,
/// the weak ones only without it.
enum class Evidence { kPositive, kNegative, kWeakPositive, kWeakNegative, kNone, kUnknown };

inline constexpr double kEvidenceLevel = 0.05;
/// Below so many stretches without overlap a t is far from normal, which p knows.
inline constexpr std::size_t kFewStretches = 20;

/// What is known of one test; empty where it could not be made.
struct Tested {
  std::optional<double> t = {};
  std::optional<double> p_value = {};
  std::optional<double> p_holm = {};
};
Evidence evidence_of(const Tested& tested) noexcept;

/// Smallest level at which each test is still rejected when all are corrected together; in the
/// order given. Source: Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure",
/// Scandinavian Journal of Statistics 6(2).
std::vector<double> holm_adjusted(const std::vector<double>& p_values);

/// `p 0.031`, `p < 0.001`.
std::string p_text(double p_value);

}  // namespace tickwerk::report
