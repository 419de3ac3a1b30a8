// What a person does to a store: look what is there, check every byte, throw away. Used by
// `tickwerk store ls|info|verify|gc|rm`; evaluates nothing and prints nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/store/metadata.h"

namespace tickwerk::store {

/// One folder with metadata below a root.
struct Listed {
  std::filesystem::path folder;
  std::string group, frequency, universe;
  std::size_t num_columns = 0, num_years = 0, num_rows = 0, num_replaced = 0;
  std::uint64_t num_bytes = 0;  // of all files
  Timestamp first, last, updated;
  std::string problem;  // why its metadata cannot be read; then nothing else is known
};

/// All stores below the root, by folder; none when there is no such folder. Throws kIo.
std::vector<Listed> list(const std::filesystem::path& root);

struct Info {
  Metadata metadata;
  std::vector<YearEntry> replaced;
  std::uint64_t num_bytes = 0;
  std::string problem;  // of the list of replaced versions
};

/// Throws kNotFound when there is no store, kCorruptData, kUnsupported, kIo.
Info info(const std::filesystem::path& folder);

/// A file that is not as it was written, or that nobody knows.
struct Problem {
  std::string file;
  std::string text;
  std::string remedy = {};  // of damage: who makes it good, or what is lost
};

struct Verification {
  std::size_t num_files = 0;
  std::uint64_t num_bytes = 0;
  std::vector<Problem> damaged;   // evaluated anew by the next run, or lost for as-of reads
  std::vector<Problem> leftover;  // of writers that were stopped; `collect_garbage` removes them
};

/// Reads every file. Throws as `info`, but damaged metadata are a problem like others.
Verification verify(const std::filesystem::path& folder);

struct GarbageConfig {
  /// Replaced versions that were replaced before that day go too; empty keeps them all. As-of reads
  /// of days before it then give the oldest version that is left.
  std::optional<Date> keep_since;
  Timestamp now;
  std::function<void(const std::string& holder)> waiting;  // for a writer
};

struct Removed {
  std::vector<std::string> files;
  std::uint64_t num_bytes = 0;
};

/// Removes what no metadata name. Throws as `info`; without readable metadata nothing is removed.
Removed collect_garbage(const std::filesystem::path& folder, const GarbageConfig& config);

/// Removes the store of the folder and its empty parents up to the root. Throws kNotFound when
/// there is none, kIo. Files that the store does not know stay, and their folder.
Removed remove(const std::filesystem::path& folder,
               const std::filesystem::path& root,
               const GarbageConfig& config);

}  // namespace tickwerk::store
