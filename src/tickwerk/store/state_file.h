// The state of recursive operators between runs as bytes, with the names of the symbols whose
// columns it has. Written and read by `run`; what it means is the affair of expr/state.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/state.h"

namespace tickwerk::store {

struct NamedState {
  std::vector<std::string> symbols;
  expr::State state;
};

std::string to_bytes(const NamedState& named);

/// Throws kCorruptData when the bytes are not those of `to_bytes`.
NamedState state_from_bytes(std::string_view bytes);

/// The state for the columns of other symbols; a symbol it lacks has no bar yet. Throws kNotFound
/// when one of its own symbols that had bars is not among them.
expr::State for_symbols(const NamedState& named, const std::vector<std::string>& symbols);

/// A state for both of two runs that ended on the same row, of the recursions in `texts` for the
/// first. Both are of the same symbols.
void merge(expr::State& into, const expr::State& other);

}  // namespace tickwerk::store
