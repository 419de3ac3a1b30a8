#include "tickwerk/factor/ic.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/base/parallel.h"
#include "tickwerk/factor/row_statistics.h"
#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/value_at_risk.h"

namespace tickwerk::factor {
namespace {

constexpr std::size_t kGrain = 64;

void require_same_shape(PanelView factor, PanelView label) {
  if (factor.num_rows == label.num_rows && factor.num_symbols == label.num_symbols) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("factor and label must have the same shape: {} x {} against {} x {}",
                          factor.num_rows, factor.num_symbols, label.num_rows, label.num_symbols));
}

}  // namespace

Daily daily_ic(PanelView factor, PanelView label) {
  require_same_shape(factor, label);
  Daily daily(factor.num_rows, kNaN);
  parallel_for(factor.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowStatistics rows(factor.num_symbols);
    for (std::size_t t = first; t < last; ++t) {
      daily[t] = rows.correlation(factor.row(t), label.row(t));
    }
  });
  return daily;
}

Daily daily_rank_ic(PanelView factor, PanelView label) {
  require_same_shape(factor, label);
  Daily daily(factor.num_rows, kNaN);
  parallel_for(factor.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowStatistics rows(factor.num_symbols);
    RankRow of_factor(factor.num_symbols), of_label(factor.num_symbols);
    for (std::size_t t = first; t < last; ++t) {
      rows.rank(factor.row(t), of_factor);
      rows.rank(label.row(t), of_label);
      daily[t] = rows.rank_correlation(of_factor, of_label);
    }
  });
  return daily;
}

Daily daily_rank_autocorrelation(PanelView factor) {
  Daily daily(factor.num_rows, kNaN);
  parallel_for(factor.num_rows, kGrain, [&](std::size_t first, std::size_t last) {
    RowStatistics rows(factor.num_symbols);
    RankRow before(factor.num_symbols), now(factor.num_symbols);
    if (first > 0) rows.rank(factor.row(first - 1), before);
    for (std::size_t t = first; t < last; ++t) {
      rows.rank(factor.row(t), now);
      if (t > 0) daily[t] = rows.rank_correlation(now, before);
      std::swap(now, before);
    }
  });
  return daily;
}

IcSummary summarize_ic(std::span<const double> daily, std::size_t horizon) {
  std::vector<double> values;
  values.reserve(daily.size());
  std::copy_if(daily.begin(), daily.end(), std::back_inserter(values),
               [](double value) { return !std::isnan(value); });
  IcSummary summary{.count = values.size()};
  if (values.empty()) return summary;
  summary.mean = risk::mean(values);
  summary.deviation = risk::sample_deviation(values);
  if (summary.deviation && *summary.deviation >= risk::kNoDeviation) {
    summary.ir = *summary.mean / *summary.deviation;
  }
  const auto num_hits =
      std::count_if(values.begin(), values.end(), [](double value) { return value > 0; });
  summary.hit_ratio = static_cast<double>(num_hits) / static_cast<double>(values.size());
  summary.q05 = risk::quantile(values, 0.05);
  summary.q95 = risk::quantile(values, 0.95);
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  summary.min = *min;
  summary.max = *max;
  summary.t = risk::mean_t(daily, horizon);
  return summary;
}

std::vector<IcSummary> summarize_by_regime(std::span<const double> daily,
                                           std::size_t horizon,
                                           std::span<const std::int32_t> regime,
                                           std::size_t num_regimes) {
  if (regime.size() != daily.size()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("there must be a regime for each row: {} for {}", regime.size(), daily.size()));
  }
  std::vector<Daily> parts(num_regimes, Daily(daily.size(), kNaN));
  for (std::size_t t = 0; t < daily.size(); ++t) {
    if (regime[t] < 0) continue;
    const auto state = static_cast<std::size_t>(regime[t]);
    if (state >= num_regimes) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a regime must be below {}: {} in row {}", num_regimes, state, t));
    }
    parts[state][t] = daily[t];
  }
  std::vector<IcSummary> summaries;
  for (const Daily& part : parts) summaries.push_back(summarize_ic(part, horizon));
  return summaries;
}

}  // namespace tickwerk::factor
