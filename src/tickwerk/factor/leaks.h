// The test behind `tickwerk check`: evaluates on bars cut short and on bars with another future,
// and compares the past bit for bit. Knows nothing of the language: it is handed a function, which
// is how its own tests plant leaks that the compiler would refuse.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/factor/altered_bars.h"
#include "tickwerk/factor/sources.h"

namespace tickwerk::factor {

struct LeakOptions {
  std::size_t num_cuts = 16;  // bars at which the data are cut, the first and the last among them
  std::uint64_t seed = 42;
  FieldsAhead fields_ahead = {};  // what a later bar changes, it changes in these columns too
};

/// The values of all subjects over these sources, in their order: [time, symbol] or one column.
using EvaluateFunction = std::function<std::vector<Panel>(const Sources& sources)>;

enum class Trial { kCut, kOtherFuture };

/// A value that changed although no bar it may read did.
struct Leak {
  Trial trial = Trial::kCut;
  std::size_t last_row = 0;           // up to and with it the bars were left as they are
  std::size_t row = 0;                // of the value
  std::optional<std::size_t> symbol;  // empty for one value a day
  std::int64_t bars_ahead = 0;        // at least so far does it read, in the symbol's own bars
  double before = 0;
  double after = 0;
};

struct LeakReport {
  std::optional<std::size_t> first_row;  // with a value on the whole data; empty when all are NaN
  std::size_t num_compared = 0;          // values, over all trials
  std::size_t num_numbers = 0;           // of them not NaN
  std::size_t num_changed = 0;
  std::optional<Leak> furthest;  // the one that reads furthest ahead
};

struct LeakTest {
  std::vector<LeakReport> subjects;  // one per subject
  std::vector<std::size_t> cuts;     // last rows left as they are, ascending
};

/// `lookahead[i]`: bars that subject i may read ahead, 0 for factors. A row of a label is compared
/// where every symbol with a bar on it has that many own bars before the cut, or had ended by then.
LeakTest find_leaks(const Sources& sources,
                    std::span<const std::int64_t> lookahead,
                    const EvaluateFunction& evaluate,
                    const LeakOptions& options = {});

}  // namespace tickwerk::factor
