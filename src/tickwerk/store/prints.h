// Fingerprints of the bars that columns were made from, one a row and input, computed at the speed
// of memory: which days of a year are as they were, and how far. A row's print is a sum over the
// symbols that have a bar, so a symbol without one leaves it alone. Used by the planner of the
// store; not for secrets.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/inputs.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::store {

/// Inputs that no field holds: which symbols have a bar, and in which columns they stand.
inline constexpr std::string_view kBarInput = "$bar";
inline constexpr std::string_view kPlaceInput = "$place";

struct Prints {
  std::span<const Timestamp> times;                                     // of the bars
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> rows;  // by input, one a row
  std::size_t most_missing = 0;  // rows that a symbol lacks between its first and last bar
};

/// Prints of the named inputs (fields, daily values, `in_universe`, the two above) over the first
/// `num_rows` rows. Cost: one read of the fields, in parallel. Names that the inputs lack are left
/// out.
Prints make_prints(const market::Bars& bars,
                   const expr::Inputs& inputs,
                   const std::set<std::string, std::less<>>& names,
                   std::size_t num_rows);

/// 32 digits over the times and one input's prints of rows [first, last).
std::string fingerprint(const Prints& prints,
                        std::string_view input,
                        std::size_t first,
                        std::size_t last);

/// One print per symbol of the bars over rows [first, last): tells which symbol changed.
std::vector<std::uint64_t> symbol_prints(const market::Bars& bars,
                                         const expr::Inputs& inputs,
                                         std::string_view name,
                                         std::size_t first,
                                         std::size_t last);

/// What is kept beside the values of a year, to say what changed and to compare a part of it.
struct StoredPrints {
  std::vector<std::int64_t> times;                                            // ns
  std::vector<std::string> symbols;                                           // sorted by bytes
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> rows;        // by input
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> symbols_of;  // by input
};

std::string to_bytes(const StoredPrints& prints);

/// Throws kCorruptData when the bytes are not those of `to_bytes`.
StoredPrints prints_from_bytes(std::string_view bytes);

}  // namespace tickwerk::store
