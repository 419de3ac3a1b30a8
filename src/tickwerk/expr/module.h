// From text to checked expressions: a module is a parsed file (or the `-e` arguments of one
// command), and `lower` turns its definitions into nodes of a graph, or throws with a caret under
// what is wrong. The language: docs/language.md. It does not evaluate.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tickwerk/expr/graph.h"

namespace tickwerk::expr {

enum class Role { kFactor, kLabel };

/// A definition of a module that is not a function, as `lower` left it.
struct Definition {
  std::string name;
  Role role = Role::kFactor;
  std::string text;         // its right-hand side as written
  std::string description;  // the comment above it, or at its end
  std::string place;        // `file:line`
  NodeId node = 0;
  bool depends_on_level = false;  // changes when all prices of a symbol are multiplied
};

/// What names of fields mean where the expressions are to run.
struct FieldTable {
  std::map<std::string, Shape, std::less<>>
      series;  // open, high, low, close, volume, extra columns
  std::map<std::string, std::string, std::less<>> groups;  // name to where it comes from
  std::map<std::string, std::string, std::less<>> events;  // `earnings.eps` to where it comes from
  std::map<std::string, std::string, std::less<>>
      labels;  // columns of the data that know the future, to where they stand: no fields

  /// open, high, low, close, volume.
  static FieldTable of_bars();
};

/// Finds the text of `import name` (a shipped catalogue file); nullopt when there is none.
using CatalogueLookup = std::function<const std::string*(std::string_view name)>;

/// What a line that is an expression without a name is: an error (in files), or a factor whose
/// name is its text (`-e` of a command).
enum class BareExpressions { kRefused, kNamedByText };

namespace syntax {
struct File;
struct Written;
}  // namespace syntax

struct ParseOptions {
  CatalogueLookup catalogue;
  std::filesystem::path folder;  // that `import "file"` starts from
  BareExpressions bare = BareExpressions::kRefused;
  std::shared_ptr<const syntax::Written> written = {};  // what the text was put together from
};

/// Definitions, parameters and functions of one text and of all it imports.
class Module {
 public:
  /// Throws kInvalidArgument (syntax, a name defined twice, an import that comes back to itself,
  /// not UTF-8, too large or nested too deep) with place, line and caret; kNotFound for an import.
  /// `name` is what messages call the text. Names that begin with '_' belong to their file.
  static Module parse(std::string_view text, std::string_view name, const ParseOptions& options);
  static Module load(const std::filesystem::path& file, const ParseOptions& options);

  /// Names and defaults of its `param` lines, in their order, the imported ones first. Throws as
  /// `lower_all` for a default that is no constant.
  std::vector<std::pair<std::string, double>> params() const;

  /// Names of the `param` lines, in the same order. Throws nothing.
  std::vector<std::string> param_names() const;

  /// Those whose default is computed from other names: it follows them until it is replaced.
  std::vector<std::string> derived_params() const;

  /// Names of what `lower_all` lowers: the definitions of the text itself (not of its imports)
  /// whose name does not begin with '_'.
  std::vector<std::string> outputs() const;

  /// All definitions, the imported ones too; for completion and hints.
  std::vector<std::string> names() const;

  const syntax::File& file() const { return *file_; }

 private:
  std::shared_ptr<const syntax::File> file_;
};

/// What to do about a name that nothing defines, such as the import that would; empty = nothing.
using NameHint = std::function<std::string(std::string_view name)>;

struct LowerOptions {
  FieldTable fields = FieldTable::of_bars();
  std::map<std::string, double, std::less<>> params;  // replace the defaults
  NameHint hint = {};
};

/// Lowers every output of the module into `graph`, in the order of the text. Throws
/// kInvalidArgument with place, line, caret and a hint: unknown name (nearest offered), arity,
/// type, look-ahead in what is no label, a label used by a factor, recursion, unknown parameter;
/// kNotFound for a field that exists in the language but not in `fields`.
std::vector<Definition> lower_all(const Module& module, const LowerOptions& options, Graph& graph);

/// The definitions of imported texts that the outputs use, without those with '_': what more than
/// one text may have in common. Throws as `lower_all`.
std::vector<Definition> lower_imported(const Module& module,
                                       const LowerOptions& options,
                                       Graph& graph);

/// As `lower_all` for some of its definitions (also imported ones and those with '_'), by name.
std::vector<Definition> lower_named(const Module& module,
                                    std::span<const std::string> names,
                                    const LowerOptions& options,
                                    Graph& graph);

/// Lowers one expression that may use the definitions of the module; `name` is what errors call
/// it.
Definition lower_expression(const Module& module,
                            std::string_view text,
                            std::string_view name,
                            Role role,
                            const LowerOptions& options,
                            Graph& graph);

}  // namespace tickwerk::expr
