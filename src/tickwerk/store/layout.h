// Where a store keeps things: one folder `<root>/<group>/<freq>/<universe>` for each set of columns
// over one universe, and the names of the files in it. Used by everything in `store`; opens no
// file. Format: docs/formats/factor_store.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "tickwerk/base/time.h"

namespace tickwerk::store {

/// Names one set of columns. Columns that are asked for together belong in one group.
struct Address {
  std::filesystem::path root;
  std::string group;
  Frequency frequency = Frequency::kDaily;
  std::string universe;  // universe_key()
};

/// A folder name that says which rule of membership it is: the text of the rule or the name of its
/// file, and what it depends on (the fingerprint of that file), but never the names of today's
/// members. Letters, digits, '.', '-' and '_' are kept; what was lost is told apart by a hash.
std::string universe_key(std::string_view rule, std::string_view fingerprint = {});

/// Throws kInvalidArgument when group or universe cannot be the name of a folder: empty, begins
/// with '.' or '_', has other characters than those above, longer than 100.
std::filesystem::path folder_of(const Address& address);

/// `_metadata.json`, written last: a file that it does not name is not there.
std::filesystem::path metadata_file(const std::filesystem::path& folder);

/// Files that are never changed, and so have the revision in which they came in their names.
inline constexpr std::string_view kVersionsFolder = "_versions";
/// Held by the process that writes, with its name in it.
inline constexpr std::string_view kLockFile = "_lock";

/// `year=2024.parquet`: a link to the current version, for readers that know no metadata.
std::string year_name(int year);
/// `_versions/year=2024.17.parquet`.
std::string year_version(int year, std::uint64_t revision);
std::string prints_version(int year, std::uint64_t revision);
/// In the place of prints that were damaged when their version was replaced: of no bars.
std::string lost_prints_version(int year, std::uint64_t revision);
std::string state_version(std::uint64_t revision);
std::string superseded_version(std::uint64_t revision);

/// Whether a name from metadata is one of the versions above, so that nothing outside is touched.
bool is_version(std::string_view name);

}  // namespace tickwerk::store
