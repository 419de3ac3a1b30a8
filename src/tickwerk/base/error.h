// The one exception type of tickwerk. Thrown where the outside world is read (file, flag,
// configuration), given context by the layers between, caught once in `cli/`, which maps the code
// to an exit code. A value that is merely missing is not an error: it is NaN in a panel, an empty
// optional in a struct.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace tickwerk {

enum class Code { kInvalidArgument, kNotFound, kCorruptData, kUnsupported, kIo, kInternal };

/// Message: what must hold, then what was found, last where; lower case, no full stop.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}

  Code code() const noexcept { return code_; }

  /// The same error, said to have happened `where` (`while reading prices.csv`).
  Error with_context(std::string_view where) const {
    return {code_, fmt::format("{} ({})", what(), where)};
  }

 private:
  Code code_;
};

/// Process exit code of an error: 2 wrong use, 3 bad input, 1 the job failed, 5 tickwerk is wrong.
int exit_code(Code code) noexcept;

namespace detail {
[[noreturn]] void check_failed(std::string_view condition,
                               const std::string& values,
                               std::string_view file,
                               int line);
}  // namespace detail

}  // namespace tickwerk

/// Stops with both values when tickwerk itself is wrong: `TW_CHECK(rows, ==, other.rows())`.
#define TW_CHECK(left, op, right)                                                                 \
  do {                                                                                            \
    const auto& tw_left = (left);                                                                 \
    const auto& tw_right = (right);                                                               \
    if (!(tw_left op tw_right)) {                                                                 \
      ::tickwerk::detail::check_failed(#left " " #op " " #right,                                  \
                                       fmt::format("{} against {}", tw_left, tw_right), __FILE__, \
                                       __LINE__);                                                 \
    }                                                                                             \
  } while (false)
