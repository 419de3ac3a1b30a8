#include "cli/config_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

std::string read_text(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a configuration file must exist, found none at {}", path));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (std::filesystem::is_directory(path, error) || !file || !(text << file.rdbuf())) {
    const bool empty = file && std::filesystem::is_regular_file(path, error) &&
                       std::filesystem::file_size(path, error) == 0;
    if (!empty) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a configuration file must be readable: {}", path));
    }
  }
  return text.str();
}

std::string place_of(const std::string& path, const YAML::Mark& mark) {
  return mark.is_null() ? path : fmt::format("{}, line {}", path, mark.line + 1);
}

std::string scalar(const YAML::Node& node, std::string_view key, const std::string& place) {
  if (!node.IsScalar()) {
    throw Error(Code::kInvalidArgument, fmt::format("{} must have a plain value ({})", key, place));
  }
  return node.Scalar();
}

/// A plain value, or those of a list joined by commas.
std::string value_of(const YAML::Node& node, std::string_view key, const std::string& place) {
  if (!node.IsSequence()) return scalar(node, key, place);
  std::vector<std::string> values;
  for (const YAML::Node& item : node) values.push_back(scalar(item, key, place));
  return fmt::format("{}", fmt::join(values, ","));
}

void add_pairs(const YAML::Node& map,
               const std::string& key,
               const std::string& place,
               std::vector<std::string>& parts) {
  for (const auto& item : map) {
    parts.push_back(scalar(item.first, key, place) + "=" + value_of(item.second, key, place));
  }
}

std::vector<std::string> parts_of(const YAML::Node& node,
                                  const std::string& key,
                                  const std::string& place) {
  std::vector<std::string> parts;
  if (node.IsScalar()) {
    parts.push_back(node.Scalar());
  } else if (node.IsSequence()) {
    for (const YAML::Node& item : node) {
      if (item.IsMap()) {
        add_pairs(item, key, place, parts);
      } else {
        parts.push_back(scalar(item, key, place));
      }
    }
  } else if (node.IsMap()) {
    add_pairs(node, key, place, parts);
  }
  if (parts.empty()) {
    throw Error(Code::kInvalidArgument, fmt::format("{} must have a value ({})", key, place));
  }
  return parts;
}

}  // namespace

std::vector<ConfigEntry> read_config_file(const std::string& path) {
  const std::string text = read_text(path);
  YAML::Node root;
  try {
    root = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw Error(Code::kInvalidArgument, fmt::format("a configuration file must be YAML: {} ({})",
                                                    error.msg, place_of(path, error.mark)));
  }
  if (root.IsNull()) return {};
  if (!root.IsMap()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a configuration file must hold one `key: value` a line ({})",
                            place_of(path, root.Mark())));
  }
  std::vector<ConfigEntry> entries;
  std::set<std::string, std::less<>> seen;
  for (const auto& item : root) {
    const std::string place = place_of(path, item.first.Mark());
    std::string key = scalar(item.first, "a key", place);
    std::ranges::replace(key, '-', '_');
    if (!seen.insert(key).second) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a key must stand once, found '{}' again ({})", key, place));
    }
    std::vector<std::string> parts = parts_of(item.second, key, place);
    const std::string value = fmt::format("{}", fmt::join(parts, ","));
    entries.push_back({key, value, std::move(parts), place});
  }
  return entries;
}

}  // namespace tickwerk::cli
