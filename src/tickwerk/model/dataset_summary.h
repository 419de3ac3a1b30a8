// What a dataset holds, counted: rows by class and year, what features lack, what was left out and
// why. Used by jobs and reports; writes nothing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tickwerk/model/dataset.h"
#include "tickwerk/model/labeled_rows.h"

namespace tickwerk::model {

struct ClassCount {
  std::string name;  // `all` of a label that is a number
  std::size_t num_rows = 0;
  double mean_return = kNaN;  // realized
};

struct YearCount {
  int year = 0;
  std::size_t num_rows = 0;
  std::vector<std::size_t> by_class;  // in the order of the classes; empty for a number
  double mean_return = kNaN;
};

struct FeatureCount {
  std::string name;
  double missing = 0;   // share of rows that are NaN
  double infinite = 0;  // share of rows
};

struct DatasetSummary {
  std::size_t num_rows = 0;
  std::size_t num_symbols = 0;     // with a row
  std::size_t num_bars = 0;        // with a row
  std::size_t num_complete = 0;    // rows in which every feature is finite
  std::size_t num_candidates = 0;  // 0: nobody counted them
  LeftOut left_out;
  std::vector<ClassCount> classes;
  std::vector<YearCount> years;  // those with rows, ascending
  std::vector<FeatureCount> features;
};

/// `classes`: names of the classes, empty for a number. Cost: one pass, in parallel over features.
DatasetSummary summarize(const Dataset& dataset,
                         const std::vector<std::string>& classes,
                         std::size_t num_candidates,
                         const LeftOut& left_out);

}  // namespace tickwerk::model
