#include "tickwerk/report/factor_report_csv.h"

#include <fmt/format.h>

#include <cmath>

#include "tickwerk/io/number.h"
#include "tickwerk/report/csv_writer.h"
#include "tickwerk/report/factor_report_verdict.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

using factor::HorizonAnalysis;
using factor::IcSummary;
using factor::PortfolioAnalysis;
using factor::PortfolioSummary;

constexpr int kProbabilityDigits = 12;
constexpr const char* kIcColumns =
    "mean_ic,std_ic,ic_ir,hit_ratio,q05,q95,min_ic,max_ic,count,t,p_value,t_lags,t_weights";

void append_value(std::string& text, std::optional<double> value) {
  text += ',';
  if (value && std::isfinite(*value)) io::append_number(text, *value);
}

void append_probability(std::string& text, std::optional<double> value) {
  text += ',';
  if (value && std::isfinite(*value)) io::append_rounded(text, *value, kProbabilityDigits);
}

void append_test(std::string& text, const std::optional<risk::MeanT>& test) {
  if (!test) {
    text += ",,,,";
    return;
  }
  append_value(text, test->t);
  append_probability(text, test->p_value);
  text +=
      fmt::format(",{},{}", test->num_lags,
                  test->weights == risk::LagWeights::kUniform ? "hansen_hodrick" : "newey_west");
}

void append_summary(std::string& text, const IcSummary& summary) {
  for (const auto& value : {summary.mean, summary.deviation, summary.ir, summary.hit_ratio,
                            summary.q05, summary.q95, summary.min, summary.max}) {
    append_value(text, value);
  }
  text += fmt::format(",{}", summary.count);
  append_test(text, summary.t);
}

std::string field(std::string_view name) {
  std::string text;
  io::append_csv_field(text, name);
  return text;
}

/// One row of the portfolio summary: a bucket of overlapping returns, or a leg marked daily.
struct Leg {
  std::string name;
  std::optional<double> mean = {};
  std::size_t num_rows = 0;
  const PortfolioSummary* daily = nullptr;
  std::optional<double> turnover = {};
};

void append_leg(std::string& text, const Leg& leg) {
  text += leg.name;
  append_value(text, leg.mean);
  text += fmt::format(",{}", leg.num_rows);
  const PortfolioSummary none;
  const PortfolioSummary& daily = leg.daily == nullptr ? none : *leg.daily;
  for (const auto& value : {daily.yearly_return, daily.total_return, daily.volatility, daily.sharpe,
                            daily.sharpe_error}) {
    append_value(text, value);
  }
  append_probability(text, daily.probabilistic_sharpe);
  append_probability(text, daily.deflated_sharpe);
  append_value(text, daily.max_drawdown_pct);
  text += leg.daily == nullptr ? "," : fmt::format(",{}", daily.num_returns);
  append_value(text, leg.turnover);
}

std::size_t num_known(const Panel& mean, std::size_t quantile) {
  std::size_t known = 0;
  for (std::size_t t = 0; t < mean.num_rows(); ++t) known += !std::isnan(mean(t, quantile));
  return known;
}

std::optional<double> mean_of(const PortfolioAnalysis& of, std::size_t quantile) {
  return quantile < of.quantiles.mean.size() ? of.quantiles.mean[quantile] : std::nullopt;
}

void append_portfolios(std::string& text,
                       const std::string& head,
                       const HorizonAnalysis& at,
                       const PortfolioAnalysis& of) {
  const std::size_t num_quantiles = of.returns.num_symbols();
  std::vector<Leg> legs;
  for (std::size_t k = 0; k < num_quantiles; ++k) {
    legs.push_back({.name = fmt::format("q{}", k + 1),
                    .mean = mean_of(of, k),
                    .num_rows = num_known(of.returns, k)});
  }
  const Leg none;
  const Leg& lowest = legs.empty() ? none : legs.front();
  const Leg& highest = legs.empty() ? none : legs.back();
  const Leg bottom{"bottom", lowest.mean, lowest.num_rows, &of.bottom_summary, at.bottom_turnover};
  const Leg top{"top", highest.mean, highest.num_rows, &of.top_summary, at.top_turnover};
  std::optional<double> turnover;
  if (bottom.turnover && top.turnover) turnover = (*bottom.turnover + *top.turnover) / 2;
  const Leg spread{"long_short", of.quantiles.spread_mean, of.quantiles.num_rows,
                   &of.long_short_summary, turnover};
  legs.push_back(bottom);
  legs.push_back(top);
  for (const Leg& leg : legs) {
    text += head;
    append_leg(text, leg);
    text += ",,,,,\n";
  }
  text += head;
  append_leg(text, spread);
  append_value(text, of.quantiles.monotonicity);
  append_test(text, of.quantiles.spread_t);
  text += '\n';
}

std::string head_of(const factor::FactorAnalysis& of, const HorizonAnalysis& at) {
  return fmt::format("{},{}", field(of.name), at.horizon);
}

}  // namespace

std::string ic_summary_csv(const FactorReport& report) {
  std::string text = fmt::format("factor,horizon,{}\n", kIcColumns);
  for (const factor::FactorAnalysis& of : report.analysis.factors) {
    for (const HorizonAnalysis* at : by_horizon(of)) {
      text += head_of(of, *at);
      append_summary(text, at->ic_summary);
      text += '\n';
    }
  }
  return text;
}

std::string rank_ic_summary_csv(const FactorReport& report) {
  std::string text = fmt::format("factor,horizon,regime,{},rank_autocorrelation\n", kIcColumns);
  for (const factor::FactorAnalysis& of : report.analysis.factors) {
    for (const HorizonAnalysis* at : by_horizon(of)) {
      text += head_of(of, *at) + ",";
      append_summary(text, at->rank_ic_summary);
      append_value(text, of.mean_autocorrelation);
      text += '\n';
      for (std::size_t k = 0; k < at->rank_ic_by_regime.size(); ++k) {
        text += fmt::format("{},{}", head_of(of, *at), field(report.regimes[k]));
        append_summary(text, at->rank_ic_by_regime[k]);
        text += ",\n";
      }
    }
  }
  return text;
}

std::string portfolio_summary_csv(const FactorReport& report) {
  std::string text =
      "factor,horizon,entry,leg,mean_return,num_rows,yearly_return,total_return,volatility,sharpe,"
      "sharpe_error,probabilistic_sharpe,deflated_sharpe,max_drawdown_pct,num_returns,turnover,"
      "monotonicity,t,p_value,t_lags,t_weights\n";
  for (const factor::FactorAnalysis& of : report.analysis.factors) {
    for (const HorizonAnalysis* at : by_horizon(of)) {
      append_portfolios(text, head_of(of, *at) + ",next_open,", *at, at->next_open);
      append_portfolios(text, head_of(of, *at) + ",close,", *at, at->at_close);
    }
  }
  return text;
}

std::string correlation_csv(const FactorReport& report) {
  const std::vector<factor::FactorAnalysis>& factors = report.analysis.factors;
  const Panel& matrix = report.analysis.correlation;
  TW_CHECK(matrix.num_rows(), ==, factors.size());
  std::string text = "factor";
  for (const factor::FactorAnalysis& of : factors) {
    text += ',';
    io::append_csv_field(text, of.name);
  }
  text += '\n';
  for (std::size_t i = 0; i < factors.size(); ++i) {
    text += field(factors[i].name);
    for (std::size_t j = 0; j < factors.size(); ++j) append_value(text, matrix(i, j));
    text += '\n';
  }
  return text;
}

void write_daily_csv(const FactorReport& report, const std::filesystem::path& path) {
  TW_ZONE("write_daily_csv");
  std::vector<std::string> times;
  for (const Timestamp time : report.times) times.push_back(to_string(time, report.frequency));
  std::vector<std::string> names;
  const std::size_t num_quantiles = report.config.quantiles.num_quantiles;
  for (const factor::FactorAnalysis& of : report.analysis.factors) {
    const HorizonAnalysis& main = of.horizons.front();
    TW_CHECK(main.ic.size(), ==, times.size());
    TW_CHECK(main.rank_ic.size(), ==, times.size());
    TW_CHECK(main.next_open.long_short.size(), ==, times.size());
    TW_CHECK(main.next_open.returns.num_rows(), ==, times.size());
    TW_CHECK(main.next_open.returns.num_symbols(), ==, num_quantiles);
    names.push_back(field(of.name));
  }
  std::string header = "timestamp,factor,ic,rank_ic";
  for (std::size_t k = 0; k < num_quantiles; ++k) header += fmt::format(",q{}", k + 1);
  header += ",long_short\n";
  write_csv(path, header, times.size() * names.size(),
            [&](std::string& text, std::size_t first, std::size_t last) {
              for (std::size_t row = first; row < last; ++row) {
                const std::size_t t = row / names.size();
                const std::size_t i = row % names.size();
                const HorizonAnalysis& main = report.analysis.factors[i].horizons.front();
                text += times[t];
                text += ',';
                text += names[i];
                append_value(text, main.ic[t]);
                append_value(text, main.rank_ic[t]);
                for (std::size_t k = 0; k < num_quantiles; ++k) {
                  append_value(text, main.next_open.returns(t, k));
                }
                append_value(text, main.next_open.long_short[t]);
                text += '\n';
              }
            });
}

}  // namespace tickwerk::report
