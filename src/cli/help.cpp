#include "cli/help.h"

#include <algorithm>
#include <map>

#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
#include "tickwerk/job/job.h"

namespace tickwerk::cli {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kNameColumn = 22;  // behind the longest name of a command
constexpr std::size_t kTextColumn = 30;

/// Words of `text` in lines that fit from `column` on; the first line begins there already.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string result;
  std::size_t at = column;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, size);
    if (at > column && at + 1 + size > kWidth) {
      result += fmt::format("\n{:{}}", "", column);
      at = column;
    } else if (at > column) {
      result += ' ';
      ++at;
    }
    result += word;
    at += size;
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return result;
}

std::string line(std::string_view name, std::string_view text, std::size_t column) {
  std::string result = fmt::format("  {}", name);
  if (result.size() + 2 > column) {
    result += fmt::format("\n{:{}}", "", column);
  } else {
    result.resize(column, ' ');
  }
  return result + wrapped(text, column) + "\n";
}

std::string name_and_value(const Flag& flag) {
  std::string text = spelling(flag);
  if (flag.kind == Kind::kChoice) return fmt::format("{} {}", text, fmt::join(flag.choices, "|"));
  if (flag.kind == Kind::kSwitch) return flag.key == "help" ? text + ", -h" : text;
  if (!flag.letter.empty()) text += fmt::format(", -{}", flag.letter);
  if (flag.kind == Kind::kOptionalText) return fmt::format("{} [{}]", text, flag.placeholder);
  return fmt::format("{} {}", text, flag.placeholder);
}

bool has_range(const Flag& flag) { return flag.kind == Kind::kWhole || flag.kind == Kind::kNumber; }

/// A command that runs any job has only those defaults of its own that all jobs share.
std::map<std::string, std::string, std::less<>> run_defaults(const Command& command) {
  if (command.defaults == nullptr) return {};
  const Settings settings(all_flags(command));
  std::map<std::string, std::string, std::less<>> values;
  for (const auto& [key, value] : show(command.defaults(settings))) values[key] = value;
  if (settings.find("job") == nullptr) return values;
  for (const job::Job& job : job::jobs()) {
    for (const auto& [key, value] : show(job.default_config())) {
      if (values[key] != value) values[key] = "that of the job";
    }
  }
  return values;
}

}  // namespace

std::string description(const Flag& flag, std::string_view default_value) {
  std::string text(flag.text);
  std::vector<std::string> facts;
  if (has_range(flag)) facts.push_back(rule(flag));
  if (!flag.later_choices.empty()) {
    facts.push_back(
        fmt::format("{} not available in this version", fmt::join(flag.later_choices, ", ")));
  }
  if (!flag.alias.empty()) facts.push_back(fmt::format("also --{}", flag.alias));
  if (!default_value.empty() && flag.kind != Kind::kSwitch) {
    facts.push_back(fmt::format("default {}", default_value));
  }
  return facts.empty() ? text : fmt::format("{} [{}]", text, fmt::join(facts, "; "));
}

std::string overview() {
  std::string shown;
  std::string later;
  for (const Command& command : commands()) {
    if (command.listing == Listing::kHidden) continue;
    std::string& part = command.listing == Listing::kShown ? shown : later;
    part += line(command.name, command.summary, kNameColumn);
  }
  return fmt::format(
      "tickwerk {}: a quant research engine that measures itself\n\n"
      "Usage: tickwerk COMMAND [FLAGS]\n\n"
      "Commands:\n{}{}\n"
      "Not available in this version:\n{}\n"
      "`tickwerk help COMMAND` shows the flags of a command. Every setting can also stand in a "
      "file\n"
      "(--config), in --set KEY=VALUE or in the environment as TICKWERK_KEY; --show-config shows "
      "the result.\n",
      TICKWERK_VERSION, shown,
      line("help", "this overview, or the help of a command", kNameColumn) +
          line("completion bash", "a script for the shell that completes commands and flags",
               kNameColumn) +
          line("man", "the manual page, in roff", kNameColumn),
      later);
}

std::string family(std::string_view word) {
  std::string text;
  for (const Command& command : commands()) {
    if (command.listing == Listing::kHidden || !command.name.starts_with(word)) continue;
    if (command.name.size() > word.size() && command.name[word.size()] == ' ') {
      text += line(command.name, command.summary, kNameColumn);
    }
  }
  return text;
}

std::string help(const Command& command) {
  std::string text = fmt::format("tickwerk {}: {}\n\n", command.name, command.summary);
  if (command.listing == Listing::kLater) return text + "Not available in this version.\n";
  text += fmt::format("Usage: tickwerk {} [FLAGS]{}{}\n", command.name,
                      command.operands.empty() ? "" : " ", command.operands);
  if (!command.details.empty()) text += fmt::format("\n{}\n", wrapped(command.details, 0));
  const auto defaults = run_defaults(command);
  for (const FlagGroup& group : flag_groups(command)) {
    text += fmt::format("\n{}:\n", group.title);
    for (const Flag& flag : group.flags) {
      const auto found = defaults.find(flag.key);
      const bool own = found == defaults.end() || !flag.default_value.empty();
      const std::string_view value = own ? flag.default_value : std::string_view(found->second);
      text += line(name_and_value(flag), description(flag, value), kTextColumn);
    }
  }
  return text;
}

}  // namespace tickwerk::cli
