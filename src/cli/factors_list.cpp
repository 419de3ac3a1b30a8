#include "cli/factors.h"
#include "tickwerk/report/table.h"

namespace tickwerk::cli {
namespace {

std::vector<factor::CatalogueEntry> listed(const std::vector<std::string>& operands) {
  if (!operands.empty()) return factor::catalogue_entries(operands[0]);
  std::vector<factor::CatalogueEntry> all;
  for (const std::string& set : factor::catalogue_sets()) {
    for (factor::CatalogueEntry& entry : factor::catalogue_entries(set)) {
      all.push_back(std::move(entry));
    }
  }
  return all;
}

std::string table(const std::vector<factor::CatalogueEntry>& entries) {
  report::Table table({{"set"}, {"name"}, {"role"}, {"reach"}, {"description"}});
  for (const factor::CatalogueEntry& entry : entries) {
    table.add({entry.set, entry.definition.name, std::string(role_word(entry.definition.role)),
               factor::reach_text(entry.reach), entry.definition.description});
  }
  return table.plain();
}

int run(const Invocation& invocation) {
  const std::vector<factor::CatalogueEntry> entries = listed(invocation.operands);
  if (invocation.output.format() == Format::kJson) {
    nlohmann::json rows = nlohmann::json::array();
    for (const factor::CatalogueEntry& entry : entries) rows.push_back(entry_json(entry));
    invocation.output.result(rows.dump(2));
  } else {
    invocation.output.result(table(entries));
  }
  return 0;
}

}  // namespace

Command factors_list_command() {
  return {.name = "factors list",
          .summary = "the factors and labels that come with the program",
          .operands = "[SET]",
          .max_operands = 1,
          .details =
              "One line a definition: set, name, factor or label, the bars it reads back "
              "and ahead, and what it is. An expression uses a set after `import SET`.",
          .run = run};
}

}  // namespace tickwerk::cli
