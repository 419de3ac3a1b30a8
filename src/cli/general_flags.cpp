#include "cli/command.h"

namespace tickwerk::cli {

FlagGroup general_flags() {
  std::vector<Flag> flags;
  flags.push_back({.key = "output",
                   .placeholder = "DIR",
                   .text = "folder of all files that are written",
                   .default_value = "output"});
  flags.push_back({.key = "config",
                   .placeholder = "FILE",
                   .text = "settings as YAML, one `key: value` a line",
                   .role = Role::kControl});
  flags.push_back({.key = "set",
                   .placeholder = "KEY=VALUE",
                   .text = "one setting, before those of the file; may be given again",
                   .role = Role::kControl});
  flags.push_back({.key = "seed",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "seed of everything random",
                   .range = {.low = 0, .high = 9'007'199'254'740'991},
                   .default_value = "42"});
  flags.push_back({.key = "threads",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "threads to use (without it: the cores this process may use)",
                   .range = {.low = 1, .high = 4096}});
  flags.push_back({.key = "format",
                   .kind = Kind::kChoice,
                   .text = "what stdout gets",
                   .choices = {"text", "json"},
                   .default_value = "text"});
  flags.push_back({.key = "quiet",
                   .kind = Kind::kSwitch,
                   .text = "no notes on stderr",
                   .default_value = "false"});
  flags.push_back({.key = "verbose",
                   .kind = Kind::kSwitch,
                   .text = "more on stderr",
                   .default_value = "false"});
  flags.push_back({.key = "color",
                   .kind = Kind::kChoice,
                   .text = "colours on stderr",
                   .choices = {"auto", "always", "never"},
                   .default_value = "auto"});
  flags.push_back({.key = "show_config",
                   .kind = Kind::kSwitch,
                   .text = "print every setting and where it came from, then end",
                   .role = Role::kControl});
  flags.push_back({.key = "version",
                   .kind = Kind::kSwitch,
                   .text = "print the version, then end",
                   .role = Role::kControl});
  flags.push_back({.key = "help",
                   .kind = Kind::kSwitch,
                   .text = "print this help, then end",
                   .role = Role::kControl});
  return {.title = "All commands", .flags = std::move(flags)};
}

std::vector<FlagGroup> flag_groups(const Command& command) {
  std::vector<FlagGroup> groups = command.groups;
  groups.push_back(general_flags());
  return groups;
}

std::vector<Flag> all_flags(const Command& command) {
  std::vector<Flag> flags;
  for (const FlagGroup& group : flag_groups(command)) {
    flags.insert(flags.end(), group.flags.begin(), group.flags.end());
  }
  return flags;
}

}  // namespace tickwerk::cli
