// Words and figures that several parts of a meta-model's report write alike. Used by ml_report_*.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tickwerk/report/ml_report.h"

namespace tickwerk::report {

inline constexpr const char* kDash = "-";

/// As with_decimals, percent and signed_percent, with a dash for what is missing.
std::string figure(std::optional<double> value, int decimals);
std::string share(std::optional<double> fraction);
std::string signed_share(std::optional<double> fraction);

/// `walk-forward, 5 windows, expanding`.
std::string scheme_words(const model::SplitConfig& splits);

/// `gradient boosting of 100 trees of depth 6`.
std::string model_words(const model::ModelSpec& spec);

/// `2018-01-02 to 2019-12-30`, several parts apart by semicolons.
std::string test_dates(const MlTrainingReport& report, const model::Split& split);

/// `entry` or `bar`, `entries` or `bars`: what the rows are.
std::string_view row_word(const MlTrainingReport& report) noexcept;
std::string_view rows_word(const MlTrainingReport& report) noexcept;

}  // namespace tickwerk::report
