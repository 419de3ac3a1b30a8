// Where a command speaks: results go to stdout, everything else to stderr. Knows --format, --quiet,
// --verbose and --color; does not format results.
#pragma once

#include <string>
#include <string_view>

namespace tickwerk::cli {

enum class Format { kText, kJson };
enum class Verbosity { kQuiet, kNormal, kVerbose };
enum class Color { kOff, kOn };
enum class Tone { kError, kWarning, kNote, kDetail };

/// One line on stderr, `tickwerk: error: ...`; bytes that are no printable text are shown as
/// `\xNN`.
void say(Tone tone, Color color, std::string_view text);

class Output {
 public:
  struct Config {
    Format format = Format::kText;
    Verbosity verbosity = Verbosity::kNormal;
    Color color = Color::kOff;  // of stderr
  };

  explicit Output(Config config) : config_(config) {}

  Format format() const noexcept { return config_.format; }
  Verbosity verbosity() const noexcept { return config_.verbosity; }

  /// To stdout, with a line feed at the end if there is none. A reader that has left is no error; a
  /// disk that is full throws kIo.
  void result(std::string_view text) const;

  /// One line on stderr, `tickwerk: note: ...`; silent under --quiet.
  void note(std::string_view text) const;

  /// What note() would write, for whoever can only write bytes; empty under --quiet.
  std::string note_line(std::string_view text) const;

  /// One line on stderr, `tickwerk: warning: ...`; also under --quiet.
  void warning(std::string_view text) const;

  /// One line on stderr, `tickwerk: error: ...`: of a command that ends in an exit code above 0 and
  /// has a result to show.
  void error(std::string_view text) const;

  /// One line on stderr under --verbose only.
  void detail(std::string_view text) const;

 private:
  Config config_;
};

}  // namespace tickwerk::cli
