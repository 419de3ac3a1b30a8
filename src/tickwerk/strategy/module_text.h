// The expressions of a strategy file as one module of the expression language, in which every
// statement stands on the line it has in the file: an error of the language then names the file's
// own line. Internal to `strategy`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::strategy {

/// A text of the language as the file has it: its lines from `line` on (from 0), indented by
/// `column`.
struct Body {
  std::size_t line = 0;
  std::size_t column = 0;
  std::vector<std::string> lines;
};

class ModuleText {
 public:
  /// `head` and the body on the lines of the body, padded to its column where `head` leaves room;
  /// behind the last line when one of them is taken. `head` stands on `head_line`, which is the
  /// body's first line or before it.
  void place(std::size_t head_line, std::string_view head, const Body& body, std::string_view tail);

  /// A statement that has no line of its own.
  void append(std::string statement) { appended_.push_back(std::move(statement)); }

  std::string text() const;

 private:
  bool is_free(std::size_t first, std::size_t last) const;
  std::string& line(std::size_t number);

  std::vector<std::string> lines_;
  std::vector<std::string> appended_;
};

}  // namespace tickwerk::strategy
