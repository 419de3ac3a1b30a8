#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "tickwerk/base/error.h"
#include "tickwerk/base/utf8.h"

namespace tickwerk::cli {
namespace {

/// What was found in a file may be anything: control characters and stray bytes are shown as
/// `\xNN`. A line feed before two spaces stays: it begins a line of an expression and its caret.
std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = utf8_character_size(text);
    const auto lead = static_cast<unsigned char>(text[0]);
    if (text.starts_with("\n  ")) {
      result += '\n';
      text.remove_prefix(1);
      continue;
    }
    if (size == 0 || (size == 1 && (lead < 0x20 || lead == 0x7f))) {
      result += fmt::format("\\x{:02x}", lead);
      text.remove_prefix(1);
    } else {
      result += text.substr(0, size);
      text.remove_prefix(size);
    }
  }
  return result;
}

/// The error of the system, 0 when all was written.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string_view start_of(Color color, Tone tone) {
  if (color == Color::kOff) return "";
  return tone == Tone::kError ? "\033[1;31m" : tone == Tone::kWarning ? "\033[1;33m" : "\033[2m";
}

/// With its line feed.
std::string line_of(Tone tone, Color color, std::string_view text) {
  const std::string_view word = tone == Tone::kError     ? "error: "
                                : tone == Tone::kWarning ? "warning: "
                                : tone == Tone::kNote    ? "note: "
                                                         : "";
  return fmt::format("tickwerk: {}{}{}{}\n", start_of(color, tone), word,
                     color == Color::kOn ? "\033[0m" : "", printable(text));
}

}  // namespace

void say(Tone tone, Color color, std::string_view text) {
  // What cannot be said on stderr can be said nowhere.
  write_all(STDERR_FILENO, line_of(tone, color, text));
}

void Output::result(std::string_view text) const {
  std::string line(text);
  if (!line.empty() && line.back() != '\n') line += '\n';
  const int error = write_all(STDOUT_FILENO, line);
  if (error != 0 && error != EPIPE) {
    throw Error(Code::kIo, fmt::format("stdout must take the result, found: {}",
                                       std::generic_category().message(error)));
  }
}

void Output::note(std::string_view text) const {
  if (config_.verbosity != Verbosity::kQuiet) say(Tone::kNote, config_.color, text);
}

std::string Output::note_line(std::string_view text) const {
  if (config_.verbosity == Verbosity::kQuiet) return {};
  return line_of(Tone::kNote, config_.color, text);
}

void Output::warning(std::string_view text) const { say(Tone::kWarning, config_.color, text); }

void Output::error(std::string_view text) const { say(Tone::kError, config_.color, text); }

void Output::detail(std::string_view text) const {
  if (config_.verbosity == Verbosity::kVerbose) say(Tone::kDetail, config_.color, text);
}

}  // namespace tickwerk::cli
