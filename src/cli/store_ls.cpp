#include <nlohmann/json.hpp>

#include "cli/store.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/table.h"

namespace tickwerk::cli {
namespace {

std::string day(Timestamp time) { return to_string(date_of(time)); }

nlohmann::json facts(const store::Listed& listed) {
  nlohmann::json json = {{"name", store_name(listed)},
                         {"folder", listed.folder.string()},
                         {"bytes", listed.num_bytes}};
  if (!listed.problem.empty()) {
    json["problem"] = listed.problem;
    return json;
  }
  json.update({{"columns", listed.num_columns},
               {"years", listed.num_years},
               {"rows", listed.num_rows},
               {"replaced_versions", listed.num_replaced},
               {"first", day(listed.first)},
               {"last", day(listed.last)},
               {"updated", to_string(listed.updated, Frequency::kFiveMinutes)}});
  return json;
}

int run(const Invocation& invocation) {
  const std::vector<store::Listed> all = named_stores(invocation);
  if (invocation.output.format() == Format::kJson) {
    nlohmann::json rows = nlohmann::json::array();
    for (const store::Listed& listed : all) rows.push_back(facts(listed));
    invocation.output.result(rows.dump(2));
    return 0;
  }
  if (all.empty()) {
    invocation.output.result(
        fmt::format("nothing is stored in {}", store_root(invocation.settings).string()));
    return 0;
  }
  using report::Align;
  report::Table table({{"store"},
                       {"columns", Align::kRight},
                       {"first"},
                       {"last"},
                       {"rows", Align::kRight},
                       {"size", Align::kRight},
                       {"replaced", Align::kRight},
                       {"updated"}});
  for (const store::Listed& listed : all) {
    if (!listed.problem.empty()) {
      invocation.output.warning(fmt::format("{}: {}", listed.folder.string(), listed.problem));
      continue;
    }
    table.add({store_name(listed), std::to_string(listed.num_columns), day(listed.first),
               day(listed.last), report::count(listed.num_rows), size_text(listed.num_bytes),
               std::to_string(listed.num_replaced), day(listed.updated)});
  }
  invocation.output.result(table.plain());
  return 0;
}

}  // namespace

Command store_ls_command() {
  return {.name = "store ls",
          .summary = "the factor stores of a folder",
          .operands = "[GROUP|NAME...]",
          .max_operands = 1000,
          .groups = {store_folder_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
