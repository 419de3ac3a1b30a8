#include "cli/program.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/parse.h"
#include "cli/show_config.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/trace/timed_block.h"

namespace tickwerk::cli {
namespace {

using Words = std::vector<std::string>;

constexpr int kExitFailed = 1;

Color automatic_color() {
  const char* terminal = std::getenv("TERM");
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool able =
      ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
  return able && !refused ? Color::kOn : Color::kOff;
}

Color color_of(const Settings& settings) {
  const std::string color = settings.text("color");
  if (color == "auto") return automatic_color();
  return color == "always" ? Color::kOn : Color::kOff;
}

Output::Config output_of(const Settings& settings) {
  return {.format = settings.text("format") == "json" ? Format::kJson : Format::kText,
          .verbosity = settings.on("quiet")     ? Verbosity::kQuiet
                       : settings.on("verbose") ? Verbosity::kVerbose
                                                : Verbosity::kNormal,
          .color = color_of(settings)};
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &Command::name);
  return found == commands().end() ? nullptr : &*found;
}

[[noreturn]] void refuse_command(std::string_view name) {
  std::vector<std::string> names = {"help", "completion", "man"};
  for (const Command& command : commands()) {
    if (command.listing != Listing::kHidden) names.emplace_back(command.name);
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("a command must be one of those in `tickwerk help`, found '{}'{}", name,
                          nearest_hint(name, names)));
}

/// The command that `words` begin with, of one word or two; those words are removed.
const Command& take_command(Words& words) {
  if (words[0].starts_with('-')) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a command must come before its flags, found {}", words[0]));
  }
  std::string name = words[0];
  std::size_t num_words = 1;
  if (!family(name).empty()) {
    if (words.size() < 2 || words[1].starts_with('-')) {
      throw Error(
          Code::kInvalidArgument,
          fmt::format("{} must be followed by what to do, see `tickwerk help {}`", name, name));
    }
    name += " " + words[1];
    num_words = 2;
  }
  const Command* command = find_command(name);
  if (command == nullptr) refuse_command(name);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(num_words));
  return *command;
}

bool asks(const Words& words, std::string_view flag) {
  const auto end = std::ranges::find(words, "--");
  return std::find(words.begin(), end, flag) != end;
}

void set_up(const Settings& settings, const Output& output) {
  if (settings.given("threads")) set_num_threads(static_cast<int>(settings.whole("threads")));
  if (output.verbosity() == Verbosity::kVerbose) {
    trace::set_log_sink([&output](std::string_view line) { output.detail(line); });
  }
}

int run_command(const Command& command, const Words& words, Color& color) {
  if (command.listing == Listing::kLater) {
    throw Error(Code::kUnsupported,
                fmt::format("{} is not available in this version", command.name));
  }
  const Parsed parsed = parse(command, words);
  const Output output(output_of(parsed.settings));
  color = color_of(parsed.settings);
  if (asks(words, "--show-config")) {
    output.result(show_config(command, parsed.settings, output.format()));
    return 0;
  }
  if (parsed.operands.size() < command.min_operands) {
    throw Error(Code::kInvalidArgument,
                fmt::format("{} must be given {}, found {} of them", command.name, command.operands,
                            parsed.operands.size()));
  }
  set_up(parsed.settings, output);
  const int code = command.run({parsed.settings, parsed.operands, output});
  trace::set_log_sink({});
  return code;
}

int print(std::string_view text) {
  Output({}).result(text);
  return 0;
}

int run_help(const Words& words) {
  if (words.empty()) return print(overview());
  std::string name = words[0];
  if (words.size() > 1) name += " " + words[1];
  if (const std::string members = family(name); !members.empty()) {
    return print(fmt::format("Usage: tickwerk {} WHAT [FLAGS]\n\n{}", name, members));
  }
  const Command* command = find_command(name);
  if (command == nullptr) refuse_command(name);
  return print(help(*command));
}

int run_completion(const Words& words) {
  if (words.size() != 1 || words[0] != "bash") {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("completion must be followed by bash, found '{}'", fmt::join(words, " ")));
  }
  return print(bash_completion());
}

int dispatch(Words words, Color& color) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") return print(overview());
  if (words[0] == "--version" || asks(words, "--version")) {
    return print("tickwerk " TICKWERK_VERSION);
  }
  const std::string first = words[0];
  const Words rest(words.begin() + 1, words.end());
  if (first == "help") return run_help(rest);
  if (first == "completion") return run_completion(rest);
  if (first == "man") return print(manual_page());
  if (asks(words, "--help") || asks(words, "-h")) {
    const auto flag = std::ranges::find_if(words, [](const std::string& w) { return w[0] == '-'; });
    return run_help(
        Words(words.begin(), std::min(flag, words.begin() + (family(first).empty() ? 1 : 2))));
  }
  const Command& command = take_command(words);
  return run_command(command, words, color);
}

Interruption interruption_of(const Words& words) {
  const Command* command = words.empty() ? nullptr : find_command(words[0]);
  return command == nullptr ? Interruption::kTidies : command->interruption;
}

std::string sentence(const Error& error) {
  if (error.code() != Code::kInternal) return error.what();
  return fmt::format("{} (a fault of tickwerk {}: please report this line and the command)",
                     error.what(), TICKWERK_VERSION);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) noexcept {
  Color color = automatic_color();
  try {
    handle_signals(interruption_of(arguments));
    return dispatch(arguments, color);
  } catch (const Error& error) {
    say(Tone::kError, color, sentence(error));
    return exit_code(error.code());
  } catch (const std::bad_alloc&) {
    // fmt would allocate.
    std::fputs(
        "tickwerk: error: memory must suffice for this run, found none left "
        "(fewer symbols or sessions need less)\n",
        stderr);
    return kExitFailed;
  } catch (const std::system_error& error) {
    say(Tone::kError, color, fmt::format("the system must do its part, found: {}", error.what()));
    return kExitFailed;
  } catch (const std::exception& error) {
    say(Tone::kError, color, sentence(Error(Code::kInternal, error.what())));
    return exit_code(Code::kInternal);
  }
}

}  // namespace tickwerk::cli
