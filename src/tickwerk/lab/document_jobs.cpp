#include "tickwerk/lab/document_jobs.h"

#include <fmt/format.h>

#include <iterator>
#include <vector>

#include "tickwerk/io/number.h"
#include "tickwerk/lab/run_table.h"

namespace tickwerk::lab {
namespace {

std::string number(double value) {
  std::string text;
  io::append_number(text, value);
  return text;
}

std::vector<std::pair<std::string, std::string>> parameters(const job::RunConfig& config) {
  const strategy::StrategySpec& spec = config.strategy;
  const risk::CostRates& costs = config.backtest.costs;
  std::vector<std::pair<std::string, std::string>> all{
      {"synthetic market",
       fmt::format("{} symbols x {} sessions, seed {}", config.market.num_symbols,
                   config.market.num_sessions, config.seed)},
      {"strategy", spec.name}};
  for (const auto& [name, value] : spec.params) all.emplace_back("param " + name, number(value));
  all.emplace_back("weights", strategy::to_string(spec.weights));
  all.emplace_back("top_n", spec.top_n == 0 ? "all" : std::to_string(spec.top_n));
  all.emplace_back("rebalance", strategy::to_string(spec.rebalance));
  all.emplace_back("fill", backtest::to_string(config.backtest.fill));
  all.emplace_back("start capital", number(config.backtest.start_capital));
  all.emplace_back(
      "costs (bps)",
      fmt::format("commission {}, spread {}, impact {}", number(costs.commission.value),
                  number(costs.spread.value), number(costs.impact.value)));
  return all;
}

}  // namespace

std::string job_sections(std::span<const job::Job> jobs) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (const job::Job& job : jobs) {
    if (!text.empty()) text += '\n';
    fmt::format_to(out, "### {}\n\n{}\n\n", job.name, job.description);
    fmt::format_to(out, "- Command: `tickwerk profile --job {} --with-cprofile`\n", job.name);
    fmt::format_to(out, "- Data: {}\n", job.data);
    fmt::format_to(out, "- Steps: `{}`\n", fmt::join(job.steps, "`, `"));
    fmt::format_to(out, "- Expected artefacts: `{}`\n", fmt::join(job.artefacts, "`, `"));
    fmt::format_to(out, "- Use case: {}\n\n", job.use_case);
    fmt::format_to(out, "| Parameter | Default |\n| --- | --- |\n");
    for (const auto& [name, value] : parameters(job.default_config())) {
      fmt::format_to(out, "| {} | {} |\n", cell(name), cell(value));
    }
  }
  return text;
}

}  // namespace tickwerk::lab
