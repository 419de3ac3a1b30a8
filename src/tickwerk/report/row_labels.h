// The texts of times and symbols that CSV rows repeat, made once. Used by the CSV files of this
// folder.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::report {

struct RowLabels {
  std::vector<std::string> times;    // one a bar, `2024-02-29` or ISO 8601 with Z
  std::vector<std::string> symbols;  // one a column, quoted where CSV wants it
};
RowLabels row_labels(const market::Bars& bars);

}  // namespace tickwerk::report
