#include <nlohmann/json.hpp>

#include "cli/store.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/table.h"

namespace tickwerk::cli {
namespace {

std::string day(Timestamp time) { return to_string(date_of(time)); }

std::string reach_of(const store::ColumnText& column) {
  return column.all_history ? "all" : std::to_string(column.lookback);
}

nlohmann::json facts(const store::Listed& listed, const store::Info& info) {
  nlohmann::json columns = nlohmann::json::array();
  for (const store::ColumnText& column : info.metadata.columns) {
    columns.push_back({{"name", column.name},
                       {"expression", column.expression},
                       {"fingerprint", column.fingerprint},
                       {"lookback", column.lookback},
                       {"all_history", column.all_history},
                       {"shape", column.shape}});
  }
  nlohmann::json years = nlohmann::json::array();
  for (const store::YearEntry& year : info.metadata.years) {
    years.push_back({{"year", year.year},
                     {"file", year.file.name},
                     {"rows", year.num_rows},
                     {"sessions", year.num_sessions},
                     {"symbols", year.num_symbols},
                     {"first", day(year.first)},
                     {"last", day(year.last)},
                     {"code_version", year.code_version}});
  }
  return {{"name", store_name(listed)},
          {"folder", listed.folder.string()},
          {"bytes", info.num_bytes},
          {"replaced_versions", info.replaced.size()},
          {"code_version", info.metadata.code_version},
          {"columns", std::move(columns)},
          {"years", std::move(years)}};
}

std::string text_of(const store::Listed& listed, const store::Info& info) {
  using report::Align;
  report::Table columns({{"column"}, {"bars back", Align::kRight}, {"expression"}});
  for (const store::ColumnText& column : info.metadata.columns) {
    columns.add({column.name, reach_of(column), column.expression});
  }
  report::Table years({{"year"},
                       {"rows", Align::kRight},
                       {"sessions", Align::kRight},
                       {"symbols", Align::kRight},
                       {"last"},
                       {"made by"}});
  for (const store::YearEntry& year : info.metadata.years) {
    years.add({std::to_string(year.year), report::count(year.num_rows),
               std::to_string(year.num_sessions), std::to_string(year.num_symbols), day(year.last),
               year.code_version});
  }
  return fmt::format("{}\nfolder    {}\nsize      {}, {} on record\n\n{}\n{}", store_name(listed),
                     listed.folder.string(), size_text(info.num_bytes),
                     report::counted(info.replaced.size(), "replaced version"), columns.plain(),
                     years.plain());
}

int run(const Invocation& invocation) {
  nlohmann::json all = nlohmann::json::array();
  std::string text;
  for (const store::Listed& listed : named_stores(invocation)) {
    const store::Info info = store::info(listed.folder);
    if (!info.problem.empty()) invocation.output.warning(info.problem);
    all.push_back(facts(listed, info));
    if (!text.empty()) text += '\n';
    text += text_of(listed, info);
  }
  invocation.output.result(invocation.output.format() == Format::kJson ? all.dump(2) : text);
  return 0;
}

}  // namespace

Command store_info_command() {
  return {.name = "store info",
          .summary = "the columns and years of a store",
          .operands = "GROUP|NAME...",
          .min_operands = 1,
          .max_operands = 1000,
          .groups = {store_folder_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
