#include "tickwerk/report/metrics_json.h"

#include <nlohmann/json.hpp>

#include "tickwerk/report/json_number.h"

namespace tickwerk::report {
namespace {

using Json = nlohmann::json;

Json integer(std::optional<std::size_t> value) { return value ? Json(*value) : Json(nullptr); }

Json date(const BacktestReport& report, std::optional<std::size_t> row) {
  if (!row) return nullptr;
  return to_string(report.result.equity[*row].time, report.bars.frequency);
}

Json performance(const risk::Performance& values, const risk::EpisodeStatistics* episodes) {
  Json json{{"final_pf", json_number(values.final_pf)},
            {"total_return", json_number(values.total_return)},
            {"cagr", json_number(values.cagr)},
            {"sharpe", json_number(values.sharpe)},
            {"sortino", json_number(values.sortino)},
            {"max_drawdown_pct", json_number(values.max_drawdown_pct)},
            {"calmar", json_number(values.calmar)},
            {"volatility", json_number(values.volatility)},
            {"var_95", json_number(values.var_95)},
            {"es_95", json_number(values.es_95)},
            {"skew", json_number(values.skew)},
            {"excess_kurtosis", json_number(values.excess_kurtosis)}};
  if (episodes == nullptr) return json;
  json["hit_rate"] = json_number(episodes->hit_rate);
  json["profit_factor"] = json_number(episodes->profit_factor);
  json["avg_win"] = json_number(episodes->avg_win);
  json["avg_loss"] = json_number(episodes->avg_loss);
  return json;
}

void add_confidence(Json& json, const risk::SharpeConfidence& confidence) {
  json["sharpe_error_lo"] = json_number(confidence.error_lo);
  json["sharpe_error_mertens"] = json_number(confidence.error_mertens);
  json["min_track_record_length"] = json_number(confidence.min_track_record_length);
  json["probabilistic_sharpe"] = json_number(confidence.probabilistic_sharpe);
  json["deflated_sharpe"] = json_number(confidence.deflated_sharpe);
  json["num_trials"] = confidence.num_trials;
}

Json against_benchmark(const BacktestReport& report) {
  if (!report.metrics.against_benchmark) return nullptr;
  const risk::BenchmarkComparison& values = *report.metrics.against_benchmark;
  return {{"name", report.benchmark},
          {"num_returns", values.num_returns},
          {"alpha", json_number(values.alpha)},
          {"beta", json_number(values.beta)},
          {"correlation", json_number(values.correlation)},
          {"tracking_error", json_number(values.tracking_error)},
          {"information_ratio", json_number(values.information_ratio)},
          {"performance", performance(*report.metrics.benchmark, nullptr)}};
}

Json calendar(const std::vector<risk::CalendarRow>& rows) {
  Json table = Json::array();
  for (const risk::CalendarRow& row : rows) {
    Json json{{"year", row.year},
              {"bars", row.num_bars},
              {"net_return", json_number(row.net_return)},
              {"gross_return", json_number(row.gross_return)},
              {"max_drawdown_pct", json_number(row.max_drawdown_pct)},
              {"volatility", json_number(row.volatility)},
              {"sharpe", json_number(row.sharpe)},
              {"cost", json_number(row.cost)}};
    if (row.month > 0) json["month"] = row.month;
    table.push_back(std::move(json));
  }
  return table;
}

Json gates(const risk::Metrics& metrics) {
  Json table = Json::array();
  for (const risk::GateResult& result : metrics.gates) {
    table.push_back({{"metric", result.gate.metric},
                     {"value", json_number(result.value)},
                     {"ok", json_number(result.gate.ok)},
                     {"warning", json_number(result.gate.warning)},
                     {"status", to_string(result.status)}});
  }
  return {{"gates", std::move(table)}, {"overall", to_string(metrics.overall)}};
}

Json drawdowns(const BacktestReport& report) {
  Json table = Json::array();
  for (const risk::Drawdown& drawdown : report.metrics.worst_drawdowns) {
    table.push_back({{"depth_pct", json_number(drawdown.depth_pct)},
                     {"peak", date(report, drawdown.peak)},
                     {"trough", date(report, drawdown.trough)},
                     {"recovery", date(report, drawdown.recovery)}});
  }
  return table;
}

Json fills(const BacktestReport& report) {
  const backtest::BacktestResult& result = report.result;
  Json json{{"orders", result.num_orders},
            {"fills", result.num_fills},
            {"partial", result.num_partial},
            {"waiting", result.num_waiting},
            {"delisted", result.num_delisted},
            {"impact_capped", result.num_impact_capped},
            {"participation_capped", result.num_participation_capped},
            {"margin_calls", result.num_margin_calls},
            {"margin_covers", result.num_margin_covers}};
  if (report.haircut_rerun) {
    json["delisted_rerun"] = performance(report.haircut_rerun->net, nullptr);
    json["delisted_rerun"]["haircut"] = json_number(report.haircut_rerun->haircut);
  }
  return json;
}

Json document(const BacktestReport& report) {
  const risk::Metrics& metrics = report.metrics;
  Json json = performance(metrics.net, &metrics.episodes_net);
  json["gross"] = performance(metrics.gross, &metrics.episodes_gross);
  json["num_bars"] = metrics.num_bars;
  json["start_capital"] = json_number(report.config.start_capital);
  json["end_equity"] = json_number(metrics.end_equity);
  json["total_cost"] = json_number(metrics.total_cost);
  json["cost_drag_bps"] = json_number(metrics.cost_drag_bps);
  json["cost_paid_bps"] = json_number(metrics.cost_paid_bps);
  json["turnover"] = json_number(metrics.turnover);
  json["exposure"] = json_number(metrics.exposure);
  json["net_exposure"] = json_number(metrics.net_exposure);
  json["borrow_fee"] = json_number(metrics.borrow_fee);
  json["interest"] = json_number(metrics.interest);
  json["num_episodes"] = integer(metrics.episodes_net.num_episodes);
  json["num_open_episodes"] = integer(metrics.episodes_net.num_open);
  json["num_short_episodes"] = integer(metrics.episodes_net.num_short);
  json["holding_period_bars"] = json_number(metrics.episodes_net.holding_period_bars);
  json["rf"] = json_number(report.rf);
  add_confidence(json, metrics.sharpe_confidence);
  json["benchmark"] = against_benchmark(report);
  json["qa"] = gates(metrics);
  json["worst_drawdowns"] = drawdowns(report);
  json["by_year"] = calendar(metrics.by_year);
  json["by_month"] = calendar(metrics.by_month);
  json["trading"] = fills(report);
  if (report.meta_model) json["meta_model"] = meta_model_json(*report.meta_model);
  json["configuration"] = Json::object();
  for (const auto& [key, value] : report.settings) json["configuration"][key] = value;
  json["data_fingerprint"] = report.data_fingerprint;
  return json;
}

/// Bytes that are no UTF-8 (a benchmark's file name) are replaced, never an error.
std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string metrics_json(const BacktestReport& report) { return dumped(document(report)); }

std::string summary_json(const BacktestReport& report) {
  const auto& rows = report.result.equity;
  Json json{{"title", report.title},
            {"strategy", report.strategy.name},
            {"data_fingerprint", report.data_fingerprint},
            {"data", report.data_source},
            {"symbols", report.bars.num_symbols()},
            {"first_bar", nullptr},
            {"last_bar", nullptr},
            {"metrics", document(report)}};
  if (!rows.empty()) {
    json["first_bar"] = date(report, 0);
    json["last_bar"] = date(report, rows.size() - 1);
  }
  return dumped(json);
}

}  // namespace tickwerk::report
