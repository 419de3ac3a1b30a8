// The catalogue of named factors and labels: text files in the expression language that are part of
// the program (factor/catalogue/*.expr, one file a set), so that `import core` finds them and a
// user can read, copy and change them. Used by expressions, strategies, panels and `factors
// list|show`. It compiles texts; it evaluates nothing and knows no user's files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/module.h"

namespace tickwerk::factor {

/// Names of the sets, sorted: `alpha101`, `core`, `labels`, ...
std::vector<std::string> catalogue_sets();

/// The file of a set, as shipped. Throws kNotFound naming the sets that are near.
const std::string& catalogue_text(std::string_view set);

/// The set that defines a name which begins with no '_'; empty when none does.
std::string catalogue_set_of(std::string_view name);

/// What `import NAME` in a text finds, for expr::ParseOptions; null when there is no such set.
const std::string* find_catalogue_text(std::string_view set);

/// The bars' own fields, and those that some sets need besides: `sector`, `free_float`.
expr::FieldTable catalogue_fields();

/// A definition of a set, checked and measured.
struct CatalogueEntry {
  std::string set;
  expr::Definition definition;  // its node belongs to no graph
  std::string line;             // the definition as written, with its name
  expr::Reach reach;
  expr::Shape shape = expr::Shape::kPanel;
  std::vector<std::string> fields;  // it reads, sorted
};

/// The definitions of a set in the order of its file. Throws as `catalogue_text`.
std::vector<CatalogueEntry> catalogue_entries(std::string_view set);

/// The entry of that name, whatever its set. Throws kNotFound naming the nearest names, sets
/// among them.
CatalogueEntry catalogue_entry(std::string_view name);

/// For expr::LowerOptions::hint: which set defines the name, or one like it, and how to import it;
/// empty when none does.
std::string catalogue_hint(std::string_view name);

/// The expression with every name it uses written out.
std::string written_out(const CatalogueEntry& entry);

/// Content hash of all texts: what a panel says of the catalogue it was made with.
std::string catalogue_fingerprint();

/// `[-252, 0]`: bars read back and ahead, `[all, 0]` of what reads all history.
std::string reach_text(const expr::Reach& reach);

}  // namespace tickwerk::factor
