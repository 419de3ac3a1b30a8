#include "tickwerk/job/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tickwerk/io/number.h"
#include "tickwerk/report/csv_writer.h"
#include "tickwerk/risk/sharpe_inference.h"

namespace tickwerk::job {
namespace {

constexpr int kDigits = 12;

}  // namespace

double deflated(const TrialFigures& figures, const TrialStatistics& trials) {
  const auto sample = figures.sample();
  if (!sample || !trials.variance) return TrialFigures::kMissing;
  return risk::deflated_sharpe(*sample, *trials.variance, trials.num_trials)
      .value_or(TrialFigures::kMissing);
}

std::vector<std::size_t> ranked(const SweepConfig& sweep, const SweepResult& result) {
  const std::size_t metric = trial_metric(sweep.metric);
  const double sign = kTrialMetrics[metric].better == Better::kMore ? 1 : -1;
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < result.outcomes.size(); ++k) {
    if (result.outcomes[k].failure.empty()) order.push_back(k);
  }
  const auto merit = [&](std::size_t k) {
    const double value = result.outcomes[k].figures.metrics[metric];
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : sign * value;
  };
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return merit(a) > merit(b); });
  return order;
}

std::vector<std::string> at_edge(const SweepGrid& grid, std::size_t combination) {
  std::vector<std::string> edges;
  const std::vector<std::size_t> places = grid.places(combination);
  for (std::size_t p = 0; p < places.size(); ++p) {
    const SweptParameter& parameter = grid.parameters()[p];
    if (parameter.values.size() < 2 || parameter.has_words()) continue;
    const auto [low, high] = std::ranges::minmax(parameter.values);
    const double value = parameter.values[places[p]];
    if (value == low || value == high) {
      edges.push_back(fmt::format("{}={}", parameter.name, parameter.text(places[p])));
    }
  }
  return edges;
}

std::vector<std::vector<double>> heat_map(const SweepConfig& sweep, const SweepResult& result) {
  const auto& parameters = sweep.grid.parameters();
  const std::size_t num_columns = parameters.size() > 1 ? parameters[1].values.size() : 1;
  std::vector<std::vector<double>> values(parameters[0].values.size(),
                                          std::vector<double>(num_columns, TrialFigures::kMissing));
  const std::size_t metric = trial_metric(sweep.metric);
  const std::vector<std::size_t> order = ranked(sweep, result);
  for (auto k = order.rbegin(); k != order.rend(); ++k) {
    const double value = result.outcomes[*k].figures.metrics[metric];
    if (std::isnan(value)) continue;
    const std::vector<std::size_t> places = sweep.grid.places(*k);
    values[places[0]][places.size() > 1 ? places[1] : 0] = value;
  }
  return values;
}

void write_sweep_table(const SweepReport& report, const std::filesystem::path& path) {
  const TrialStatistics trials = report.book.statistics();
  std::string header;
  for (const SweptParameter& parameter : report.sweep.grid.parameters()) {
    const bool taken =
        std::ranges::find(kTrialMetrics, parameter.name, &TrialMetric::name) != kTrialMetrics.end();
    header += fmt::format("{}{},", taken ? "param." : "", parameter.name);
  }
  for (const TrialMetric& metric : kTrialMetrics) header += fmt::format("{},", metric.name);
  header += "deflated_sharpe,failure\n";
  const auto append = [&](std::string& text, std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) {
      const SweepOutcome& outcome = report.result.outcomes[k];
      const bool ran = outcome.failure.empty();
      const std::vector<std::size_t> places = report.sweep.grid.places(k);
      for (std::size_t p = 0; p < places.size(); ++p) {
        io::append_csv_field(text, report.sweep.grid.parameters()[p].text(places[p]));
        text += ',';
      }
      for (const double value : outcome.figures.metrics) {
        if (ran) io::append_rounded(text, value, kDigits);
        text += ',';
      }
      if (ran) io::append_rounded(text, deflated(outcome.figures, trials), kDigits);
      text += ',';
      io::append_csv_field(text, outcome.failure);
      text += '\n';
    }
  };
  report::write_csv(path, header, report.sweep.grid.size(), append);
}

std::string heat_map_csv(const SweepReport& report) {
  const auto& parameters = report.sweep.grid.parameters();
  std::string text = parameters[0].name;
  if (parameters.size() == 1) {
    text += ',';
    text += report.sweep.metric;
  } else {
    text += '\\';
    text += parameters[1].name;
    for (std::size_t column = 0; column < parameters[1].values.size(); ++column) {
      text += ',';
      io::append_csv_field(text, parameters[1].text(column));
    }
  }
  text += '\n';
  const auto values = heat_map(report.sweep, report.result);
  for (std::size_t row = 0; row < values.size(); ++row) {
    io::append_csv_field(text, parameters[0].text(row));
    for (const double value : values[row]) {
      text += ',';
      io::append_rounded(text, value, kDigits);
    }
    text += '\n';
  }
  return text;
}

}  // namespace tickwerk::job
