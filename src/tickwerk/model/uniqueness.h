// How much of a label no other label shares: weights for rows whose labels overlap, so that a
// stretch seen by twenty labels does not count twenty times. Used by trainers as an option.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

/// What uniqueness reads of a dataset, per row.
struct LabelSpans {
  std::span<const std::uint32_t> bar;
  std::span<const std::uint32_t> label_end;
  std::span<const std::uint32_t> symbol;
};

/// Per row: the mean, over the bars (bar, label_end] that its label reads, of 1 / number of labels
/// of the same symbol that read that bar; in (0, 1]. Labels of other symbols never count: two
/// symbols share a market, not a return. A label that ends on its own bar reads that bar. The sum
/// of all weights is about how many independent rows there are. Give the rows of the training part
/// alone, since rows that do not train share nothing. Rows in any order; bars of the market. Throws
/// kInvalidArgument where lengths differ or a label ends before its bar. Cost: rows, and bars of
/// each symbol from its first row to its last label's end.
///
/// Source: Lopez de Prado (2018), "Advances in Financial Machine Learning", sections 4.3 and 4.4,
/// by the text: labels are concurrent where they share a return. The listing there counts the bar
/// of the decision too, which makes labels that only touch share a bar.
std::vector<double> average_uniqueness(const LabelSpans& labels);

}  // namespace tickwerk::model
