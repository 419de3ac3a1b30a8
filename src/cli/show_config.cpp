#include "cli/show_config.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/run_flags.h"

namespace tickwerk::cli {
namespace {

std::map<std::string, std::string, std::less<>> values_of(const Command& command,
                                                          const Settings& settings) {
  std::map<std::string, std::string, std::less<>> values;
  for (const Flag& flag : settings.flags()) {
    if (flag.role == Role::kSetting) {
      values[std::string(flag.key)] = settings.text(flag.key);
    }
  }
  if (command.defaults == nullptr) return values;
  for (auto& [key, value] : show(run_config(settings, command.defaults(settings)))) {
    const auto found = values.find(key);
    const Flag* flag = settings.find(key);
    const bool own = flag == nullptr || !flag->default_value.empty();
    if (found != values.end() && !own) found->second = std::move(value);
  }
  return values;
}

std::string where(const Settings& settings, std::string_view key) {
  const Source source = settings.source(key);
  if (source == Source::kDefault) return "default";
  return fmt::format("{}: {}", to_string(source), settings.place(key));
}

}  // namespace

std::string show_config(const Command& command, const Settings& settings, Format format) {
  const auto values = values_of(command, settings);
  if (format == Format::kJson) {
    nlohmann::json document = nlohmann::json::object();
    for (const auto& [key, value] : values) {
      document[key] = {{"value", value}, {"source", to_string(settings.source(key))}};
      if (settings.given(key)) document[key]["place"] = settings.place(key);
    }
    return document.dump(2);
  }
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const auto& [key, value] : values) {
    key_width = std::max(key_width, key.size());
    value_width = std::max(value_width, std::min<std::size_t>(value.size(), 40));
  }
  std::string text;
  for (const auto& [key, value] : values) {
    text += fmt::format("{:<{}}  {:<{}}  {}\n", key, key_width, value.empty() ? "-" : value,
                        value_width, where(settings, key));
  }
  return text;
}

}  // namespace tickwerk::cli
