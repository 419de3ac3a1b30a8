#include "tickwerk/report/factor_report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

using factor::PortfolioSummary;

constexpr const char* kNone = "-";
constexpr std::size_t kMostBuckets = 10;  // that have a column each
constexpr double kLeastP = 0.001;

bool known(std::optional<double> value) { return value && std::isfinite(*value); }

std::string figure(std::optional<double> value, int decimals) {
  return known(value) ? with_decimals(value, decimals) : kNone;
}

std::string share(std::optional<double> value) { return known(value) ? percent(value) : kNone; }

std::string signed_share(std::optional<double> value) {
  return known(value) ? signed_percent(value) : kNone;
}

std::string level(std::optional<double> p_value) {
  if (!known(p_value)) return kNone;
  return *p_value < kLeastP ? "< 0.001" : with_decimals(p_value, 3);
}

std::optional<double> t_of(const std::optional<risk::MeanT>& test) {
  return test ? std::optional(test->t) : std::nullopt;
}

std::optional<double> p_of(const std::optional<risk::MeanT>& test) {
  return test ? std::optional(test->p_value) : std::nullopt;
}

/// `0.0312 (t 2.41)`.
std::string mean_and_t(const factor::IcSummary& summary) {
  if (!known(summary.mean)) return kNone;
  return fmt::format("{} (t {})", figure(summary.mean, 4), figure(t_of(summary.t), 2));
}

Column right(std::string title) { return {std::move(title), Align::kRight}; }

}  // namespace

Table headline_table(Judged judged) {
  Table table({{"factor"},
               right("mean rank IC"),
               right("IR a bar"),
               right("t"),
               right("p"),
               right("p, Holm"),
               right("hit ratio"),
               right("long-short a year"),
               right("Sharpe"),
               {"verdict"}});
  for (const JudgedFactor& one : judged) {
    const factor::IcSummary& summary = one.main->rank_ic_summary;
    const PortfolioSummary& portfolio = one.main->next_open.long_short_summary;
    table.add({one.factor->name, figure(summary.mean, 4), figure(summary.ir, 3), figure(one.t, 2),
               level(one.p_value), level(one.p_holm), share(summary.hit_ratio),
               signed_share(portfolio.yearly_return), figure(portfolio.sharpe, 2), verdict(one)});
  }
  return table;
}

Table coefficient_table(Judged judged) {
  Table table({{"factor"},
               right("bars"),
               right("rank IC, mean"),
               right("deviation"),
               right("q05"),
               right("q95"),
               right("least"),
               right("most"),
               right("IC, mean"),
               right("t of IC"),
               right("p of IC")});
  for (const JudgedFactor& one : judged) {
    const factor::IcSummary& rank = one.main->rank_ic_summary;
    const factor::IcSummary& plain = one.main->ic_summary;
    table.add({one.factor->name, count(rank.count), figure(rank.mean, 4), figure(rank.deviation, 3),
               figure(rank.q05, 3), figure(rank.q95, 3), figure(rank.min, 3), figure(rank.max, 3),
               figure(plain.mean, 4), figure(t_of(plain.t), 2), level(p_of(plain.t))});
  }
  return table;
}

Table decay_table(Judged judged) {
  std::vector<Column> columns{{"factor"}};
  for (const factor::HorizonAnalysis* at : by_horizon(*judged.front().factor)) {
    columns.push_back(right(counted(at->horizon, "bar")));
  }
  Table table(std::move(columns));
  for (const JudgedFactor& one : judged) {
    std::vector<std::string> row{one.factor->name};
    for (const factor::HorizonAnalysis* at : by_horizon(*one.factor)) {
      row.push_back(mean_and_t(at->rank_ic_summary));
    }
    table.add(std::move(row));
  }
  return table;
}

Table quantile_table(Judged judged, factor::Entry entry) {
  const std::size_t num_quantiles = judged.front().main->next_open.returns.num_symbols();
  std::vector<std::size_t> shown;
  for (std::size_t k = 0; k < num_quantiles; ++k) {
    if (num_quantiles <= kMostBuckets || k == 0 || k + 1 == num_quantiles) shown.push_back(k);
  }
  std::vector<Column> columns{{"factor"}};
  for (const std::size_t k : shown) columns.push_back(right(fmt::format("q{}", k + 1)));
  for (const char* title : {"top less bottom", "t", "p", "monotonicity"}) {
    columns.push_back(right(title));
  }
  Table table(std::move(columns));
  for (const JudgedFactor& one : judged) {
    const factor::QuantileSummary& summary = entry == factor::Entry::kNextOpen
                                                 ? one.main->next_open.quantiles
                                                 : one.main->at_close.quantiles;
    std::vector<std::string> row{one.factor->name};
    for (const std::size_t k : shown) {
      row.push_back(k < summary.mean.size() ? signed_share(summary.mean[k]) : kNone);
    }
    row.push_back(signed_share(summary.spread_mean));
    row.push_back(figure(t_of(summary.spread_t), 2));
    row.push_back(level(p_of(summary.spread_t)));
    row.push_back(figure(summary.monotonicity, 2));
    table.add(std::move(row));
  }
  return table;
}

Table long_short_table(Judged judged) {
  Table table({{"factor"},
               right("a year"),
               right("volatility"),
               right("Sharpe"),
               right("its error"),
               right("P(Sharpe > 0)"),
               right("deflated"),
               right("max drawdown"),
               right("bottom a year"),
               right("top a year"),
               right("at the close, a year"),
               right("Sharpe at the close")});
  for (const JudgedFactor& one : judged) {
    const factor::PortfolioAnalysis& open = one.main->next_open;
    const PortfolioSummary& spread = open.long_short_summary;
    const PortfolioSummary& close = one.main->at_close.long_short_summary;
    table.add({one.factor->name, signed_share(spread.yearly_return), share(spread.volatility),
               figure(spread.sharpe, 2), figure(spread.sharpe_error, 2),
               share(spread.probabilistic_sharpe), share(spread.deflated_sharpe),
               known(spread.max_drawdown_pct) ? percent_points(spread.max_drawdown_pct) : kNone,
               signed_share(open.bottom_summary.yearly_return),
               signed_share(open.top_summary.yearly_return), signed_share(close.yearly_return),
               figure(close.sharpe, 2)});
  }
  return table;
}

Table turnover_table(const FactorReport& report, Judged judged) {
  Table table({{"factor"},
               right("new in the bottom"),
               right("new in the top"),
               right("rank autocorrelation"),
               right("values"),
               right("of symbols x bars")});
  const double num_cells =
      static_cast<double>(report.times.size()) * static_cast<double>(report.num_symbols);
  for (const JudgedFactor& one : judged) {
    const auto num_values = static_cast<double>(one.factor->num_values);
    table.add({one.factor->name, share(one.main->bottom_turnover), share(one.main->top_turnover),
               figure(one.factor->mean_autocorrelation, 4), count(one.factor->num_values),
               num_cells > 0 ? share(num_values / num_cells) : kNone});
  }
  return table;
}

Table regime_table(const FactorReport& report, Judged judged) {
  std::vector<Column> columns{{"factor"}, right("all")};
  for (const std::string& regime : report.regimes) columns.push_back(right(regime));
  Table table(std::move(columns));
  if (report.regimes.empty()) return table;
  std::vector<std::string> bars{"bars with a coefficient, at most"};
  std::vector<std::size_t> most(report.regimes.size() + 1, 0);
  for (const JudgedFactor& one : judged) {
    const auto& parts = one.main->rank_ic_by_regime;
    std::vector<std::string> row{one.factor->name, mean_and_t(one.main->rank_ic_summary)};
    most[0] = std::max(most[0], one.main->rank_ic_summary.count);
    for (std::size_t k = 0; k < report.regimes.size(); ++k) {
      row.push_back(k < parts.size() ? mean_and_t(parts[k]) : kNone);
      if (k < parts.size()) most[k + 1] = std::max(most[k + 1], parts[k].count);
    }
    table.add(std::move(row));
  }
  for (const std::size_t number : most) bars.push_back(count(number));
  table.add(std::move(bars));
  return table;
}

std::vector<FactorPair> closest_pairs(const FactorReport& report, std::size_t limit) {
  const Panel& matrix = report.analysis.correlation;
  std::vector<FactorPair> pairs;
  for (std::size_t i = 0; i < matrix.num_rows(); ++i) {
    for (std::size_t j = i + 1; j < matrix.num_symbols(); ++j) {
      if (std::isfinite(matrix(i, j))) pairs.push_back({i, j, matrix(i, j)});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const FactorPair& a, const FactorPair& b) {
    return std::abs(a.correlation) > std::abs(b.correlation);
  });
  pairs.resize(std::min(pairs.size(), limit));
  return pairs;
}

Table pair_table(const FactorReport& report, std::span<const FactorPair> pairs) {
  Table table({{"factor"}, {"and"}, right("rank correlation")});
  for (const FactorPair& pair : pairs) {
    table.add({report.analysis.factors[pair.first].name, report.analysis.factors[pair.second].name,
               figure(pair.correlation, 3)});
  }
  return table;
}

Table correlation_table(const FactorReport& report, Judged judged) {
  std::vector<Column> columns{{"factor"}};
  for (const JudgedFactor& one : judged) columns.push_back(right(one.factor->name));
  Table table(std::move(columns));
  for (const JudgedFactor& one : judged) {
    std::vector<std::string> row{one.factor->name};
    for (const JudgedFactor& other : judged) {
      row.push_back(figure(report.analysis.correlation(one.index, other.index), 2));
    }
    table.add(std::move(row));
  }
  return table;
}

Table definition_table(const FactorReport& report) {
  Table table({{"factor"}, {"expression"}, {"what it is"}});
  const auto text_of = [](const std::vector<std::string>& texts, std::size_t i) {
    return i < texts.size() ? texts[i] : std::string();
  };
  for (std::size_t i = 0; i < report.analysis.factors.size(); ++i) {
    table.add({report.analysis.factors[i].name, text_of(report.expressions, i),
               text_of(report.descriptions, i)});
  }
  return table;
}

Table provenance_table(const FactorReport& report) {
  Table table({{"setting"}, {"value"}});
  for (const auto& [key, value] : report.settings) table.add({key, value});
  if (!report.program.empty()) table.add({"program", report.program});
  if (!report.data_source.empty()) table.add({"data", report.data_source});
  if (!report.data_fingerprint.empty()) table.add({"data fingerprint", report.data_fingerprint});
  return table;
}

}  // namespace tickwerk::report
