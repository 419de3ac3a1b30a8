#include "tickwerk/job/sweep_report.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/base/version.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/job/settings.h"
#include "tickwerk/job/sweep_table.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/table.h"
#include "tickwerk/risk/sharpe_inference.h"

namespace tickwerk::job {
namespace {

using nlohmann::json;
using report::Align;
using report::Table;

constexpr int kDigits = 12;
constexpr std::size_t kWidestHeatMap = 24;   // columns in the report
constexpr std::size_t kTallestHeatMap = 60;  // rows
constexpr std::size_t kMostFailures = 10;
constexpr std::size_t kNumSaid = 5;  // best in the summary
constexpr std::string_view kShown[] = {"sharpe",   "cagr",       "max_drawdown_pct",
                                       "turnover", "total_cost", "num_fills"};

std::optional<double> known(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  std::string text;
  io::append_rounded(text, value, kDigits);
  return json::parse(text);
}

/// A metric as people read it.
std::string shown(std::string_view metric, double value) {
  const std::optional<double> found = known(value);
  if (metric == "max_drawdown_pct") return report::percent_points(found);
  for (const std::string_view fraction :
       {"cagr", "total_return", "volatility", "var_95", "es_95", "exposure"}) {
    if (metric == fraction) return report::percent(found);
  }
  if (metric.starts_with("num_")) return report::with_decimals(found, 0);
  if (metric == "turnover" || metric == "total_cost") return report::with_decimals(found, 2);
  return report::with_decimals(found, 3);
}

/// The texts and figures that the files and the summaries share.
class Said {
 public:
  explicit Said(const SweepReport& report)
      : report_(report),
        grid_(report.sweep.grid),
        metric_(trial_metric(report.sweep.metric)),
        order_(ranked(report.sweep, report.result)),
        statistics_(report.book.statistics()) {}

  const std::vector<std::size_t>& order() const { return order_; }
  std::size_t best() const { return order_.front(); }

  std::span<const std::size_t> best_ones() const {
    return std::span(order_).first(std::min(report_.sweep.num_shown, order_.size()));
  }

  /// The worst first, none of the best ones among them.
  std::vector<std::size_t> worst_ones() const {
    const std::size_t left = order_.size() - best_ones().size();
    const auto count = static_cast<std::ptrdiff_t>(std::min(report_.sweep.num_shown, left));
    return {order_.rbegin(), order_.rbegin() + count};
  }

  const TrialStatistics& statistics() const { return statistics_; }
  const TrialFigures& figures(std::size_t k) const { return report_.result.outcomes[k].figures; }
  double value(std::size_t k) const { return figures(k).metrics[metric_]; }
  std::string_view metric() const { return kTrialMetrics[metric_].name; }

  double deflated(std::size_t k) const { return job::deflated(figures(k), statistics_); }

  std::string params(std::size_t k) const {
    std::string text;
    const std::vector<std::size_t> places = grid_.places(k);
    for (std::size_t p = 0; p < places.size(); ++p) {
      const SweptParameter& parameter = grid_.parameters()[p];
      text += fmt::format("{}{}={}", p == 0 ? "" : " ", parameter.name, parameter.text(places[p]));
    }
    return text;
  }

  std::string counts() const {
    const SweepResult& result = report_.result;
    std::string text = fmt::format("{} of {}", report::counted(grid_.size(), "combination"),
                                   report_.config.strategy.name);
    if (result.num_on_record > 0) {
      text += fmt::format(", {} found on record", report::count(result.num_on_record));
    }
    if (result.num_failed > 0) text += fmt::format(", {} failed", report::count(result.num_failed));
    return text;
  }

  std::string ranking() const {
    const bool more = kTrialMetrics[metric_].better == Better::kMore;
    return fmt::format("ranked by {} ({} is better)", metric(), more ? "more" : "less");
  }

  std::string edge_warning() const {
    const std::vector<std::string> edges = at_edge(grid_, best());
    if (edges.empty()) return {};
    return fmt::format(
        "the best combination stands at the edge of the grid ({}): better ones may "
        "lie beyond it",
        fmt::join(edges, ", "));
  }

  std::string deflation() const {
    const double found = deflated(best());
    const std::string trials = fmt::format("{} on record over these bars, of any kind",
                                           report::counted(statistics_.num_trials, "trial"));
    if (std::isnan(found)) {
      return fmt::format("deflated Sharpe ratio of the best: not available, with {}", trials);
    }
    return fmt::format("deflated Sharpe ratio of the best: {}, counting the {}",
                       report::percent(found), trials);
  }

  Table table(std::span<const std::size_t> combinations) const {
    std::vector<report::Column> columns{{"combination"}};
    std::vector<std::string_view> names(std::begin(kShown), std::end(kShown));
    if (std::ranges::find(names, metric()) == names.end()) names.insert(names.begin(), metric());
    for (const std::string_view name : names) columns.push_back({std::string(name), Align::kRight});
    columns.push_back({"deflated Sharpe", Align::kRight});
    Table table(std::move(columns));
    for (const std::size_t k : combinations) {
      std::vector<std::string> row{params(k)};
      for (const std::string_view name : names) row.push_back(shown(name, figures(k).metric(name)));
      row.push_back(report::percent(known(deflated(k))));
      table.add(std::move(row));
    }
    return table;
  }

 private:
  const SweepReport& report_;
  const SweepGrid& grid_;
  std::size_t metric_;
  std::vector<std::size_t> order_;
  TrialStatistics statistics_;
};

std::string heat_map_section(const SweepReport& report, const std::string& file) {
  const auto& parameters = report.sweep.grid.parameters();
  std::string text = fmt::format("## Heat map: {}\n\n", report.sweep.metric);
  if (parameters.size() > 2) {
    std::vector<std::string> further;
    for (std::size_t p = 2; p < parameters.size(); ++p) further.push_back(parameters[p].name);
    text += fmt::format("Each cell is the best over {}.\n\n", fmt::join(further, ", "));
  }
  const auto values = heat_map(report.sweep, report.result);
  if (values.size() > kTallestHeatMap || values.front().size() > kWidestHeatMap) {
    return text + fmt::format("Too large for a page ({} x {}): see {}.\n", values.size(),
                              values.front().size(), file);
  }
  std::vector<report::Column> columns;
  if (parameters.size() == 1) {
    columns = {{parameters[0].name, Align::kRight}, {report.sweep.metric, Align::kRight}};
  } else {
    columns.push_back({fmt::format("{} \\ {}", parameters[0].name, parameters[1].name)});
    for (std::size_t column = 0; column < parameters[1].values.size(); ++column) {
      columns.push_back({parameters[1].text(column), Align::kRight});
    }
  }
  Table table(std::move(columns));
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::vector<std::string> cells{parameters[0].text(row)};
    for (const double value : values[row]) {
      cells.push_back(std::isnan(value) ? "-" : shown(report.sweep.metric, value));
    }
    table.add(std::move(cells));
  }
  return text + table.markdown();
}

std::vector<std::string> warnings_of(const SweepReport& report) {
  std::vector<std::string> warnings = report.history.warnings;
  warnings.insert(warnings.end(), report.result.warnings.begin(), report.result.warnings.end());
  return warnings;
}

std::string values_of(const SweptParameter& parameter) {
  if (parameter.has_words()) return fmt::format("{}", fmt::join(parameter.words, ", "));
  const auto [low, high] = std::ranges::minmax_element(parameter.values);
  const auto text = [&](auto at) {
    return parameter.text(static_cast<std::size_t>(at - parameter.values.begin()));
  };
  return fmt::format("{} to {}", text(low), text(high));
}

/// Those that the sweep does not set itself.
Table settings_table(const SweepReport& report) {
  Table settings({{"setting"}, {"value"}});
  for (const auto& [key, value] : result_settings(report.config)) {
    const auto is_swept = [&](const SweptParameter& parameter) {
      return key == parameter.name || key == "param." + parameter.name;
    };
    if (std::ranges::none_of(report.sweep.grid.parameters(), is_swept)) settings.add({key, value});
  }
  return settings;
}

std::string failures_section(const SweepReport& report, const Said& said) {
  if (report.result.num_failed == 0) return {};
  std::string text = "## Failed\n\n";
  std::size_t num_said = 0;
  for (std::size_t k = 0; k < report.result.outcomes.size() && num_said < kMostFailures; ++k) {
    const std::string& failure = report.result.outcomes[k].failure;
    if (failure.empty()) continue;
    text += fmt::format("- {}: {}\n", said.params(k), report::markdown_cell(failure));
    ++num_said;
  }
  if (report.result.num_failed > num_said) {
    text += fmt::format("- {} more\n", report::count(report.result.num_failed - num_said));
  }
  return text + "\n";
}

std::string report_text(const SweepReport& report, const Said& said, const std::string& heat_file) {
  const std::span<const std::size_t> best = said.best_ones();
  const std::vector<std::size_t> worst = said.worst_ones();
  std::string text =
      fmt::format("# {}: sweep of {}\n\n", report::markdown_cell(report.config.title),
                  report::markdown_cell(report.config.strategy.name));
  text += fmt::format("{}, {}. The sweep adopts nothing: the strategy keeps its parameters.\n\n",
                      report::counted(report.sweep.grid.size(), "combination"), said.ranking());
  Table swept({{"parameter"}, {"values"}, {"count", Align::kRight}});
  for (const SweptParameter& parameter : report.sweep.grid.parameters()) {
    swept.add({parameter.name, values_of(parameter), report::count(parameter.values.size())});
  }
  text += swept.markdown() + "\n";
  if (const std::string warning = said.edge_warning(); !warning.empty()) {
    text += fmt::format("**Warning:** {}.\n\n", warning);
  }
  text += fmt::format("## Best {}\n\n{}\n", best.size(), said.table(best).markdown());
  if (!worst.empty()) {
    text += fmt::format("## Worst {}\n\n{}\n", worst.size(), said.table(worst).markdown());
  }
  text += heat_map_section(report, heat_file) + "\n";
  const TrialStatistics& trials = said.statistics();
  text += fmt::format("## How sure\n\nThe {}. ", said.deflation());
  if (trials.variance) {
    const auto expected = risk::expected_best_sharpe(*trials.variance, trials.num_trials);
    text += fmt::format(
        "Were all of them worth nothing, the best would be expected to have a Sharpe ratio of {} "
        "per period; the best of this sweep has {}. ",
        report::with_decimals(expected, 4),
        report::with_decimals(known(said.figures(said.best()).sharpe), 4));
  }
  text +=
      "Trials that resemble each other count in full, which lowers the figure; their "
      "ratios lie close together, which raises it.\n\n";
  text += failures_section(report, said);
  text += "## Notes on the input\n\n";
  std::vector<std::string> notes = warnings_of(report);
  const std::vector<std::string>& on_bars = report.history.loaded.notes;
  notes.insert(notes.end(), on_bars.begin(), on_bars.end());
  if (notes.empty()) text += "Every bar of these symbols and dates was used as it stands.\n";
  for (const std::string& note : notes) text += fmt::format("- {}\n", report::markdown_cell(note));
  text += fmt::format("\n## Configuration\n\n{}\n", settings_table(report).markdown());
  Table provenance({{"provenance"}, {"value"}});
  provenance.add({"program", fmt::format("tickwerk {}", kVersion)});
  provenance.add({"data", report.config.load.prices.filename().string()});
  provenance.add({"symbols", report::count(report.history.loaded.bars.num_symbols())});
  provenance.add({"sessions loaded", report::count(report.history.loaded.bars.num_rows())});
  provenance.add({"data fingerprint", report.history.loaded.fingerprint});
  return text + fmt::format("## Provenance\n\n{}", provenance.markdown());
}

std::string summary_text(const SweepReport& report, const Said& said) {
  const std::size_t num_said =
      std::min(std::min(kNumSaid, report.sweep.num_shown), said.order().size());
  std::string text = fmt::format(
      "{}: {}, {}\n{}\n\n{}\n{}\n", report.config.title, said.counts(),
      report::counted(report.history.loaded.bars.num_symbols(), "symbol"), said.ranking(),
      said.table(std::span(said.order()).first(num_said)).plain(), said.deflation());
  if (const std::string warning = said.edge_warning(); !warning.empty()) text += warning + "\n";
  return text;
}

json combination_json(const SweepReport& report, const Said& said, std::size_t k) {
  json params = json::object(), metrics = json::object();
  const std::vector<std::size_t> places = report.sweep.grid.places(k);
  for (std::size_t p = 0; p < places.size(); ++p) {
    const SweptParameter& parameter = report.sweep.grid.parameters()[p];
    if (parameter.has_words()) {
      params[parameter.name] = parameter.words[places[p]];
    } else {
      params[parameter.name] = parameter.values[places[p]];
    }
  }
  for (std::size_t m = 0; m < kTrialMetrics.size(); ++m) {
    metrics[std::string(kTrialMetrics[m].name)] = rounded(said.figures(k).metrics[m]);
  }
  metrics["deflated_sharpe"] = rounded(said.deflated(k));
  return {{"params", std::move(params)}, {"metrics", std::move(metrics)}};
}

std::string summary_json(const SweepReport& report, const Said& said, const json& files) {
  json best = json::array(), worst = json::array(), failed = json::array();
  for (const std::size_t k : said.best_ones()) best.push_back(combination_json(report, said, k));
  for (const std::size_t k : said.worst_ones()) worst.push_back(combination_json(report, said, k));
  for (std::size_t k = 0; k < report.result.outcomes.size() && failed.size() < kMostFailures; ++k) {
    const std::string& failure = report.result.outcomes[k].failure;
    if (!failure.empty()) failed.push_back({{"params", said.params(k)}, {"reason", failure}});
  }
  json trials{{"count", said.statistics().num_trials},
              {"variance", nullptr},
              {"file", report.book.file().string()}};
  if (said.statistics().variance) trials["variance"] = rounded(*said.statistics().variance);
  const json document{{"title", report.config.title},
                      {"strategy", report.config.strategy.name},
                      {"metric", said.metric()},
                      {"num_combinations", report.sweep.grid.size()},
                      {"num_failed", report.result.num_failed},
                      {"num_on_record", report.result.num_on_record},
                      {"best", std::move(best)},
                      {"worst", std::move(worst)},
                      {"failed", std::move(failed)},
                      {"at_edge", at_edge(report.sweep.grid, said.best())},
                      {"trials", std::move(trials)},
                      {"data_fingerprint", report.history.loaded.fingerprint},
                      {"files", files}};
  return document.dump(2) + "\n";
}

}  // namespace

JobResult report_sweep(const SweepReport& report) {
  const Said said(report);
  const std::string frequency(suffix(report.config.load.frequency));
  const std::string table = fmt::format("sweep_{}.csv", frequency);
  const std::string heat = fmt::format("sweep_heatmap_{}.csv", report.sweep.metric);
  const std::string text = fmt::format("sweep_report_{}.md", frequency);
  const std::filesystem::path& folder = report.config.output;
  write_sweep_table(report, folder / table);
  io::write_file(folder / heat, heat_map_csv(report));
  io::write_file(folder / text, report_text(report, said, heat));

  JobResult job;
  job.files = {table, heat, text};
  std::ranges::sort(job.files);
  job.notes = report.history.loaded.notes;
  job.warnings = warnings_of(report);
  job.summary = summary_text(report, said) + fmt::format("report: {}\n", (folder / text).string());
  job.summary_json = summary_json(report, said, json{table, heat, text});
  job.data_fingerprint = report.history.loaded.fingerprint;
  job.config = result_settings(report.config);
  return job;
}

}  // namespace tickwerk::job
