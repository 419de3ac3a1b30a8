#include "cli/settings.h"

#include <algorithm>
#include <charconv>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"

namespace tickwerk::cli {
namespace {

bool same_key(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return (x == '-' ? '_' : x) == (y == '-' ? '_' : y); });
}

/// The words a person uses for yes and no, in the two that switches know.
std::string as_switch(std::string value) {
  for (const std::string_view word : {"yes", "on", "1", "True", "TRUE"}) {
    if (value == word) return "true";
  }
  for (const std::string_view word : {"no", "off", "0", "False", "FALSE"}) {
    if (value == word) return "false";
  }
  return value;
}

}  // namespace

std::string_view to_string(Source source) noexcept {
  switch (source) {
    case Source::kDefault:
      return "default";
    case Source::kEnvironment:
      return "environment";
    case Source::kConfig:
      return "config";
    case Source::kSet:
      return "set";
    case Source::kFlag:
      return "flag";
  }
  return "";
}

const Flag* Settings::find(std::string_view key) const noexcept {
  for (const Flag& flag : flags_) {
    if (same_key(flag.key, key) || (!flag.alias.empty() && same_key(flag.alias, key))) return &flag;
  }
  return nullptr;
}

const Flag& Settings::flag(std::string_view key, std::string_view place) const {
  const Flag* found = find(key);
  if (found != nullptr && found->role == Role::kSetting) return *found;
  std::vector<std::string> names;
  for (const Flag& flag : flags_) {
    if (flag.role == Role::kSetting) names.emplace_back(flag.key);
  }
  std::string name(key);
  std::ranges::replace(name, '-', '_');
  throw Error(Code::kInvalidArgument,
              fmt::format("a key must be a setting of this command, found '{}'{} ({})", key,
                          nearest_hint(name, names), place));
}

void Settings::give(const Flag& flag, Given given) {
  if (flag.kind == Kind::kSwitch) given.value = as_switch(std::move(given.value));
  check(flag, given.value, given.place);
  given_[std::string(flag.key)].push_back(std::move(given));
}

const std::vector<Given>* Settings::values(std::string_view key) const {
  const auto found = given_.find(key);
  return found == given_.end() ? nullptr : &found->second;
}

bool Settings::given(std::string_view key) const { return values(key) != nullptr; }

Source Settings::source(std::string_view key) const {
  const auto* all = values(key);
  return all == nullptr ? Source::kDefault : all->back().source;
}

std::string Settings::place(std::string_view key) const {
  const auto* all = values(key);
  return all == nullptr ? std::string() : all->back().place;
}

std::string Settings::text(std::string_view key) const {
  const Flag* flag = find(key);
  if (const auto* all = values(key)) {
    const bool several =
        flag != nullptr && (flag->kind == Kind::kTexts || flag->kind == Kind::kWords);
    return several ? fmt::format("{}", fmt::join(texts(key), ", ")) : all->back().value;
  }
  if (flag == nullptr) {
    throw Error(Code::kInternal, fmt::format("a setting must be a flag of the command: {}", key));
  }
  return std::string(flag->default_value);
}

double Settings::number(std::string_view key) const {
  const std::string value = text(key);
  double number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec != std::errc()) {
    throw Error(Code::kInternal, fmt::format("a number must have a default: {}", key));
  }
  return number;
}

std::int64_t Settings::whole(std::string_view key) const {
  const std::string value = text(key);
  std::int64_t number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec != std::errc()) {
    throw Error(Code::kInternal, fmt::format("a whole number must have a default: {}", key));
  }
  return number;
}

bool Settings::on(std::string_view key) const { return text(key) == "true"; }

std::optional<Date> Settings::date(std::string_view key) const { return parse_date(text(key)); }

std::map<std::string, std::string> Settings::pairs(std::string_view key) const {
  std::map<std::string, std::string> result;
  const auto* all = values(key);
  if (all == nullptr) return result;
  for (const Given& given : *all) {
    std::string_view rest = given.value;
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find(','));
      const std::size_t equals = pair.find('=');
      result[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    }
  }
  return result;
}

std::vector<std::string> Settings::texts(std::string_view key) const {
  std::vector<std::string> result;
  const auto* all = values(key);
  if (all == nullptr) return result;
  for (const Given& given : *all) {
    if (given.source == all->back().source) result.push_back(given.value);
  }
  return result;
}

std::vector<std::string> Settings::arguments(const std::vector<Flag>& keys) const {
  std::vector<std::string> result;
  for (const Flag& flag : keys) {
    if (!given(flag.key)) continue;
    if (flag.kind == Kind::kPairs) {
      for (const auto& [name, value] : pairs(flag.key)) {
        result.push_back(fmt::format("{}={}={}", spelling(flag), name, value));
      }
    } else if (flag.kind == Kind::kTexts || flag.kind == Kind::kWords) {
      for (const std::string& value : texts(flag.key)) {
        result.push_back(fmt::format("{}={}", spelling(flag), value));
      }
    } else {
      result.push_back(fmt::format("{}={}", spelling(flag), text(flag.key)));
    }
  }
  return result;
}

}  // namespace tickwerk::cli
