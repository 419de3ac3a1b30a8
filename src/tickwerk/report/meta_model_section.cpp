#include "tickwerk/report/meta_model_section.h"

#include <fmt/format.h>

#include "tickwerk/report/figures.h"
#include "tickwerk/report/json_number.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {
namespace {

using Json = nlohmann::json;

Json run_json(const MetaModelRun& run) {
  return {{"total_return", json_number(run.net.total_return)},
          {"cagr", json_number(run.net.cagr)},
          {"sharpe", json_number(run.net.sharpe)},
          {"max_drawdown_pct", json_number(run.net.max_drawdown_pct)},
          {"turnover", json_number(run.turnover)},
          {"num_episodes", run.num_trades ? Json(*run.num_trades) : Json(nullptr)},
          {"exposure", json_number(run.exposure)}};
}

std::string counts_table(const MetaModelComparison& comparison) {
  const MetaModelCounts& counts = comparison.counts;
  Table table({{"entries of the strategy"}, {"value", Align::kRight}});
  table.add({"all", count(counts.num_entries)});
  table.add({"judged by the meta-model", count(counts.num_judged)});
  if (comparison.use.mode == strategy::MetaMode::kFilter) {
    table.add({fmt::format("refused, probability below {}", comparison.use.min_confidence),
               count(counts.num_refused)});
  }
  table.add({"mean probability", with_decimals(counts.mean_probability, 3)});
  table.add(
      {"without a probability, taken as they are", count(counts.num_entries - counts.num_judged)});
  table.add(
      {"last bar the meta-model was trained on", to_string(counts.fit_end, comparison.frequency)});
  return table.markdown();
}

}  // namespace

std::string meta_model_section(const MetaModelComparison& comparison) {
  std::vector<Column> columns{
      {"net of costs"}, {"as it is", Align::kRight}, {"with the meta-model", Align::kRight}};
  std::vector<const MetaModelRun*> runs{&comparison.own, &comparison.with};
  if (comparison.own_scaled) {
    columns.push_back({fmt::format("as it is, weights x {:.3f}", comparison.scale), Align::kRight});
    runs.push_back(&*comparison.own_scaled);
  }
  Table table(std::move(columns));
  const auto add = [&](const char* name, auto figure) {
    std::vector<std::string> row{name};
    for (const MetaModelRun* run : runs) row.push_back(figure(*run));
    table.add(std::move(row));
  };
  add("total return", [](const MetaModelRun& run) { return percent(run.net.total_return); });
  add("CAGR", [](const MetaModelRun& run) { return percent(run.net.cagr); });
  add("Sharpe ratio", [](const MetaModelRun& run) { return with_decimals(run.net.sharpe, 3); });
  add("max drawdown",
      [](const MetaModelRun& run) { return percent_points(run.net.max_drawdown_pct); });
  add("turnover a year", [](const MetaModelRun& run) { return with_decimals(run.turnover, 2); });
  add("episodes, flat to flat", [](const MetaModelRun& run) {
    return run.num_trades ? count(*run.num_trades) : std::string(kNotAvailable);
  });
  add("mean gross exposure", [](const MetaModelRun& run) { return percent(run.exposure); });
  const char* same = comparison.own_scaled
                         ? "\nThe last column takes the same exposure as the meta-model left: what "
                           "is better than it is more than less risk.\n"
                         : "";
  return fmt::format("## With and without the meta-model\n\n{}{}\n{}", table.markdown(), same,
                     counts_table(comparison));
}

nlohmann::json meta_model_json(const MetaModelComparison& comparison) {
  const MetaModelCounts& counts = comparison.counts;
  Json json{{"file", comparison.use.file.filename().string()},
            {"mode", to_string(comparison.use.mode)},
            {"fit_end", to_string(counts.fit_end, comparison.frequency)},
            {"num_entries", counts.num_entries},
            {"num_judged", counts.num_judged},
            {"mean_probability", json_number(counts.mean_probability)},
            {"as_it_is", run_json(comparison.own)},
            {"with_meta_model", run_json(comparison.with)},
            {"as_it_is_scaled", nullptr}};
  if (comparison.use.mode == strategy::MetaMode::kFilter) {
    json["min_confidence"] = json_number(comparison.use.min_confidence);
    json["num_refused"] = counts.num_refused;
  }
  if (comparison.own_scaled) {
    json["as_it_is_scaled"] = run_json(*comparison.own_scaled);
    json["as_it_is_scaled"]["scale"] = json_number(comparison.scale);
  }
  return json;
}

}  // namespace tickwerk::report
