#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/store.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::cli {
namespace {

store::GarbageConfig garbage_config(const Invocation& invocation) {
  store::GarbageConfig config;
  config.now.ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
  config.waiting = [&output = invocation.output](const std::string& holder) {
    output.note(fmt::format("waiting for {}", holder));
  };
  return config;
}

void say(const Invocation& invocation,
         const std::vector<std::pair<store::Listed, store::Removed>>& all) {
  nlohmann::json json = nlohmann::json::array();
  std::string text;
  for (const auto& [listed, removed] : all) {
    json.push_back({{"name", store_name(listed)},
                    {"folder", listed.folder.string()},
                    {"files", removed.files},
                    {"bytes", removed.num_bytes}});
    text +=
        fmt::format("{}: {} removed, {}\n", listed.folder.string(),
                    report::counted(removed.files.size(), "file"), size_text(removed.num_bytes));
  }
  if (text.empty()) {
    text = fmt::format("nothing is stored in {}", store_root(invocation.settings).string());
  }
  invocation.output.result(invocation.output.format() == Format::kJson ? json.dump(2) : text);
}

int run_gc(const Invocation& invocation) {
  store::GarbageConfig config = garbage_config(invocation);
  config.keep_since = invocation.settings.date("keep_since");
  std::vector<std::pair<store::Listed, store::Removed>> all;
  for (store::Listed& listed : named_stores(invocation)) {
    store::Removed removed = store::collect_garbage(listed.folder, config);
    all.emplace_back(std::move(listed), std::move(removed));
  }
  say(invocation, all);
  return 0;
}

int run_rm(const Invocation& invocation) {
  const store::GarbageConfig config = garbage_config(invocation);
  std::vector<std::pair<store::Listed, store::Removed>> all;
  for (store::Listed& listed : named_stores(invocation)) {
    store::Removed removed = store::remove(listed.folder, store_root(invocation.settings), config);
    all.emplace_back(std::move(listed), std::move(removed));
  }
  say(invocation, all);
  return 0;
}

}  // namespace

Command store_gc_command() {
  FlagGroup flags = store_folder_flags();
  flags.flags.push_back({.key = "keep_since",
                         .kind = Kind::kDate,
                         .placeholder = "DATE",
                         .text = "versions that were replaced before that day go too; as-of reads "
                                 "of earlier days then give the oldest that is left"});
  return {.name = "store gc",
          .summary = "removes what no store names any more",
          .operands = "[GROUP|NAME...]",
          .max_operands = 1000,
          .groups = {std::move(flags)},
          .run = run_gc};
}

Command store_rm_command() {
  return {.name = "store rm",
          .summary = "removes stores with all their versions",
          .operands = "GROUP|NAME...",
          .min_operands = 1,
          .max_operands = 1000,
          .groups = {store_folder_flags()},
          .run = run_rm};
}

}  // namespace tickwerk::cli
