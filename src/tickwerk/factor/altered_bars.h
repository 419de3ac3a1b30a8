// The same bars with less of their future, or another one: what `check` evaluates expressions on a
// second time. Past rows are copied bit for bit.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tickwerk/market/bars.h"

namespace tickwerk::factor {

/// The rows up to and with `last_row`.
market::Bars cut_after(const market::Bars& bars, std::size_t last_row);

/// What becomes of a symbol's bars after the cut.
enum class Future {
  kOther,    // prices and other values multiplied by random factors of 0.5 to 1.5 a bar
  kHuge,     // every value is 1e9
  kMissing,  // no bars
  kMixed,    // one of the three, by symbol
};

/// All rows; after `last_row` every field has another value wherever there was one, and membership
/// is the opposite. No bar comes where none was. Equal seeds give equal bits.
market::Bars with_other_future(const market::Bars& bars,
                               std::size_t last_row,
                               Future future,
                               std::uint64_t seed);

/// Columns that repeat a later bar, and how many of the symbol's own bars ahead it is.
using FieldsAhead = std::map<std::string, std::int64_t, std::less<>>;

/// Takes away what these columns say, up to `last_row`, of the bars after it.
void forget_later_bars(market::Bars& altered, std::size_t last_row, const FieldsAhead& fields);

}  // namespace tickwerk::factor
