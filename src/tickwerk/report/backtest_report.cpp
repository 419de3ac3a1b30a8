#include "tickwerk/report/backtest_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/report/backtest_csv.h"
#include "tickwerk/report/metrics_json.h"
#include "tickwerk/report/performance_report.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {

std::vector<std::filesystem::path> write_backtest(const BacktestReport& report,
                                                  const std::filesystem::path& folder) {
  TW_ZONE("write_backtest");
  const std::string_view frequency = suffix(report.bars.frequency);
  std::vector<std::filesystem::path> names;
  const auto path_of = [&](std::string_view stem, std::string_view ending) {
    names.emplace_back(fmt::format("{}_{}.{}", stem, frequency, ending));
    return folder / names.back();
  };
  const RowLabels labels = row_labels(report.bars);
  if (report.trades_file == TradesFile::kWrite && report.config.fills == backtest::Listing::kList) {
    write_trades_csv(path_of("trades", "csv"), report.result.fills, labels,
                     {report.config.costs, report.result.impacts});
  }
  if (report.config.orders == backtest::Listing::kList) {
    write_orders_csv(path_of("orders", "csv"), report.result.orders, labels,
                     report.bars.close().view());
  }
  write_equity_csv(path_of("equity_curve", "csv"), report.result.equity, report.bars.frequency);
  names.emplace_back("metrics.json");
  io::write_file(folder / names.back(), metrics_json(report));
  io::write_file(path_of("performance_report", "md"), performance_report(report));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tickwerk::report
