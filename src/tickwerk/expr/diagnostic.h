// Errors that point into a text: `file:line:column: message`, the line, a caret under what is
// meant, a hint. Used by lexer, parser and lowering; formats only, it does not decide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/syntax.h"

namespace tickwerk::expr {

struct Diagnosis {
  std::string message;    // one line: what must hold, what was found
  std::string hint = {};  // one line, or empty
  Code code = Code::kInvalidArgument;
  std::vector<std::string> notes = {};  // a line each, after the hint
};

/// The error about `span` of the text, which shows what the user wrote where the text was put
/// together from that. Columns count characters, from 1; long lines are cut around the span.
Error error_at(const syntax::Source& source, syntax::Span span, const Diagnosis& diagnosis);

/// `file:line`, of what the user wrote.
std::string line_place(const syntax::Source& source, std::uint32_t line);

/// `file:line:column` of a byte, of what the user wrote.
std::string exact_place(const syntax::Source& source, std::uint32_t offset);

/// For messages: at most 60 characters of one line, control characters as spaces.
std::string quoted_text(std::string_view text);

}  // namespace tickwerk::expr
