// A configuration file: one YAML mapping of setting keys to values, a list where a flag takes
// several (symbols), a mapping where it takes pairs (param), whose values may be lists (sweep).
// Knows no keys; whoever reads it checks them.
#pragma once

#include <string>
#include <vector>

namespace tickwerk::cli {

struct ConfigEntry {
  std::string key;
  std::string value;  // lists joined by commas, mappings as `name=value` joined by commas
  std::vector<std::string> parts;  // of a list or mapping one by one, else the value
  std::string place;               // `run.yaml, line 3`
};

/// In the order of the file. Throws kNotFound, kIo, or kInvalidArgument naming file and line.
std::vector<ConfigEntry> read_config_file(const std::string& path);

}  // namespace tickwerk::cli
