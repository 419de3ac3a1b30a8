#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/job/stress.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/table.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;
using report::Align;

constexpr int kDigits = 12;

std::optional<double> known(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

std::string scenario(const StressRow& row) {
  switch (row.what) {
    case StressOf::kCosts:
      return fmt::format("costs x {}", row.value);
    case StressOf::kDelay:
      return fmt::format("filled {} later", report::counted(std::uint64_t(row.value), "bar"));
    case StressOf::kCapital:
      break;
  }
  return fmt::format("capital {}", report::with_decimals(row.value, 0));
}

report::Table table(const StressResult& result) {
  report::Table table({{"scenario"},
                       {"Sharpe ratio", Align::kRight},
                       {"CAGR", Align::kRight},
                       {"total return", Align::kRight},
                       {"max drawdown", Align::kRight},
                       {"costs, bps a year", Align::kRight},
                       {"exposure", Align::kRight}});
  for (const StressRow& row : result.rows) {
    const auto metric = [&](std::string_view name) { return known(row.figures.metric(name)); };
    table.add({scenario(row), report::with_decimals(metric("sharpe"), 3),
               report::percent(metric("cagr")), report::percent(metric("total_return")),
               report::percent_points(metric("max_drawdown_pct")),
               report::with_decimals(metric("cost_paid_bps"), 1),
               report::percent(metric("exposure"))});
  }
  return table;
}

std::string csv(const StressResult& result) {
  std::string text = "stress,value";
  for (const TrialMetric& metric : kTrialMetrics) text += fmt::format(",{}", metric.name);
  text += '\n';
  for (const StressRow& row : result.rows) {
    text += to_string(row.what);
    text += ',';
    io::append_number(text, row.value);
    for (const double value : row.figures.metrics) {
      text += ',';
      io::append_rounded(text, value, kDigits);
    }
    text += '\n';
  }
  return text;
}

std::string page(const RunConfig& config, const StressResult& result) {
  std::string text = fmt::format("# {}: stress of {}\n\n", report::markdown_cell(config.title),
                                 report::markdown_cell(config.strategy.name));
  for (const std::string& sentence : result.sentences) text += fmt::format("- {}\n", sentence);
  text += fmt::format("\n{}\n", table(result).markdown());
  const double cap = config.backtest.participation_cap;
  return text +
         fmt::format(
             "Growth is the CAGR, or the total return of a run too short for one. Costs x k "
             "multiplies commission, spread and impact. Filled n bars later: decided at a close, "
             "filled at the open n bars on, sized at the close before the fill (bars without "
             "opens: "
             "filled and sized at the close n bars on). Capital runs with the cost model sqrt "
             "(impact_coef {}) and no more than {} of adv_20 an order{}.\n",
             config.backtest.impact_coef, report::percent(cap > 0 ? cap : 0.1),
             cap > 0 ? "" : ", since the run sets no participation_cap");
}

json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

}  // namespace

void report_stress(const RunConfig& config, const StressResult& result, JobResult& job) {
  const std::string frequency(suffix(config.load.frequency));
  const std::string table_file = fmt::format("stress_{}.csv", frequency);
  const std::string page_file = fmt::format("stress_{}.md", frequency);
  io::write_file(config.output / table_file, csv(result));
  io::write_file(config.output / page_file, page(config, result));
  job.files.emplace_back(table_file);
  job.files.emplace_back(page_file);
  std::ranges::sort(job.files);

  job.summary += fmt::format("\n{}\n", table(result).plain());
  for (const std::string& sentence : result.sentences) job.summary += fmt::format("{}\n", sentence);
  json document = json::parse(job.summary_json);
  json scenarios = json::array();
  for (const StressRow& row : result.rows) {
    json metrics = json::object();
    for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
      std::string text;
      io::append_rounded(text, row.figures.metrics[k], kDigits);
      const bool has_value = std::isfinite(row.figures.metrics[k]);
      metrics[std::string(kTrialMetrics[k].name)] = has_value ? json::parse(text) : json(nullptr);
    }
    scenarios.push_back(
        {{"stress", to_string(row.what)}, {"value", row.value}, {"metrics", std::move(metrics)}});
  }
  document["stress"] = {
      {"cost_break", number(result.cost_break)},
      {"delay_break", result.delay_break ? json(*result.delay_break) : json(nullptr)},
      {"capacity", number(result.capacity)},
      {"sentences", result.sentences},
      {"scenarios", std::move(scenarios)}};
  job.summary_json = document.dump(2) + "\n";
}

}  // namespace tickwerk::job
