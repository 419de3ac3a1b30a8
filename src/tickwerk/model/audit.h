// Whether a dataset and its splits let a model see what it could not have known: one line a check,
// with a number, the limit it was held against and a sentence. Used by `tickwerk ml audit` and the
// report of a training; reads no bars (job/ml_audit.h does) and fits nothing that is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/model/dataset_file.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::model {

enum class AuditVerdict { kOk, kWarning, kLeak, kNotTested };
/// `ok`, `warning`, `leak`, `not tested`.
std::string_view to_string(AuditVerdict verdict) noexcept;

struct AuditLine {
  std::string check;  // `rows`, `feature mom`, `split walk_forward`
  AuditVerdict verdict = AuditVerdict::kOk;
  std::optional<double> value = {};
  std::optional<double> limit = {};
  std::string text;
};

bool has_leak(std::span<const AuditLine> lines) noexcept;

struct AuditConfig {
  /// Each of these with the rest of `splits`, whose own scheme and purge are not looked at.
  std::vector<SplitScheme> schemes = {SplitScheme::kWalkForward, SplitScheme::kPurgedKFold,
                                      SplitScheme::kCombinatorial};
  SplitConfig splits = {};
  std::uint64_t seed = 42;
  /// Of the tests of features: beyond it, whole symbols are left out, evenly.
  std::size_t max_rows = 300'000;
};

/// All checks below, in their order. The same for any number of threads.
std::vector<AuditLine> audit(const Dataset& dataset,
                             const DatasetDescription& description,
                             const AuditConfig& config = {});

/// Keys once and in order, bars and labels within the data, no label shorter than its reach.
std::vector<AuditLine> audit_rows(const Dataset& dataset);

/// What the description says of the features: none is a label, none reads a later bar.
std::vector<AuditLine> audit_description(const Dataset& dataset,
                                         const DatasetDescription& description);

/// Whether a feature repeats, as it is or through any monotone function, the label or the realized
/// return of its own row or of a later one of the symbol: up to the label's reach ahead, at least
/// 20 rows. Two rank correlations, across symbols within a date and over time within a symbol, and
/// the AUC on the later half of the dates, its direction taken from the earlier half.
/// Above 0.9 (AUC 0.95) is a leak, above 0.3 (AUC 0.75) a warning, but only above the limit that
/// random data pass with a probability below 1e-6 over all that is tried: |r| <
/// sqrt(1 - (1e-6 / tries)^(2 / (n - 2))), from r^2 ~ Beta(1/2, (n - 2) / 2) of n independent rows
/// (Fisher (1915), "Frequency distribution of the values of the correlation coefficient in samples
/// from an indefinitely large population", Biometrika 10(4)) and Beta(1/2, b) <= Beta(1, b). n is
/// the sum of average uniqueness within dates, and over time dates / reach, since symbols move
/// together. Cost: a sort a feature and view, then rows x lags.
std::vector<AuditLine> audit_copies(const Dataset& dataset, const AuditConfig& config = {});

/// Recounts, bar by bar and without the code that split, what a split must not have: a training
/// label that reads a bar of a test label, a training row in the embargo or tested too. The value
/// is their number, which is to be 0.
std::vector<AuditLine> audit_splits(const Dataset& dataset, const AuditConfig& config = {});

/// Labels moved against the features in a circle, by dates and equally for all symbols, some
/// times: what then seems to be known has leaked through the split. The model is the five nearest
/// training rows of the symbol, by time and slow features, asked about the test rows within
/// half a reach of training rows where nothing is purged, in up to 20 short parts; whether a row
/// returns more than the median of its date is what it is asked (than the median of all where dates
/// have few rows). The value is the AUC with the purge, the sentence has it without. A label that
/// goes on in the same way of itself shows beyond three reaches too, and is no leak.
std::vector<AuditLine> audit_shifts(const Dataset& dataset, const AuditConfig& config = {});

}  // namespace tickwerk::model
