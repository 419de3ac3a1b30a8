#include "tickwerk/store/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"

namespace tickwerk::store {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestRule = 60;
constexpr std::size_t kHashDigits = 12;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

void check_name(std::string_view what, std::string_view name) {
  const bool is_good = !name.empty() && name.size() <= kLongestName && name[0] != '.' &&
                       name[0] != '_' && std::ranges::all_of(name, is_plain);
  if (is_good) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a {} of the store must be 1 to {} of A-Z a-z 0-9 . - _ and begin with "
                          "a letter, digit or -, found '{}'",
                          what, kLongestName, name));
}

std::string version(std::string_view stem, std::uint64_t revision, std::string_view extension) {
  return fmt::format("{}/{}.{}.{}", kVersionsFolder, stem, revision, extension);
}

}  // namespace

std::string universe_key(std::string_view rule, std::string_view fingerprint) {
  std::string name;
  for (const char c : rule.substr(0, kLongestRule)) name += is_plain(c) ? c : '_';
  while (!name.empty() && (name[0] == '.' || name[0] == '_')) name.erase(0, 1);
  if (name == rule && !name.empty() && fingerprint.empty()) return name;
  Hasher hasher;
  hasher.update(rule);
  hasher.update(fingerprint);
  return fmt::format("{}-{}", name.empty() ? "universe" : name,
                     hasher.hex().substr(0, kHashDigits));
}

std::filesystem::path folder_of(const Address& address) {
  check_name("group", address.group);
  check_name("universe", address.universe);
  return address.root / address.group / suffix(address.frequency) / address.universe;
}

std::filesystem::path metadata_file(const std::filesystem::path& folder) {
  return folder / "_metadata.json";
}

std::string year_name(int year) { return fmt::format("year={:04}.parquet", year); }

std::string year_version(int year, std::uint64_t revision) {
  return version(fmt::format("year={:04}", year), revision, "parquet");
}

std::string prints_version(int year, std::uint64_t revision) {
  return version(fmt::format("year={:04}", year), revision, "prints");
}

std::string lost_prints_version(int year, std::uint64_t revision) {
  return version(fmt::format("year={:04}.lost", year), revision, "prints");
}

std::string state_version(std::uint64_t revision) { return version("state", revision, "bin"); }

std::string superseded_version(std::uint64_t revision) {
  return version("superseded", revision, "json");
}

bool is_version(std::string_view name) {
  const std::string lead = fmt::format("{}/", kVersionsFolder);
  if (!name.starts_with(lead) || name.size() == lead.size()) return false;
  const std::string_view rest = name.substr(lead.size());
  return rest[0] != '.' &&
         std::ranges::all_of(rest, [](char c) { return is_plain(c) || c == '='; });
}

}  // namespace tickwerk::store
