// Reading JSON that this program wrote earlier, with one clear error when it is not that: which
// key, in what. Used by the lab's records and by what a measured child process hands over.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::lab {

/// The value of `key`; throws kCorruptData when it is missing or not a T.
template <class T>
T field(const nlohmann::json& json, std::string_view key) {
  try {
    return json.at(std::string(key)).get<T>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(Code::kCorruptData,
                fmt::format("a record must have a readable '{}', found: {}", key, error.what()));
  }
}

/// The same, but null is empty.
template <class T>
std::optional<T> optional_field(const nlohmann::json& json, std::string_view key) {
  if (field<nlohmann::json>(json, key).is_null()) return {};
  return field<T>(json, key);
}

template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

}  // namespace tickwerk::lab
