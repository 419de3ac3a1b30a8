// Information coefficients: how well a factor orders what its symbols do next, day by day, and what
// a series of such days amounts to. Used by analysis.h; knows no expressions and no dates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/panel/panel.h"
#include "tickwerk/risk/mean_t.h"

namespace tickwerk::factor {

/// A value for each row of the panels; NaN where there is none.
using Daily = std::vector<double>;

/// Pearson's correlation of factor and label on each row, over the symbols with both values. NaN
/// with fewer than three of them or where one side is constant. factor, label: [time, symbol], same
/// shape, NaN also where a symbol is no member on that day. Row t reads row t of both (the label
/// itself reads the future). Cost: about 0.5 ns a symbol. Throws kInvalidArgument when shapes
/// differ. The same bits for any number of threads.
Daily daily_ic(PanelView factor, PanelView label);

/// The same of average ranks: Spearman's. Cost: about 4 ns a symbol.
Daily daily_rank_ic(PanelView factor, PanelView label);

/// Spearman's correlation of each row with the row before it; the first is NaN. One less this is
/// about how much of the order a day changes.
Daily daily_rank_autocorrelation(PanelView factor);

/// What a daily series of coefficients amounts to, over the rows that have one. Empty where there
/// are too few.
struct IcSummary {
  std::size_t count = 0;
  std::optional<double> mean = {};
  std::optional<double> deviation = {};  // of a sample
  std::optional<double> ir = {};         // mean / deviation, a day; empty without deviation
  std::optional<double> hit_ratio = {};  // share of rows above 0
  std::optional<double> q05 = {};        // type-7 quantiles
  std::optional<double> q95 = {};
  std::optional<double> min = {};
  std::optional<double> max = {};
  std::optional<risk::MeanT> t = {};  // neighbours overlap over `horizon` rows
};
IcSummary summarize_ic(std::span<const double> daily, std::size_t horizon);

/// State of each row, an index into a list of names that the caller keeps; negative: unknown.
using RegimeOfRow = std::vector<std::int32_t>;

/// summarize_ic() of the rows of each regime 0 to num_regimes - 1. Lags still count rows, so that
/// two days of one regime are correlated by the days between them. Throws kInvalidArgument when
/// `regime` has another length than `daily`, or a state that is not below num_regimes.
std::vector<IcSummary> summarize_by_regime(std::span<const double> daily,
                                           std::size_t horizon,
                                           std::span<const std::int32_t> regime,
                                           std::size_t num_regimes);

}  // namespace tickwerk::factor
