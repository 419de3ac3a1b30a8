#include "tickwerk/store/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/store/layout.h"

namespace tickwerk::store {
namespace {

// Keys in the order in which they are written: what people look for stands on top.
using Json = nlohmann::ordered_json;

constexpr std::string_view kLead = "{\n  \"checksum\": \"";
constexpr std::string_view kAfter = "\",\n";
constexpr std::size_t kChecksumDigits = 32;
constexpr std::string_view kFormat = "tickwerk factor store";

std::string sealed(const Json& json) {
  std::string body = json.dump(1, ' ', false, Json::error_handler_t::replace);
  body.erase(0, 2);  // the brace and the end of its line
  body += '\n';
  return fmt::format("{}{}{}{}", kLead, checksum_of(body), kAfter, body);
}

[[noreturn]] void refuse(std::string_view where, const std::string& found) {
  throw Error(Code::kCorruptData,
              fmt::format("metadata of the store must be as tickwerk wrote them, found {}: {}",
                          found, where));
}

Json opened(std::string_view text, std::string_view where) {
  const std::size_t body = kLead.size() + kChecksumDigits + kAfter.size();
  if (text.size() < body || !text.starts_with(kLead) ||
      text.substr(body - kAfter.size(), kAfter.size()) != kAfter) {
    refuse(where, "no checksum at their beginning");
  }
  if (checksum_of(text.substr(body)) != text.substr(kLead.size(), kChecksumDigits)) {
    refuse(where, "other bytes than their checksum says");
  }
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    refuse(where, error.what());
  }
  if (json.value("format", "") != kFormat) refuse(where, "another format");
  const int schema = json.value("schema", 0);
  if (schema > kSchema) {
    throw Error(Code::kUnsupported,
                fmt::format("a store must have schema {} or older, found {} (written by {}); use "
                            "that version or another folder: {}",
                            kSchema, schema, json.value("code_version", "a later version"), where));
  }
  if (schema < 1) refuse(where, "no schema");
  return json;
}

std::string text_of(Timestamp time) { return to_string(time, Frequency::kFiveMinutes); }

Json json_of(const StoredFile& file) { return {{"name", file.name}, {"checksum", file.checksum}}; }

StoredFile file_from(const Json& json) {
  StoredFile file{json.at("name").get<std::string>(), json.at("checksum").get<std::string>()};
  if (!is_version(file.name)) {
    throw Error(Code::kCorruptData, fmt::format("a file name outside the store: {}", file.name));
  }
  return file;
}

Json json_of(const StoredColumn& column) {
  return {{"name", column.name},
          {"fingerprint", column.fingerprint},
          {"before", column.before},
          {"before_rows", column.before_rows ? Json(*column.before_rows) : Json(nullptr)},
          {"checksum", column.checksum}};
}

StoredColumn column_from(const Json& json) {
  StoredColumn column;
  column.name = json.at("name").get<std::string>();
  column.fingerprint = json.at("fingerprint").get<std::string>();
  column.before = json.at("before").get<std::string>();
  const Json& rows = json.at("before_rows");
  if (!rows.is_null()) column.before_rows = rows.get<std::size_t>();
  column.checksum = json.at("checksum").get<std::string>();
  return column;
}

Json json_of(const YearEntry& entry) {
  Json json = {
      {"year", entry.year},
      {"first", text_of(entry.first)},
      {"last", text_of(entry.last)},
      {"rows", entry.num_rows},
      {"sessions", entry.num_sessions},
      {"symbols",
       {{"count", entry.num_symbols}, {"first", entry.first_symbol}, {"last", entry.last_symbol}}},
      {"recorded", text_of(entry.recorded)},
      {"code_version", entry.code_version},
      {"file", json_of(entry.file)},
      {"footer", entry.footer},
      {"keys", entry.keys},
      {"prints", json_of(entry.prints)},
      {"first_ns", entry.first.ns},
      {"last_ns", entry.last.ns},
      {"recorded_ns", entry.recorded.ns},
      {"inputs", entry.inputs}};
  if (entry.until) {
    json["until"] = text_of(*entry.until);
    json["until_ns"] = entry.until->ns;
    json["reason"] = entry.reason;
  }
  json["columns"] = Json::array();
  for (const StoredColumn& column : entry.columns) json["columns"].push_back(json_of(column));
  return json;
}

YearEntry entry_from(const Json& json) {
  YearEntry entry;
  entry.year = json.at("year").get<int>();
  entry.num_rows = json.at("rows").get<std::size_t>();
  entry.num_sessions = json.at("sessions").get<std::size_t>();
  const Json& symbols = json.at("symbols");
  entry.num_symbols = symbols.at("count").get<std::size_t>();
  entry.first_symbol = symbols.at("first").get<std::string>();
  entry.last_symbol = symbols.at("last").get<std::string>();
  entry.code_version = json.at("code_version").get<std::string>();
  entry.file = file_from(json.at("file"));
  entry.footer = json.at("footer").get<std::string>();
  entry.keys = json.value("keys", "");
  entry.prints = file_from(json.at("prints"));
  entry.first.ns = json.at("first_ns").get<std::int64_t>();
  entry.last.ns = json.at("last_ns").get<std::int64_t>();
  entry.recorded.ns = json.at("recorded_ns").get<std::int64_t>();
  entry.inputs = json.at("inputs").get<std::map<std::string, std::string, std::less<>>>();
  if (json.contains("until_ns")) {
    entry.until = Timestamp{json.at("until_ns").get<std::int64_t>()};
    entry.reason = json.at("reason").get<std::string>();
  }
  for (const Json& column : json.at("columns")) entry.columns.push_back(column_from(column));
  return entry;
}

Json json_of(const ColumnText& column) {
  return {{"name", column.name},         {"expression", column.expression},
          {"lookback", column.lookback}, {"all_history", column.all_history},
          {"shape", column.shape},       {"fingerprint", column.fingerprint}};
}

ColumnText text_from(const Json& json) {
  ColumnText column;
  column.name = json.at("name").get<std::string>();
  column.expression = json.at("expression").get<std::string>();
  column.lookback = json.at("lookback").get<std::int64_t>();
  column.all_history = json.at("all_history").get<bool>();
  column.shape = json.at("shape").get<std::string>();
  column.fingerprint = json.at("fingerprint").get<std::string>();
  return column;
}

Metadata metadata_from(const Json& json) {
  Metadata metadata;
  metadata.revision = json.at("revision").get<std::uint64_t>();
  metadata.group = json.at("group").get<std::string>();
  metadata.frequency = json.at("frequency").get<std::string>();
  metadata.universe = json.at("universe").get<std::string>();
  metadata.created.ns = json.at("created_ns").get<std::int64_t>();
  metadata.updated.ns = json.at("updated_ns").get<std::int64_t>();
  metadata.code_version = json.at("code_version").get<std::string>();
  for (const Json& column : json.at("columns")) metadata.columns.push_back(text_from(column));
  for (const Json& entry : json.at("years")) metadata.years.push_back(entry_from(entry));
  if (const Json& state = json.at("state"); !state.is_null()) {
    metadata.state = StateEntry{.file = file_from(state),
                                .num_sessions = state.at("sessions").get<std::size_t>(),
                                .first = {state.at("first_ns").get<std::int64_t>()},
                                .last = {state.at("last_ns").get<std::int64_t>()}};
  }
  if (const Json& superseded = json.at("superseded"); !superseded.is_null()) {
    metadata.superseded = file_from(superseded);
  }
  return metadata;
}

/// Runs `read`; what it finds missing or of another type is damage.
template <class Read>
auto checked(std::string_view where, const Read& read) {
  try {
    return read();
  } catch (const Json::exception& error) {
    refuse(where, error.what());
  } catch (const Error& error) {
    throw error.with_context(where);
  }
}

}  // namespace

const StoredColumn* YearEntry::find(std::string_view name, std::string_view fingerprint) const {
  const auto found = std::ranges::find_if(columns, [&](const StoredColumn& column) {
    return column.name == name && column.fingerprint == fingerprint;
  });
  return found == columns.end() ? nullptr : &*found;
}

const YearEntry* Metadata::find_year(int year) const {
  const auto found = std::ranges::find(years, year, &YearEntry::year);
  return found == years.end() ? nullptr : &*found;
}

std::string checksum_of(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes.data(), bytes.size());
  return hasher.hex();
}

std::string to_json(const Metadata& metadata) {
  Json json = {{"format", kFormat},
               {"schema", kSchema},
               {"revision", metadata.revision},
               {"group", metadata.group},
               {"frequency", metadata.frequency},
               {"universe", metadata.universe},
               {"first", nullptr},
               {"last", nullptr},
               {"created", text_of(metadata.created)},
               {"updated", text_of(metadata.updated)},
               {"code_version", metadata.code_version},
               {"created_ns", metadata.created.ns},
               {"updated_ns", metadata.updated.ns}};
  if (!metadata.years.empty()) {
    json["first"] = text_of(metadata.years.front().first);
    json["last"] = text_of(metadata.years.back().last);
  }
  json["columns"] = Json::array();
  for (const ColumnText& column : metadata.columns) json["columns"].push_back(json_of(column));
  json["state"] = nullptr;
  if (metadata.state) {
    json["state"] = json_of(metadata.state->file);
    json["state"]["sessions"] = metadata.state->num_sessions;
    json["state"]["first_ns"] = metadata.state->first.ns;
    json["state"]["last_ns"] = metadata.state->last.ns;
  }
  json["superseded"] = metadata.superseded ? json_of(*metadata.superseded) : Json(nullptr);
  json["years"] = Json::array();
  for (const YearEntry& entry : metadata.years) json["years"].push_back(json_of(entry));
  return sealed(json);
}

std::string to_json(const std::vector<YearEntry>& superseded) {
  Json json = {{"format", kFormat}, {"schema", kSchema}, {"years", Json::array()}};
  for (const YearEntry& entry : superseded) json["years"].push_back(json_of(entry));
  return sealed(json);
}

Metadata metadata_from_json(std::string_view text, std::string_view where) {
  const Json json = opened(text, where);
  return checked(where, [&] { return metadata_from(json); });
}

std::vector<YearEntry> superseded_from_json(std::string_view text, std::string_view where) {
  const Json json = opened(text, where);
  return checked(where, [&] {
    std::vector<YearEntry> entries;
    for (const Json& entry : json.at("years")) entries.push_back(entry_from(entry));
    return entries;
  });
}

std::optional<Metadata> read_metadata(const std::filesystem::path& folder) {
  const std::filesystem::path path = metadata_file(folder);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  const io::MappedFile file(path);
  return metadata_from_json(file.bytes(), path.string());
}

std::string read_checked(const std::filesystem::path& folder, const StoredFile& file) {
  const std::filesystem::path path = folder / file.name;
  std::string bytes;
  try {
    bytes = io::MappedFile(path).bytes();
  } catch (const Error& error) {
    throw Error(Code::kCorruptData,
                fmt::format("a file of the store must be there, found: {}", error.what()));
  }
  if (checksum_of(bytes) == file.checksum) return bytes;
  throw Error(Code::kCorruptData,
              fmt::format("a file of the store must be as it was written, found other bytes than "
                          "its checksum says: {}",
                          path.string()));
}

std::vector<YearEntry> read_superseded(const std::filesystem::path& folder,
                                       const Metadata& metadata) {
  if (!metadata.superseded) return {};
  return superseded_from_json(read_checked(folder, *metadata.superseded),
                              metadata.superseded->name);
}

}  // namespace tickwerk::store
