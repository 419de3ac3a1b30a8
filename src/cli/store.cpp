#include "cli/store.h"

#include <fmt/ranges.h>

#include "tickwerk/base/error.h"

namespace tickwerk::cli {

FlagGroup store_folder_flags() {
  return {.title = "Store",
          .flags = {{.key = "store",
                     .placeholder = "DIR",
                     .text = "folder of the factor store (without it: store in the output "
                             "folder)"}}};
}

std::filesystem::path store_root(const Settings& settings) {
  const std::string given = settings.text("store");
  if (!given.empty()) return given;
  return std::filesystem::path(settings.text("output")) / "store";
}

std::string store_name(const store::Listed& listed) {
  return fmt::format("{}/{}/{}", listed.group, listed.frequency, listed.universe);
}

std::vector<store::Listed> named_stores(const Invocation& invocation) {
  const std::filesystem::path root = store_root(invocation.settings);
  std::vector<store::Listed> all = store::list(root);
  if (invocation.operands.empty()) return all;
  std::vector<store::Listed> chosen;
  for (const std::string& operand : invocation.operands) {
    const std::size_t before = chosen.size();
    std::vector<std::string> names;
    for (const store::Listed& listed : all) {
      names.push_back(store_name(listed));
      if (listed.group == operand || names.back() == operand) chosen.push_back(listed);
    }
    if (chosen.size() > before) continue;
    throw Error(Code::kNotFound,
                fmt::format("a store must be a group or a name of `tickwerk store ls`, found no "
                            "{} in {}, which has {}",
                            operand, root.string(),
                            names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return chosen;
}

std::string size_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", size / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", size / 1e6);
  return fmt::format("{:.1f} GB", size / 1e9);
}

std::vector<Command> store_commands() {
  std::vector<Command> commands;
  commands.push_back(store_ls_command());
  commands.push_back(store_info_command());
  commands.push_back(store_verify_command());
  commands.push_back(store_gc_command());
  commands.push_back(store_rm_command());
  return commands;
}

}  // namespace tickwerk::cli
