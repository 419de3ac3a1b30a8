// What a sweep found, in order and as tables for programs: the ranking, the heat map, the file of
// all combinations. Internal to `job`. Formats: docs/formats/sweep_outputs.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/job/history.h"
#include "tickwerk/job/sweep.h"

namespace tickwerk::job {

/// References must outlive the report; the book holds the trials of the sweep too.
struct SweepReport {
  const RunConfig& config;
  const SweepConfig& sweep;
  const History& history;
  const TrialBook& book;
  const SweepResult& result;
};

/// Combinations that ran, the best by the metric of the sweep first, those without it last; ties in
/// the order of the grid.
std::vector<std::size_t> ranked(const SweepConfig& sweep, const SweepResult& result);

/// The parameters that the combination has at their lowest or highest number of several: what is
/// better may lie beyond.
std::vector<std::string> at_edge(const SweepGrid& grid, std::size_t combination);

/// The metric over the first parameter (rows) and the second (columns; one column when there is
/// none), the best over all further ones; NaN where nothing ran.
std::vector<std::vector<double>> heat_map(const SweepConfig& sweep, const SweepResult& result);

/// The deflated Sharpe ratio of one trial among all on record; NaN where there is none.
double deflated(const TrialFigures& figures, const TrialStatistics& trials);

/// One row a combination, in the order of the grid. Throws kIo.
void write_sweep_table(const SweepReport& report, const std::filesystem::path& path);

std::string heat_map_csv(const SweepReport& report);

}  // namespace tickwerk::job
