// Price bars of many symbols as panels, one per field. Made by `load` and `make_synthetic`, read by
// expressions, strategies and the backtest. Rows are the union of the sessions; nothing is filled.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/time.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::market {

enum class Adjustment { kUnknown, kAdjusted, kRaw };

struct Bars {
  Frequency frequency = Frequency::kDaily;
  Adjustment adjustment = Adjustment::kUnknown;
  std::vector<Timestamp> times;      // strictly increasing, one per row
  std::vector<std::string> symbols;  // sorted by bytes, one per column
  std::map<std::string, Panel, std::less<>>
      fields;  // open, high, low, close, volume, and extra columns
  std::map<std::string, std::string, std::less<>>
      labels;  // columns left out because they know the future: name to file

  std::size_t num_rows() const noexcept { return times.size(); }
  std::size_t num_symbols() const noexcept { return symbols.size(); }
  bool has(std::string_view field) const { return fields.contains(field); }

  /// The panel of a field, in the unit of the input; throws kNotFound naming the fields there are.
  const Panel& field(std::string_view name) const;
  const Panel& close() const { return field("close"); }

  /// Column of a symbol, or num_symbols() when absent.
  std::size_t column(std::string_view symbol) const noexcept;

  /// Row of the first bar at or after `time`; num_rows() when there is none.
  std::size_t first_row_at(Timestamp time) const noexcept;
};

/// Content hash of times, symbols and every field (masked bars are NaN, so the mask is part of it).
std::string fingerprint(const Bars& bars);

}  // namespace tickwerk::market
