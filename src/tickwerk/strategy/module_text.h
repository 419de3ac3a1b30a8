// The expressions of a strategy file as one module of the expression language, each part of which
// knows where it stands in the file: an error of the language then shows the user's own line.
// Internal to `strategy`.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tickwerk/expr/syntax.h"

namespace tickwerk::strategy {

/// A text of the language as the file has it.
struct Body {
  std::string text;
  std::vector<expr::syntax::Origin> origins;  // of all of the text, in its order
  expr::syntax::Span written;                 // the whole in the file
};

class ModuleText {
 public:
  /// What the file has, as it stands.
  void add(const Body& body);

  /// Words of our own, about what stands at `written` in the file.
  void add(std::string_view words, expr::syntax::Span written);

  const std::string& text() const noexcept { return text_; }

  /// For expr::ParseOptions; `file` is the text the parts were taken from.
  std::shared_ptr<const expr::syntax::Written> written(std::string file) const;

 private:
  std::string text_;
  std::vector<expr::syntax::Origin> origins_;
};

}  // namespace tickwerk::strategy
