#include <fmt/ranges.h>

#include "cli/help.h"

namespace tickwerk::cli {
namespace {

std::string flags_of(const Command& command) {
  std::string text;
  for (const Flag& flag : all_flags(command)) {
    text += spelling(flag) + " ";
    if (!flag.letter.empty()) text += fmt::format("-{} ", flag.letter);
  }
  return text;
}

std::string operands_of(const Command& command) {
  if (command.operand_words == nullptr) return {};
  return fmt::format("{}", fmt::join(command.operand_words(), " "));
}

}  // namespace

std::string bash_completion() {
  std::string first_words = "help completion man";
  std::string families;
  std::string with_members;  // words that a second word follows, as a pattern of the shell
  std::string flags;
  for (const Command& command : commands()) {
    if (command.listing != Listing::kShown) continue;
    const std::string_view name = command.name;
    const std::size_t space = name.find(' ');
    const std::string_view word = name.substr(0, space);
    if (space == std::string_view::npos) {
      first_words += fmt::format(" {}", word);
    } else if (families.find(fmt::format("    {}) ", word)) == std::string::npos) {
      first_words += fmt::format(" {}", word);
      with_members += fmt::format("{}{}", with_members.empty() ? "" : "|", word);
      std::string members;
      for (const Command& other : commands()) {
        if (other.name.starts_with(fmt::format("{} ", word))) {
          members += fmt::format("{} ", other.name.substr(word.size() + 1));
        }
      }
      families += fmt::format("    {}) words=\"{}\" ;;\n", word, members);
    }
    flags += fmt::format("    \"{}\") words=\"{}\" operands=\"{}\" ;;\n", name, flags_of(command),
                         operands_of(command));
  }
  return fmt::format(R"(_tickwerk() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words="" operands="" name="${{COMP_WORDS[1]}}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  if [[ $COMP_CWORD -eq 2 ]]; then
    case "$name" in
{}    esac
    if [[ -n $words ]]; then
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      return
    fi
  fi
  case "$name" in
    {}) name="$name ${{COMP_WORDS[2]}}" ;;
  esac
  case "$name" in
{}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$operands" -- "$current") $(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _tickwerk tickwerk
)",
                     first_words, families, with_members, flags);
}

}  // namespace tickwerk::cli
