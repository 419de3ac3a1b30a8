#include "tickwerk/report/factor_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/report/factor_report_csv.h"
#include "tickwerk/report/factor_report_page.h"
#include "tickwerk/report/factor_report_text.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {

std::vector<std::filesystem::path> write_factor_report(const FactorReport& report,
                                                       const std::filesystem::path& output) {
  TW_ZONE("write_factor_report");
  std::vector<std::filesystem::path> names;
  const auto path_of = [&](std::string_view ending) {
    names.emplace_back(fmt::format("{}_{}", file_stem(report), ending));
    return output / names.back();
  };
  io::write_file(path_of("ic_summary.csv"), ic_summary_csv(report));
  io::write_file(path_of("rank_ic_summary.csv"), rank_ic_summary_csv(report));
  io::write_file(path_of("portfolio_summary.csv"), portfolio_summary_csv(report));
  if (!report.analysis.correlation.empty()) {
    io::write_file(path_of("correlation.csv"), correlation_csv(report));
  }
  write_daily_csv(report, path_of("daily.csv"));
  io::write_file(path_of("report.md"), factor_report_markdown(report));
  io::write_file(path_of("page.html"), factor_report_page(report));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tickwerk::report
