#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/report/factor_report.h"
#include "tickwerk/report/factor_report_text.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/json_number.h"

namespace tickwerk::report {
namespace {

using nlohmann::json;

json coefficients(const factor::IcSummary& summary) {
  json object{{"count", summary.count},
              {"mean", json_number(summary.mean)},
              {"deviation", json_number(summary.deviation)},
              {"ir", json_number(summary.ir)},
              {"hit_ratio", json_number(summary.hit_ratio)},
              {"q05", json_number(summary.q05)},
              {"q95", json_number(summary.q95)},
              {"min", json_number(summary.min)},
              {"max", json_number(summary.max)},
              {"t", nullptr},
              {"p_value", nullptr}};
  if (summary.t) {
    object["t"] = json_number(summary.t->t);
    object["p_value"] = json_number(summary.t->p_value);
    object["t_lags"] = summary.t->num_lags;
  }
  return object;
}

json portfolio(const factor::PortfolioAnalysis& of) {
  const factor::PortfolioSummary& spread = of.long_short_summary;
  json object{{"spread_mean", json_number(of.quantiles.spread_mean)},
              {"monotonicity", json_number(of.quantiles.monotonicity)},
              {"yearly_return", json_number(spread.yearly_return)},
              {"total_return", json_number(spread.total_return)},
              {"volatility", json_number(spread.volatility)},
              {"sharpe", json_number(spread.sharpe)},
              {"sharpe_error", json_number(spread.sharpe_error)},
              {"probabilistic_sharpe", json_number(spread.probabilistic_sharpe)},
              {"deflated_sharpe", json_number(spread.deflated_sharpe)},
              {"max_drawdown_pct", json_number(spread.max_drawdown_pct)},
              {"quantiles", json::array()}};
  for (const auto& mean : of.quantiles.mean) object["quantiles"].push_back(json_number(mean));
  return object;
}

json horizon(const FactorReport& report, const factor::HorizonAnalysis& at) {
  json object{{"horizon", at.horizon},
              {"rank_ic", coefficients(at.rank_ic_summary)},
              {"ic", coefficients(at.ic_summary)},
              {"next_open", portfolio(at.next_open)},
              {"close", portfolio(at.at_close)},
              {"bottom_turnover", json_number(at.bottom_turnover)},
              {"top_turnover", json_number(at.top_turnover)}};
  for (std::size_t k = 0; k < at.rank_ic_by_regime.size(); ++k) {
    object["rank_ic_by_regime"][report.regimes[k]] = coefficients(at.rank_ic_by_regime[k]);
  }
  return object;
}

json factor_object(const FactorReport& report, const JudgedFactor& one) {
  json object{{"name", one.factor->name},
              {"verdict", verdict(one)},
              {"t", json_number(one.t)},
              {"p_value", json_number(one.p_value)},
              {"p_holm", json_number(one.p_holm)},
              {"num_values", one.factor->num_values},
              {"rank_autocorrelation", json_number(one.factor->mean_autocorrelation)},
              {"horizons", json::array()}};
  if (one.index < report.expressions.size()) {
    object["expression"] = report.expressions[one.index];
  }
  for (const factor::HorizonAnalysis* at : by_horizon(*one.factor)) {
    object["horizons"].push_back(horizon(report, *at));
  }
  return object;
}

/// Of both legs.
std::optional<double> turnover(const factor::HorizonAnalysis& at) {
  if (!at.bottom_turnover || !at.top_turnover) return {};
  return (*at.bottom_turnover + *at.top_turnover) / 2;
}

}  // namespace

std::string factor_summary(const FactorReport& report) {
  const std::vector<JudgedFactor> judged = judge(report);
  Table table({{"factor"},
               {"rank IC", Align::kRight},
               {"IR", Align::kRight},
               {"t", Align::kRight},
               {"p", Align::kRight},
               {"hit", Align::kRight},
               {"long-short", Align::kRight},
               {"Sharpe", Align::kRight},
               {"turnover", Align::kRight},
               {"verdict"}});
  const auto cell = [](std::optional<double> value, auto text) {
    return value && std::isfinite(*value) ? text(value) : std::string("-");
  };
  const auto figure = [&](std::optional<double> value, int decimals) {
    return cell(value, [&](auto found) { return with_decimals(found, decimals); });
  };
  for (const JudgedFactor& one : judged) {
    const factor::IcSummary& summary = one.main->rank_ic_summary;
    const factor::PortfolioSummary& spread = one.main->next_open.long_short_summary;
    table.add({one.factor->name, figure(summary.mean, 4), figure(summary.ir, 3), figure(one.t, 2),
               figure(one.p_value, 3), cell(summary.hit_ratio, percent),
               cell(spread.yearly_return, signed_percent), figure(spread.sharpe, 2),
               cell(turnover(*one.main), percent), verdict(one)});
  }
  std::string text =
      fmt::format("{}\n{}\n\n{}\n", title_of(report), subject_of(report), table.plain());
  for (const std::string& sentence : findings(report, judged)) text += sentence + "\n";
  return text + fmt::format("page: {}_page.html\n", file_stem(report));
}

std::string factor_summary_json(const FactorReport& report) {
  const std::vector<JudgedFactor> judged = judge(report);
  json document{{"set", report.set},
                {"horizon", main_horizon(report)},
                {"frequency", suffix(report.frequency)},
                {"num_symbols", report.num_symbols},
                {"num_bars", report.times.size()},
                {"first_bar", nullptr},
                {"last_bar", nullptr},
                {"num_trials", report.num_trials},
                {"findings", findings(report, judged)},
                {"factors", json::array()},
                {"notes", report.notes},
                {"configuration", json::object()},
                {"data", report.data_source},
                {"data_fingerprint", report.data_fingerprint},
                {"page", file_stem(report) + "_page.html"}};
  if (!report.times.empty()) {
    document["first_bar"] = to_string(report.times.front(), report.frequency);
    document["last_bar"] = to_string(report.times.back(), report.frequency);
  }
  for (const JudgedFactor& one : judged) document["factors"].push_back(factor_object(report, one));
  for (const auto& [key, value] : report.settings) document["configuration"][key] = value;
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace tickwerk::report
