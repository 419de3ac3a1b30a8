// Rows to learn from, one per (bar, symbol): features, the label, and the last bar that the label
// may read, which is what splits purge by. Made from expressions (dataset_builder) or read from a
// file (dataset_file); models see its numbers only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::model {

/// Rows [first, last) of a dataset.
struct RowRange {
  std::size_t first = 0;
  std::size_t last = 0;
  bool operator==(const RowRange&) const = default;
};
/// Ascending and apart.
using RowRanges = std::vector<RowRange>;

std::size_t num_rows(std::span<const RowRange> ranges) noexcept;

/// What a column, a vector or a span, holds on those rows, in their order.
template <class Column>
std::vector<typename Column::value_type> values_of(const Column& column,
                                                   std::span<const RowRange> rows) {
  std::vector<typename Column::value_type> values;
  values.reserve(num_rows(rows));
  for (const RowRange& range : rows) {
    values.insert(values.end(), column.begin() + static_cast<std::ptrdiff_t>(range.first),
                  column.begin() + static_cast<std::ptrdiff_t>(range.last));
  }
  return values;
}

enum class LabelKind { kReturn, kBinary, kClasses };

/// Rows are sorted by bar, then symbol. A label that is NaN is no row.
struct Dataset {
  Frequency frequency = Frequency::kDaily;
  std::vector<Timestamp> times;       // of all bars of the market, strictly increasing
  std::vector<std::string> symbols;   // sorted by bytes
  std::vector<std::uint32_t> bar;     // per row: index into `times`
  std::vector<std::uint32_t> symbol;  // per row: index into `symbols`

  std::vector<std::string> feature_names;
  Panel features;  // [feature, row]: each feature contiguous; NaN where it has no value

  std::string label_name;
  LabelKind label_kind = LabelKind::kReturn;
  std::vector<double> label;            // return, 0 or 1, or 0 to num_classes - 1
  std::vector<double> realized_return;  // what `label` was made from; equal to it for kReturn

  /// Per row: index into `times` of the last bar that the label may read, by its full reach in bars
  /// of the symbol, whatever the outcome was.
  std::vector<std::uint32_t> label_end;
  std::size_t label_reach = 0;  // bars

  /// Per row: index into `times` of the bar on which the outcome was settled, never after
  /// `label_end`. It knows the future: a label, never a feature. May be empty.
  std::vector<std::uint32_t> exit_bar;

  std::size_t num_rows() const noexcept { return bar.size(); }
  std::size_t num_features() const noexcept { return feature_names.size(); }
};

/// The rows of `dataset` in which every feature is finite, in their order.
Dataset complete_rows(const Dataset& dataset);

}  // namespace tickwerk::model
