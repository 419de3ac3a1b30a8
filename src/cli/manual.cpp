#include <fmt/format.h>

#include "cli/help.h"

namespace tickwerk::cli {
namespace {

/// Text that roff prints as it stands.
std::string roff(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\') {
      result += "\\e";
    } else if (letter == '-') {
      result += "\\-";
    } else {
      result += letter;
    }
  }
  if (result.starts_with('.') || result.starts_with('\'')) result.insert(0, "\\&");
  return result;
}

std::string flags_of(const std::vector<FlagGroup>& groups) {
  std::string text;
  for (const FlagGroup& group : groups) {
    for (const Flag& flag : group.flags) {
      text += fmt::format(".TP\n\\fB{}\\fR {}\n{}\n", roff(spelling(flag)), roff(flag.placeholder),
                          roff(description(flag, flag.default_value)));
    }
  }
  return text;
}

}  // namespace

std::string manual_page() {
  std::string text = fmt::format(
      ".TH TICKWERK 1 \"\" \"tickwerk {}\"\n"
      ".SH NAME\ntickwerk \\- a quant research engine that measures itself\n"
      ".SH SYNOPSIS\n.B tickwerk\nCOMMAND [FLAGS]\n.SH COMMANDS\n",
      TICKWERK_VERSION);
  for (const Command& command : commands()) {
    if (command.listing != Listing::kShown) continue;
    text += fmt::format(".SS tickwerk {} {}\n{}\n", roff(command.name), roff(command.operands),
                        roff(command.summary));
    text += flags_of(command.groups);
  }
  text += ".SH COMMON FLAGS\n";
  text += flags_of({general_flags()});
  text +=
      ".SH EXIT STATUS\n0 done; 1 the job failed; 2 wrong use; 3 bad input data; 4 slower than "
      "allowed; "
      "5 internal error; 130 interrupted\n";
  return text;
}

}  // namespace tickwerk::cli
