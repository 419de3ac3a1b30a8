#include "tickwerk/store/missing.h"

#include <algorithm>
#include <map>

#include "tickwerk/base/error.h"
#include "tickwerk/store/state_file.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

using expr::Inputs;
using expr::NodeId;
using expr::State;

Inputs rows_of(const Inputs& inputs, std::size_t first, std::size_t last) {
  Inputs part = inputs;
  part.num_rows = last - first;
  part.bar = inputs.bar.rows(first, last);
  for (auto& [name, panel] : part.fields) panel = panel.rows(first, last);
  for (auto& [name, values] : part.daily) values = values.subspan(first, last - first);
  if (part.in_universe.data != nullptr) part.in_universe = part.in_universe.rows(first, last);
  return part;
}

std::vector<std::int64_t> bars_before(const Inputs& inputs, std::size_t row) {
  std::vector<std::int64_t> counts(inputs.num_symbols, 0);
  for (std::size_t t = 0; t < row; ++t) {
    const double* bar = inputs.bar.row(t);
    for (std::size_t s = 0; s < counts.size(); ++s) counts[s] += bar[s] == bar[s] ? 1 : 0;
  }
  return counts;
}

/// A state without recursions: windows need nothing of earlier rows but the number of bars.
State windows_from(const Inputs& inputs, std::size_t first, std::size_t wanted) {
  State state;
  state.num_rows = wanted;
  state.first_row = first;
  state.bars_before = bars_before(inputs, first);
  state.num_bars = state.bars_before;
  // None: rows are read from far enough back also for a symbol that trades again.
  state.stopped.assign(inputs.num_symbols, 0);
  return state;
}

/// Columns that are evaluated together.
struct Batch {
  std::vector<std::size_t> columns;
  std::size_t first = 0, last = 0;  // rows given
  const State* resume = nullptr;
};

class Evaluator {
 public:
  explicit Evaluator(const MissingInputs& inputs) : in_(inputs) {
    const std::size_t size = in_.specs.size();
    missing_.values.resize(size);
    missing_.row.assign(size, 0);
  }

  Missing run() {
    Batch from_state, from_start, labels;
    std::map<std::size_t, Batch> windows;  // by first missing row
    for (std::size_t column = 0; column < in_.specs.size(); ++column) {
      const ColumnSpec& spec = in_.specs[column];
      const LackingRows rows = lacking_rows(in_, column);
      if (rows.first == rows.last) continue;
      if (spec.is_label()) {
        add(labels, column, 0, in_.inputs.num_rows);
        continue;
      }
      if (spec.is_recursive) {
        const bool goes_on = in_.state != nullptr && rows.first == in_.state->num_rows;
        if (goes_on) {
          add(from_state, column, in_.state->first_row, rows.last);
        } else {
          add(from_start, column, 0, rows.last);
        }
        continue;
      }
      const std::size_t back = rows_back(in_.graph, spec.node, in_.most_missing);
      if (back >= rows.first) {
        add(from_start, column, 0, rows.last);
      } else {
        add(windows[rows.first], column, rows.first - back, rows.last);
      }
    }
    if (!from_state.columns.empty() && !go_on(from_state)) {
      for (const std::size_t column : from_state.columns) {
        add(from_start, column, 0, lacking_rows(in_, column).last);
      }
    }
    if (!from_start.columns.empty()) evaluate(from_start, save_of(from_start));
    for (auto& [wanted, batch] : windows) {
      const State state = windows_from(in_.inputs, batch.first, wanted);
      batch.resume = &state;
      evaluate(batch, nullptr);
    }
    if (!labels.columns.empty()) evaluate(labels, nullptr);
    if (!saved_.recursions.empty()) missing_.state = std::move(saved_);
    return std::move(missing_);
  }

 private:
  static void add(Batch& batch, std::size_t column, std::size_t first, std::size_t last) {
    batch.first = batch.columns.empty() ? first : std::min(batch.first, first);
    batch.last = std::max(batch.last, last);
    batch.columns.push_back(column);
  }

  /// False when the state does not allow it, for example since a symbol trades again.
  bool go_on(Batch& batch) {
    batch.resume = in_.state;
    try {
      evaluate(batch, save_of(batch));
    } catch (const Error& error) {
      if (error.code() != Code::kNotFound) throw;
      return false;
    }
    return true;
  }

  State* save_of(const Batch& batch) {
    const bool is_recursive = std::ranges::any_of(
        batch.columns, [&](std::size_t column) { return in_.specs[column].is_recursive; });
    return is_recursive && batch.last == in_.inputs.num_rows ? &fresh_ : nullptr;
  }

  void evaluate(const Batch& batch, State* save) {
    const Inputs inputs = rows_of(in_.inputs, batch.first, batch.last);
    std::vector<expr::Request> requests;
    for (const std::size_t column : batch.columns) {
      requests.push_back({.node = in_.specs[column].node});
    }
    expr::RunOptions options;
    options.resume = batch.resume;
    options.rows_before = batch.first;
    options.save = save;
    std::vector<Panel> values = expr::evaluate(in_.graph, requests, inputs, options).numbers;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
      keep(batch, batch.columns[i], std::move(values[i]));
    }
    if (save == nullptr) return;
    if (saved_.recursions.empty()) {
      saved_ = std::move(fresh_);
    } else {
      merge(saved_, fresh_);
    }
    for (const std::size_t column : batch.columns) {
      if (in_.specs[column].is_recursive) missing_.in_state.push_back(in_.specs[column].node);
    }
  }

  void keep(const Batch& batch, std::size_t column, Panel values) {
    missing_.row[column] = batch.first;
    missing_.values[column] = std::move(values);
  }

  const MissingInputs& in_;
  Missing missing_;
  State fresh_, saved_;
};

}  // namespace

LackingRows lacking_rows(const MissingInputs& inputs, std::size_t column) {
  LackingRows lacking{.first = inputs.inputs.num_rows, .last = 0};
  for (std::size_t year = 0; year < inputs.years.size(); ++year) {
    const Cell& cell = inputs.plan.cell(column, year);
    if (cell.outcome == Outcome::kHit || cell.outcome == Outcome::kVersion) continue;
    const YearRows& rows = inputs.years[year];
    const std::size_t first =
        cell.outcome == Outcome::kExtended ? rows.first + cell.entry->num_sessions : rows.first;
    lacking.first = std::min(lacking.first, first);
    lacking.last = std::max(lacking.last, rows.last);
  }
  if (lacking.last == 0) lacking.first = 0;
  return lacking;
}

Missing evaluate_missing(const MissingInputs& inputs) {
  TW_ZONE("store::evaluate_missing");
  return Evaluator(inputs).run();
}

}  // namespace tickwerk::store
