#include "tickwerk/report/ml_report_figures.h"

#include <fmt/format.h>

#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/model/names.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

bool known(std::optional<double> value) { return value && std::isfinite(*value); }

}  // namespace

std::string figure(std::optional<double> value, int decimals) {
  return known(value) ? with_decimals(value, decimals) : kDash;
}

std::string share(std::optional<double> fraction) {
  return known(fraction) ? percent(fraction) : kDash;
}

std::string signed_share(std::optional<double> fraction) {
  return known(fraction) ? signed_percent(fraction) : kDash;
}

std::string scheme_words(const model::SplitConfig& splits) {
  const std::string_view scheme = name_of(splits.scheme);
  switch (splits.scheme) {
    case model::SplitScheme::kPurgedKFold:
      return fmt::format("{}, {}", scheme, counted(splits.num_splits, "fold"));
    case model::SplitScheme::kCombinatorial:
      return fmt::format("{}, {} of {} tested at a time", scheme, count(splits.num_test_groups),
                         counted(splits.num_splits, "group"));
    case model::SplitScheme::kWalkForward:
      break;
  }
  return fmt::format(
      "{}, {}, {}", scheme, counted(splits.num_splits, "window"),
      splits.window == model::TrainWindow::kRolling
          ? fmt::format("trained on the last {}", counted(splits.window_dates, "date"))
          : std::string("trained on all before"));
}

std::string model_words(const model::ModelSpec& spec) {
  return fmt::format(
      "{} of {} of depth {}",
      spec.kind == model::ModelKind::kRandomForest ? "a random forest" : "gradient boosting",
      counted(spec.trees.num_trees, "tree"), spec.trees.max_depth);
}

std::string test_dates(const MlTrainingReport& report, const model::Split& split) {
  std::string text;
  for (const model::BarRange& range : split.test_bars) {
    TW_CHECK(range.last, <, report.times.size());
    if (!text.empty()) text += "; ";
    const auto date = [&](std::uint32_t bar) {
      return to_string(report.times[bar], report.notes.frequency);
    };
    text += fmt::format("{} to {}", date(range.first), date(range.last));
  }
  return text;
}

std::string_view row_word(const MlTrainingReport& report) noexcept {
  return report.rows_are == RowsAre::kBars ? "bar" : "entry";
}

std::string_view rows_word(const MlTrainingReport& report) noexcept {
  return report.rows_are == RowsAre::kBars ? "bars" : "entries";
}

}  // namespace tickwerk::report
