// Rows of the input that share their key (time, symbol): the same values count once, others are an
// error that lists them, unless the first or the last is asked for. Used by `load`.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/market/load.h"
#include "tickwerk/market/long_form.h"

namespace tickwerk::market {

struct ResolvedDuplicates {
  std::vector<Finding> findings;  // one per duplicate row
  std::size_t num_equal = 0;
  std::size_t num_different = 0;
};

/// Leaves the values that count in the bars and the sources. Throws Error kCorruptData with the
/// file (of several their folder) and the first five keys with different values when `on_duplicate`
/// is kError. NaN equals NaN. Cost: a look at every field per duplicate row.
ResolvedDuplicates resolve_duplicates(LongForm& form,
                                      const std::vector<Piece>& pieces,
                                      const InputFiles& input,
                                      OnDuplicate on_duplicate);

}  // namespace tickwerk::market
