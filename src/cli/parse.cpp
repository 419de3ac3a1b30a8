#include "cli/parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "cli/config_file.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"

namespace tickwerk::cli {
namespace {

/// The values of each flag as they stand on the command line, in the order of the flags.
struct Words {
  std::vector<std::vector<std::string>> of_flag;
  std::vector<std::string> unknown;
  std::vector<std::string> after_dashes;  // behind a word `--`
};

CLI::Option* add(CLI::App& app, const Flag& flag) {
  std::string names = spelling(flag);
  if (!flag.alias.empty()) names += fmt::format(",--{}", flag.alias);
  if (flag.key == "help") names += ",-h";
  if (!flag.letter.empty()) names += fmt::format(",-{}", flag.letter);
  if (flag.kind == Kind::kSwitch) return app.add_flag(names);
  CLI::Option* option = app.add_option(names);
  if (flag.kind == Kind::kOptionalText) return option->expected(0, 1);
  if (flag.kind == Kind::kWords) {
    return option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
  }
  return option->expected(1)->allow_extra_args(false)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

/// CLI11 says `--top-n: 1 required ...`.
std::string flag_in(std::string_view message) {
  const std::size_t dashes = std::min(message.find("--"), message.size());
  return std::string(message.substr(dashes, message.find(':', dashes) - dashes));
}

Words split(const std::vector<Flag>& flags, std::vector<std::string> arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> options;
  options.reserve(flags.size());
  for (const Flag& flag : flags) options.push_back(add(app, flag));
  const auto dashes = std::ranges::find(arguments, "--");
  Words words;
  if (dashes != arguments.end()) words.after_dashes.assign(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw Error(Code::kInvalidArgument,
                fmt::format("{} must have a value, found none", flag_in(error.what())));
  }
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const std::vector<std::string>& values = options[i]->results();
    words.of_flag.push_back(values);
    if (values.empty() && options[i]->count() > 0) words.of_flag.back().emplace_back();
  }
  words.unknown = app.remaining();
  return words;
}

void refuse_unknown(const Command& command, std::string_view word) {
  const std::vector<Flag> flags = all_flags(command);
  std::vector<std::string> names;
  names.reserve(flags.size());
  for (const Flag& flag : flags) names.push_back(spelling(flag));
  const std::string_view name = word.substr(0, word.find('='));
  throw Error(Code::kInvalidArgument,
              fmt::format("a flag must be one of `tickwerk help {}`, found {}{}", command.name,
                          name, nearest_hint(name, names)));
}

std::vector<std::string> operands_of(const Command& command, const Words& words) {
  std::vector<std::string> operands;
  for (const std::string& word : words.unknown) {
    if (word.size() > 1 && word[0] == '-') refuse_unknown(command, word);
    operands.push_back(word);
  }
  operands.insert(operands.end(), words.after_dashes.begin(), words.after_dashes.end());
  if (operands.size() > command.max_operands) {
    throw Error(Code::kInvalidArgument,
                fmt::format("{} takes {}, found '{}'", command.name,
                            command.operands.empty() ? "flags only" : command.operands,
                            operands[command.max_operands]));
  }
  return operands;
}

std::string environment_name(const Flag& flag) {
  std::string name = fmt::format("TICKWERK_{}", flag.key);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
  return name;
}

void read_environment(Settings& settings) {
  for (const Flag& flag : settings.flags()) {
    if (flag.role != Role::kSetting) continue;
    const std::string name = environment_name(flag);
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') {
      settings.give(flag, {value, Source::kEnvironment, name});
    }
  }
}

void read_config(Settings& settings, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    for (const ConfigEntry& entry : read_config_file(file)) {
      const Flag& flag = settings.flag(entry.key, entry.place);
      if (flag.kind != Kind::kTexts && flag.kind != Kind::kWords) {
        settings.give(flag, {entry.value, Source::kConfig, entry.place});
        continue;
      }
      for (const std::string& part : entry.parts) {
        settings.give(flag, {part, Source::kConfig, entry.place});
      }
    }
  }
}

void read_sets(Settings& settings, const std::vector<std::string>& sets) {
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error(Code::kInvalidArgument, fmt::format("--set must be key=value, found '{}'", set));
    }
    const std::string key = set.substr(0, equals);
    settings.give(settings.flag(key, "--set"),
                  {set.substr(equals + 1), Source::kSet, fmt::format("--set {}", key)});
  }
}

}  // namespace

Parsed parse(const Command& command, const std::vector<std::string>& arguments) {
  const std::vector<Flag> flags = all_flags(command);
  const Words words = split(flags, arguments);
  Parsed parsed{.settings = Settings(flags), .operands = operands_of(command, words)};
  const auto given = [&](std::string_view key) -> const std::vector<std::string>& {
    const auto at = std::ranges::find(flags, key, &Flag::key);
    return words.of_flag[static_cast<std::size_t>(at - flags.begin())];
  };
  read_environment(parsed.settings);
  read_config(parsed.settings, given("config"));
  read_sets(parsed.settings, given("set"));
  for (std::size_t i = 0; i < flags.size(); ++i) {
    for (const std::string& value : words.of_flag[i]) {
      parsed.settings.give(flags[i], {value, Source::kFlag, spelling(flags[i])});
    }
  }
  return parsed;
}

}  // namespace tickwerk::cli
