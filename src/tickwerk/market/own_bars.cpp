#include "tickwerk/market/own_bars.h"

#include "tickwerk/base/parallel.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kSymbolsPerTask = 8;

std::vector<std::size_t> rows_with_a_bar(const Panel& close, std::size_t symbol) {
  std::vector<std::size_t> rows;
  rows.reserve(close.num_rows());
  for (std::size_t t = 0; t < close.num_rows(); ++t) {
    if (const double x = close(t, symbol); x == x) rows.push_back(t);
  }
  return rows;
}

}  // namespace

Panel map_own_bars(const Bars& bars,
                   std::initializer_list<std::string_view> fields,
                   const SeriesFunction& function) {
  TW_ZONE("map_own_bars");
  std::vector<const Panel*> panels;
  for (const std::string_view name : fields) panels.push_back(&bars.field(name));

  Panel out(bars.num_rows(), bars.num_symbols(), kNaN);
  parallel_for(bars.num_symbols(), kSymbolsPerTask, [&](std::size_t first, std::size_t last) {
    std::vector<std::vector<double>> series(panels.size());
    std::vector<double> values;
    for (std::size_t symbol = first; symbol < last; ++symbol) {
      const std::vector<std::size_t> rows = rows_with_a_bar(bars.close(), symbol);
      for (std::size_t field = 0; field < panels.size(); ++field) {
        series[field].clear();
        for (const std::size_t t : rows) series[field].push_back((*panels[field])(t, symbol));
      }
      values.assign(rows.size(), kNaN);
      function(series, values);
      for (std::size_t i = 0; i < rows.size(); ++i) out(rows[i], symbol) = values[i];
    }
  });
  return out;
}

}  // namespace tickwerk::market
