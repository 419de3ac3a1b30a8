#include "tickwerk/store/upkeep.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/store/folder_lock.h"
#include "tickwerk/store/layout.h"
#include "tickwerk/store/links.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

/// The files of a folder that are the store's own, links apart, relative to it.
std::vector<std::string> own_files(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder / kVersionsFolder, error)) {
    files.push_back(fmt::format("{}/{}", kVersionsFolder, file.path().filename().string()));
  }
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    const bool is_temporary = name.ends_with(".tmp") &&
                              (name.starts_with("._metadata.json.") || name.starts_with(".year="));
    if (is_temporary) files.push_back(name);
  }
  std::ranges::sort(files);
  return files;
}

std::uint64_t bytes_of(const fs::path& folder) {
  std::uint64_t bytes = size_of(metadata_file(folder));
  for (const std::string& file : own_files(folder)) bytes += size_of(folder / file);
  return bytes;
}

Metadata metadata_of(const fs::path& folder) {
  if (auto metadata = read_metadata(folder)) return std::move(*metadata);
  throw Error(Code::kNotFound,
              fmt::format("a store must have metadata, found none in {}", folder.string()));
}

/// A file that metadata name, and what is to be done when it is damaged.
struct NamedFile {
  StoredFile file;
  std::string remedy;
};

std::vector<NamedFile> files_of(const Metadata& metadata, const std::vector<YearEntry>& replaced) {
  std::vector<NamedFile> files;
  for (const YearEntry& entry : metadata.years) {
    for (const StoredFile& file : {entry.file, entry.prints}) {
      files.push_back(
          {file, "the next run that reads it evaluates the year anew, as does --rebuild"});
    }
  }
  for (const YearEntry& entry : replaced) {
    const Date last = date_of(entry.until.value_or(metadata.updated));
    for (const StoredFile& file : {entry.file, entry.prints}) {
      files.push_back({file, fmt::format("it is lost for as-of reads; tickwerk store gc "
                                         "--keep-since {} forgets it",
                                         to_string(Date{last.days + 1}))});
    }
  }
  if (metadata.state) {
    files.push_back(
        {metadata.state->file,
         "the next run that goes on from it begins with the first bar and replaces it"});
  }
  if (metadata.superseded) {
    files.push_back({*metadata.superseded,
                     "replaced versions are lost for as-of reads, current values are not; tickwerk "
                     "store rm removes the rest"});
  }
  return files;
}

Listed listed(const fs::path& folder) {
  Listed one;
  one.folder = folder;
  one.num_bytes = bytes_of(folder);
  try {
    const Info known = info(folder);
    const Metadata& metadata = known.metadata;
    one.group = metadata.group;
    one.frequency = metadata.frequency;
    one.universe = metadata.universe;
    one.num_columns = metadata.columns.size();
    one.num_years = metadata.years.size();
    one.num_replaced = known.replaced.size();
    one.updated = metadata.updated;
    one.problem = known.problem;
    for (const YearEntry& entry : metadata.years) one.num_rows += entry.num_rows;
    if (!metadata.years.empty()) {
      one.first = metadata.years.front().first;
      one.last = metadata.years.back().last;
    }
  } catch (const Error& error) {
    one.problem = error.what();
  }
  return one;
}

void remove_file(const fs::path& folder, const std::string& name, Removed& removed) {
  const std::uint64_t size = size_of(folder / name);
  std::error_code error;
  if (!fs::remove(folder / name, error)) return;
  removed.files.push_back(name);
  removed.num_bytes += size;
}

/// Drops replaced versions from the list, and writes what is left as the next revision.
void forget_versions(const fs::path& folder,
                     Metadata& metadata,
                     std::vector<YearEntry>& replaced,
                     const GarbageConfig& config) {
  const std::size_t before = replaced.size();
  std::erase_if(replaced, [&](const YearEntry& entry) {
    return entry.until && date_of(*entry.until) < *config.keep_since;
  });
  if (replaced.size() == before) return;
  ++metadata.revision;
  metadata.updated = std::max(metadata.updated, config.now);
  metadata.superseded.reset();
  if (!replaced.empty()) {
    const std::string text = to_json(replaced);
    metadata.superseded = StoredFile{superseded_version(metadata.revision), checksum_of(text)};
    io::write_file(folder / metadata.superseded->name, text);
  }
  io::write_file(metadata_file(folder), to_json(metadata));
}

}  // namespace

std::vector<Listed> list(const fs::path& root) {
  std::vector<Listed> found;
  std::error_code error;
  if (!fs::is_directory(root, error)) return found;
  fs::recursive_directory_iterator at(root, error), end;
  for (; !error && at != end; at.increment(error)) {
    if (at->path().filename() == kVersionsFolder) at.disable_recursion_pending();
    if (at->path().filename() != metadata_file({}).filename()) continue;
    found.push_back(listed(at->path().parent_path()));
  }
  if (error) {
    throw Error(Code::kIo, fmt::format("a store must be readable, found: {}, listing {}",
                                       error.message(), root.string()));
  }
  std::ranges::sort(found, {}, &Listed::folder);
  return found;
}

Info info(const fs::path& folder) {
  Info result;
  result.metadata = metadata_of(folder);
  try {
    result.replaced = read_superseded(folder, result.metadata);
  } catch (const Error& error) {
    result.problem = error.what();
  }
  result.num_bytes = bytes_of(folder);
  return result;
}

Verification verify(const fs::path& folder) {
  TW_ZONE("store::verify");
  Verification result;
  Info known;
  try {
    known = info(folder);
  } catch (const Error& error) {
    if (error.code() != Code::kCorruptData) throw;
    result.damaged.push_back(
        {metadata_file({}).string(), error.what(), "the next run begins the store anew"});
    return result;
  }
  result.num_files = 1;
  result.num_bytes = size_of(metadata_file(folder));
  std::set<std::string> names;
  for (const auto& [file, remedy] : files_of(known.metadata, known.replaced)) {
    if (!names.insert(file.name).second) continue;
    ++result.num_files;
    result.num_bytes += size_of(folder / file.name);
    try {
      read_checked(folder, file);
    } catch (const Error& error) {
      result.damaged.push_back({file.name, error.what(), remedy});
    }
  }
  for (const YearEntry& entry : known.metadata.years) {
    std::error_code error;
    const std::string link = year_name(entry.year);
    if (fs::read_symlink(folder / link, error) == entry.file.name) continue;
    result.leftover.push_back({link, "it does not lead to the current version"});
  }
  for (const std::string& file : own_files(folder)) {
    if (names.contains(file)) continue;
    result.leftover.push_back({file, "no metadata name it"});
  }
  return result;
}

Removed collect_garbage(const fs::path& folder, const GarbageConfig& config) {
  metadata_of(folder);
  const FolderLock lock(folder, config.now, config.waiting);
  Metadata metadata = metadata_of(folder);
  Info known = info(folder);
  if (!known.problem.empty()) throw Error(Code::kCorruptData, known.problem);
  if (config.keep_since) forget_versions(folder, metadata, known.replaced, config);
  write_links(folder, metadata);
  std::set<std::string> names;
  for (const auto& [file, remedy] : files_of(metadata, known.replaced)) names.insert(file.name);
  Removed removed;
  for (const std::string& file : own_files(folder)) {
    if (!names.contains(file)) remove_file(folder, file, removed);
  }
  return removed;
}

Removed remove(const fs::path& folder, const fs::path& root, const GarbageConfig& config) {
  if (!fs::exists(metadata_file(folder))) metadata_of(folder);
  Removed removed;
  {
    const FolderLock lock(folder, config.now, config.waiting);
    // First, so that whoever comes now finds no store instead of half of one.
    remove_file(folder, metadata_file({}).string(), removed);
    for (const std::string& file : own_files(folder)) remove_file(folder, file, removed);
    write_links(folder, {});
    remove_file(folder, std::string(kLockFile), removed);
  }
  std::error_code error;
  fs::remove(folder / kVersionsFolder, error);
  for (fs::path at = folder; at != root && at.has_relative_path(); at = at.parent_path()) {
    if (!fs::remove(at, error)) break;
  }
  return removed;
}

}  // namespace tickwerk::store
