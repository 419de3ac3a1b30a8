#include <nlohmann/json.hpp>

#include "cli/store.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::cli {
namespace {

nlohmann::json lines(const std::vector<store::Problem>& problems) {
  nlohmann::json json = nlohmann::json::array();
  for (const store::Problem& problem : problems) {
    json.push_back({{"file", problem.file}, {"text", problem.text}});
    if (!problem.remedy.empty()) json.back()["remedy"] = problem.remedy;
  }
  return json;
}

int run(const Invocation& invocation) {
  nlohmann::json all = nlohmann::json::array();
  std::string text;
  bool is_sound = true;
  for (const store::Listed& listed : named_stores(invocation)) {
    const store::Verification found = store::verify(listed.folder);
    is_sound = is_sound && found.damaged.empty();
    all.push_back({{"name", store_name(listed)},
                   {"folder", listed.folder.string()},
                   {"files", found.num_files},
                   {"bytes", found.num_bytes},
                   {"damaged", lines(found.damaged)},
                   {"leftover", lines(found.leftover)}});
    text += fmt::format("{}: {}, {} read, {} damaged, {} left over\n", listed.folder.string(),
                        report::counted(found.num_files, "file"), size_text(found.num_bytes),
                        found.damaged.size(), found.leftover.size());
    for (const store::Problem& problem : found.damaged) {
      text += fmt::format("  damaged    {}: {}\n", problem.file, problem.text);
      text += fmt::format("             {}\n", problem.remedy);
    }
    for (const store::Problem& problem : found.leftover) {
      text += fmt::format("  left over  {}: {}\n", problem.file, problem.text);
    }
  }
  if (text.empty()) {
    text = fmt::format("nothing is stored in {}", store_root(invocation.settings).string());
  }
  invocation.output.result(invocation.output.format() == Format::kJson ? all.dump(2) : text);
  return is_sound ? 0 : 1;
}

}  // namespace

Command store_verify_command() {
  return {.name = "store verify",
          .summary = "reads every file of the stores and names what is not as it was written",
          .operands = "[GROUP|NAME...]",
          .max_operands = 1000,
          .details =
              "Ends with 1 where something is damaged, and says of each file what is to be done: "
              "mostly nothing, since the next run that reads it evaluates it anew.",
          .groups = {store_folder_flags()},
          .run = run};
}

}  // namespace tickwerk::cli
