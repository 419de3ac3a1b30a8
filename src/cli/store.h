// `tickwerk store ls|info|verify|gc|rm`: what a person does to a factor store.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/command.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::cli {

/// --store: which stores a command is about.
FlagGroup store_folder_flags();

/// The folder of --store, else `store` in the output folder.
std::filesystem::path store_root(const Settings& settings);

/// `core/1d/us_equities_daily`: below the root, as `store ls` names it.
std::string store_name(const store::Listed& listed);

/// The stores that the operands name, by group or by the whole name; all without operands. Throws
/// kNotFound for one that is not there.
std::vector<store::Listed> named_stores(const Invocation& invocation);

/// `1.3 MB`.
std::string size_text(std::uint64_t bytes);

Command store_ls_command();
Command store_info_command();
Command store_verify_command();
Command store_gc_command();
Command store_rm_command();
std::vector<Command> store_commands();

}  // namespace tickwerk::cli
