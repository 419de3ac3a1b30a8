// `_metadata.json`: what a folder of the store holds, and what each file was made from. The file is
// the store's word of truth: replaced whole and last, with a checksum over itself. Read and written
// here only; knows no bars. Format: docs/formats/factor_store.md.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/time.h"

namespace tickwerk::store {

inline constexpr int kSchema = 1;

/// A file under its version name, with the checksum of all its bytes.
struct StoredFile {
  std::string name;
  std::string checksum;
};

/// A column of one year's file.
struct StoredColumn {
  std::string name;
  std::string fingerprint;  // of the expression
  /// Of the bars before the year that its values depend on: all of them, or the last so many rows.
  std::string before;
  std::optional<std::size_t> before_rows;
  std::string checksum;  // of the bytes of the column in the file
};

struct YearEntry {
  int year = 0;
  StoredFile file;
  StoredFile prints;
  std::string footer;  // checksum of the file's bytes after its columns
  std::string keys;  // of the bytes of its times and symbols; empty where an older program wrote it
  std::size_t num_rows = 0;
  std::size_t num_sessions = 0;
  Timestamp first, last;  // sessions
  std::size_t num_symbols = 0;
  std::string first_symbol, last_symbol;  // with a bar in the year
  std::string code_version;
  Timestamp recorded;              // when the store first saw these bars
  std::optional<Timestamp> until;  // when other bars took their place; empty: current
  std::string reason;              // why they did
  std::map<std::string, std::string, std::less<>>
      inputs;                         // fingerprint of the year's bars, by input
  std::vector<StoredColumn> columns;  // sorted by name

  /// Null unless there is a column of that name and expression.
  const StoredColumn* find(std::string_view name, std::string_view fingerprint) const;
};

/// A column as people read it.
struct ColumnText {
  std::string name;
  std::string expression;
  std::string fingerprint;
  std::int64_t lookback = 0;  // bars
  bool all_history = false;
  std::string shape;  // `panel`, `daily`
};

struct StateEntry {
  StoredFile file;
  std::size_t num_sessions = 0;
  Timestamp first, last;
};

struct Metadata {
  std::uint64_t revision = 0;
  std::string group, frequency, universe;
  Timestamp created, updated;
  std::string code_version;
  std::vector<ColumnText> columns;
  std::vector<YearEntry> years;  // by year
  std::optional<StateEntry> state;
  std::optional<StoredFile> superseded;  // a list of YearEntry

  const YearEntry* find_year(int year) const;
};

/// JSON with the checksum of the rest as its first key.
std::string to_json(const Metadata& metadata);
std::string to_json(const std::vector<YearEntry>& superseded);

/// Throws kCorruptData, or kUnsupported when a later schema wrote it, naming `where`.
Metadata metadata_from_json(std::string_view text, std::string_view where);
std::vector<YearEntry> superseded_from_json(std::string_view text, std::string_view where);

/// Empty when there is no store in the folder. Throws as `metadata_from_json`, and kIo.
std::optional<Metadata> read_metadata(const std::filesystem::path& folder);

/// The bytes of a file of the folder if they are those of the checksum. Throws kCorruptData naming
/// the file when not, also when there is no such file.
std::string read_checked(const std::filesystem::path& folder, const StoredFile& file);

/// The versions that were replaced. Throws as `read_checked`.
std::vector<YearEntry> read_superseded(const std::filesystem::path& folder,
                                       const Metadata& metadata);

/// 32 hexadecimal digits.
std::string checksum_of(std::string_view bytes);

}  // namespace tickwerk::store
