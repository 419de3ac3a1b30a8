// What the store must know of a column it is asked for: its expression written out, what it reads
// and how far back. Made from the graph of a run; the identity of a column is its expression, its
// name is only what it is called.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/inputs.h"

namespace tickwerk::store {

/// A value that somebody wants: its name becomes the name of a Parquet column.
struct Column {
  std::string name;
  expr::NodeId node = 0;
};

struct ColumnSpec {
  std::string name;
  expr::NodeId node = 0;
  std::string text;         // every sub-expression written out
  std::string fingerprint;  // of the text
  expr::Reach reach;
  expr::Shape shape = expr::Shape::kPanel;
  std::set<std::string, std::less<>> inputs;  // names for make_prints
  /// Whether it carries state from bar to bar, so that it must run from the first bar.
  bool is_recursive = false;
  /// Whether earlier bars matter at all, be it by their number: blocks of windows are counted from
  /// a symbol's first bar.
  bool counts_bars = false;

  bool is_label() const noexcept { return reach.reads_future(); }
};

/// Throws kInvalidArgument for a name that is empty, `timestamp`, `symbol` or there twice.
std::vector<ColumnSpec> describe(const expr::Graph& graph,
                                 const expr::Inputs& inputs,
                                 std::span<const Column> columns);

/// Rows before a row that a column can read there, when no symbol lacks more than `most_missing`
/// rows between its first and last bar. Not for recursive columns.
std::size_t rows_back(const expr::Graph& graph, expr::NodeId node, std::size_t most_missing);

/// The texts of the recursive sub-expressions that columns need: the keys of a state.
std::set<std::string> recursions_of(const expr::Graph& graph, std::span<const expr::NodeId> nodes);

}  // namespace tickwerk::store
