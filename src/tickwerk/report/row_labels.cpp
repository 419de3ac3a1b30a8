#include "tickwerk/report/row_labels.h"

#include "tickwerk/io/number.h"

namespace tickwerk::report {

RowLabels row_labels(const market::Bars& bars) {
  RowLabels labels;
  labels.times.reserve(bars.num_rows());
  labels.symbols.reserve(bars.num_symbols());
  for (const Timestamp time : bars.times) labels.times.push_back(to_string(time, bars.frequency));
  for (const std::string& symbol : bars.symbols) {
    io::append_csv_field(labels.symbols.emplace_back(), symbol);
  }
  return labels;
}

}  // namespace tickwerk::report
