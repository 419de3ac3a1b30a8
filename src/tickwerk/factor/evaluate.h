// From bars, groups and events to the values of expressions: the bridge between `market` and
// `expr`. Used by `expr eval`, `check`, strategies and exports. Lowers, makes the panels that the
// expressions name, evaluates, and says what a user must know about the result.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"
#include "tickwerk/factor/sources.h"
#include "tickwerk/factor/stored.h"

namespace tickwerk::factor {

/// What a graph reads: views of the fields of the bars, and the panels of groups and of as-of joins
/// that it names, made here. The bars must outlive it.
class InputPanels {
 public:
  /// Throws as `market::group_codes` and `market::as_of`.
  InputPanels(const Sources& sources, const expr::Graph& graph);

  const expr::Inputs& inputs() const noexcept { return inputs_; }

 private:
  std::deque<Panel> made_;
  expr::Inputs inputs_;
};

struct EvaluateOptions {
  std::map<std::string, double, std::less<>> params;  // replace the defaults of the module
  std::vector<std::string> names;                     // definitions wanted; empty = its outputs
  expr::RunOptions run;
  std::optional<StoreConfig> store = {};  // empty: everything is evaluated
};

struct Evaluation {
  expr::Graph graph;
  std::vector<expr::Definition> definitions;
  /// One per definition: [time, symbol], or one column where it has one value a day or a constant.
  std::vector<Panel> values;
  std::vector<std::string> warnings;  // one sentence each
  StoreReport store;
};

/// Throws what lowering, joining and evaluating throw. The same bits for any number of threads.
Evaluation evaluate(const Sources& sources,
                    const expr::Module& module,
                    const EvaluateOptions& options = {});

/// Lowered for these sources, not evaluated: `values` is empty.
Evaluation compile(const Sources& sources,
                   const expr::Module& module,
                   const EvaluateOptions& options = {});

/// What is odd about these definitions on these data: they depend on the level of prices that an
/// adjustment changes later, or they read more bars back than there are rows.
std::vector<std::string> warnings_about(const Sources& sources,
                                        const expr::Graph& graph,
                                        std::span<const expr::Definition> definitions);

/// The field of a node such as `asof(earnings.eps,30)`.
struct AsOfField {
  std::string events;
  std::string field;
  double max_age_days = 0;
};

/// Empty when the name of a field is no as-of join.
std::optional<AsOfField> parse_as_of(std::string_view name);

}  // namespace tickwerk::factor
