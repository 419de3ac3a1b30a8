// Parsed text of the expression language, before any name means anything: what the parser makes
// and the lowering reads. Expressions of a text stand in one array, arguments before what uses
// them, so that nothing walks them by recursion, whatever their size.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tickwerk::expr::syntax {

/// Bytes [begin, end) of a text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Where a part of a text stands in what the user wrote: byte by byte where both have the same
/// size, else as a whole.
struct Origin {
  Span part;
  Span written;
};

/// What the user wrote, for a text that was put together from it.
struct Written {
  std::string text;
  std::vector<Origin> origins;  // of all parts of the text, in its order
};

/// One text; `name` is what messages call it.
struct Source {
  std::string name;
  std::string text;
  std::shared_ptr<const Written> written = {};  // null: the text as it is
};

using ExprId = std::uint32_t;

enum class ExprKind {
  kNumber,
  kBoolean,
  kName,
  kEvent,  // `earnings.eps`
  kCall,   // `f(x, n=2)`; symbols are calls too: `a + b` of `$add`, `x[-1]` of `$offset`
};

struct Argument {
  std::string_view name;  // empty when it stands by position
  Span name_span;
  ExprId value = 0;
};

struct Expr {
  ExprKind kind = ExprKind::kNumber;
  Span span;              // without parentheses around it
  std::string_view name;  // of a name, an event field or what is called
  double number = 0;
  std::uint32_t first_argument = 0;
  std::uint32_t num_arguments = 0;
};

/// The expressions [first, root] of a tree are `root` and all below it.
struct Body {
  ExprId first = 0;
  ExprId root = 0;
};

struct FunctionParameter {
  std::string_view name;
  std::optional<Body> default_value;
};

enum class DeclarationKind { kFactor, kLabel, kFunction, kParam };

struct Declaration {
  DeclarationKind kind = DeclarationKind::kFactor;
  std::string_view name;
  Span name_span;
  std::vector<FunctionParameter> parameters;
  Body body;
  Span text;  // of the body, as written
  std::string description;
  std::uint32_t line = 0;
  std::uint32_t tree = 0;      // in the file
  bool named_by_text = false;  // an expression without a name: nothing else can use it
};

enum class ImportKind { kCatalogue, kPath };

struct Import {
  ImportKind kind = ImportKind::kCatalogue;
  std::string_view name;
  Span span;
};

/// One parsed text. Stays where it is made: its names look into its text.
struct Tree {
  Source source;
  std::vector<Expr> exprs;
  std::vector<Argument> arguments;
  std::vector<Import> imports;
  std::vector<Declaration> declarations;

  std::span<const Argument> arguments_of(const Expr& expr) const {
    return {arguments.data() + expr.first_argument, expr.num_arguments};
  }
  std::string_view text_of(Span span) const {
    return std::string_view(source.text).substr(span.begin, span.end - span.begin);
  }
};

/// What a name is in one text of a file.
struct Found {
  const Declaration* declaration = nullptr;  // null: nowhere declared, or declared twice
  const Declaration* other = nullptr;        // a second '_' name of another text
};

/// A text and all it imports. Names are declared once; those that begin with '_' once per text.
struct File {
  std::vector<std::unique_ptr<const Tree>> trees;  // the text itself first
  std::vector<const Declaration*> declarations;    // imported ones first
  std::unordered_map<std::string_view, std::vector<const Declaration*>> by_name;

  /// As seen from the text `tree`: its own '_' names hide those of others.
  Found find(std::string_view name, std::size_t tree) const;
};

}  // namespace tickwerk::expr::syntax
