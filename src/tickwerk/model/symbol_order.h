// The rows of a dataset one symbol after the other, and ranks among rows that belong together: what
// the leak audit counts with. Internal to `model`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model {

/// Position p of the order is row `rows[p]`; those of one symbol, by bar, are [begin[s],
/// begin[s + 1]). Symbols without rows have none.
struct SymbolOrder {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> begin;

  std::size_t size() const noexcept { return rows.size(); }
};

/// Of every symbol, or of so many, evenly chosen, that there are about `max_rows`.
SymbolOrder symbol_order(const Dataset& dataset, std::size_t max_rows);

/// The bars that have rows, each once, ascending.
std::vector<std::uint32_t> bars_of(const Dataset& dataset, const SymbolOrder& order);

/// By position: how unique the label is among those of the order (uniqueness.h).
std::vector<double> uniqueness_of(const Dataset& dataset, const SymbolOrder& order);

/// Ranks among rows of one date, or of one symbol.
enum class RankView { kDate, kSymbol };

/// By position: average ranks from -0.5 to 0.5; NaN where the value is, or fewer than three of the
/// group have one.
std::vector<float> centered_ranks(const Dataset& dataset,
                                  const SymbolOrder& order,
                                  const double* values,
                                  RankView view);

struct LaggedCorrelation {
  double value = 0;  // 0 where a side is constant
  std::size_t num_pairs = 0;
};

/// Of a on each position with b `lag` positions on of the same symbol.
LaggedCorrelation correlate(const SymbolOrder& order,
                            const std::vector<float>& a,
                            const std::vector<float>& b,
                            std::size_t lag);

}  // namespace tickwerk::model
