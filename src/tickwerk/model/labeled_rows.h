// Which rows a dataset has and what is to be learned of each: the strategy's own entries or every
// bar, and the outcome as a return, a class or two. Made before features are looked at, used by
// dataset_builder and by jobs; evaluates no expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

/// What a label says of a realized return r: r itself; 1 where r >= success_threshold; 0 loss
/// (r < 0), 1 small, 2 success; 1 where r is above what a benchmark gave over the same bars; the
/// barrier met first (0 lower, 1 time, 2 upper).
enum class LabelRule { kReturn, kSuccess, kClasses, kOutperformance, kTripleBarrier };
std::string_view to_string(LabelRule rule) noexcept;

/// Throws kInvalidArgument for a word that is none of them.
LabelRule parse_label_rule(std::string_view word);

/// Names of the classes in their order; none for kReturn.
std::vector<std::string> class_names(LabelRule rule);
LabelKind kind_of(LabelRule rule) noexcept;

struct LabelConfig {
  LabelRule rule = LabelRule::kSuccess;
  std::size_t horizon = 10;  // bars of the symbol
  double success_threshold = 0.02;
  double barrier_up = 0.05;
  double barrier_down = 0.05;
  backtest::FillRule fill = backtest::FillRule::kNextOpen;
  risk::CostRates costs = {};  // of trades; every-bar labels have none
  int delist_after = 5;        // of trades: see TradeRules
  double delist_haircut = 0;
};

/// Throws kInvalidArgument for a horizon of 0 or not shorter than the data, a threshold that is
/// not finite or, where there are three classes, not above 0.
void check(const LabelConfig& config, std::size_t num_rows);

/// What labels are made from. Views: everything must outlive the call.
struct LabelInputs {
  const market::Bars& bars;
  std::size_t first_row = 0;  // of the rows that are kept; labels of later ones do not depend on it

  /// Rows are the strategy's entries; null: every bar of a member of the universe.
  const strategy::Signals* signals = nullptr;

  /// Realized returns of an expression, [time, symbol], and the bars of the symbol it reads ahead;
  /// empty: those of the trades.
  PanelView values = {};
  std::size_t values_reach = 0;

  /// Closes of the benchmark, one column or one a symbol, for kOutperformance.
  PanelView benchmark = {};
};

/// Why candidates for rows are none.
struct LeftOut {
  std::size_t num_unfilled = 0;      // entries that met no price
  std::size_t num_unfinished = 0;    // the data end before the label does
  std::size_t num_no_label = 0;      // the label has no value (no price to get in at, say)
  std::size_t num_no_benchmark = 0;  // the benchmark has no close yet
  std::size_t num_strangers = 0;     // not in the universe on the day
};

/// Sorted by (bar, symbol); rows of the panel.
struct LabeledRows {
  std::vector<std::uint32_t> bar;
  std::vector<std::uint32_t> symbol;
  std::vector<std::uint32_t> exit_bar;  // empty where an expression does not say
  std::vector<std::uint32_t> label_end;
  std::vector<double> realized_return;
  std::vector<double> label;
  std::size_t reach = 0;           // bars of the symbol
  std::size_t num_candidates = 0;  // entries or bars from first_row on
  LeftOut left_out;

  std::size_t num_rows() const noexcept { return bar.size(); }
};

/// With `values` the label is made from them. Without: of the strategy's own trade, after costs;
/// under kTripleBarrier of the barriers, after costs for entries, before for every bar. Throws as
/// `check`, trade_labels and TripleBarrier; kInvalidArgument for every bar without values, and for
/// kOutperformance without a benchmark. The same bits for any number of threads.
LabeledRows label_rows(const LabelConfig& config, const LabelInputs& inputs);

}  // namespace tickwerk::model
