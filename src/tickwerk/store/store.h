// The factor store: values of expressions over bars, kept on disk by year and used again only where
// expressions, parameters, program and bars are the same. `read_or_evaluate` gives the bits that
// evaluating everything would, reads what is stored, evaluates the rest and writes it back. It
// never fails for the store's sake: what is damaged or cannot be written is said and computed.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/base/version.h"
#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/inputs.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/store/column.h"
#include "tickwerk/store/layout.h"

namespace tickwerk::store {

/// What is wanted of which data. Everything must outlive the call.
struct Query {
  const market::Bars& bars;    // times and symbols
  const expr::Inputs& inputs;  // panels over these bars, all that the columns read
  const expr::Graph& graph;
  std::span<const Column> columns;  // those that belong to the address's group
};

enum class Rebuild { kStale, kAll };

/// Where a writer stands; for tests that end it there.
enum class WriteStep {
  kLocked,
  kYearPart,  // inside a file
  kYear,
  kPrints,
  kState,
  kSuperseded,
  kLink,
  kMetadata,
  kRemoved,
};

struct Config {
  Address address;
  Timestamp now;  // the store reads no clock
  Rebuild rebuild = Rebuild::kStale;
  /// Nothing later is read or returned, and what was replaced after that day comes as it was then.
  std::optional<Date> as_of;
  /// Values before that day are not wanted: neither read, unless their file is written anew, nor
  /// handed out. An append of a day then costs the last year, not ten.
  std::optional<Date> from;
  /// Values of another are not used. Its first word is the release: what another release left is
  /// kept as a version, what another build of the same release left is not.
  std::string code_version = std::string(kVersion);
  std::function<void(const std::string& holder)> waiting;  // for another writer
  std::function<void(WriteStep)> at_step;
};

enum class Outcome {
  kHit,        // read, not evaluated
  kExtended,   // read up to its last session, later ones evaluated
  kMiss,       // evaluated
  kVersion,    // read as it was known on the as-of day, whatever the bars are now
  kNotStored,  // evaluated and never kept: labels, constants
};
std::string_view name(Outcome outcome) noexcept;

/// What became of one column in one year, and why.
struct Finding {
  int year = 0;
  std::string column;
  Outcome outcome = Outcome::kHit;
  std::string reason;  // empty for a hit; `AAPL changed on 2024-03-04 (close)`
};

struct Result {
  std::size_t first_row = 0;  // of the bars, that `from` begins with
  std::size_t num_rows = 0;   // of the bars up to as_of; all without it
  /// In the order of the columns, as expr::evaluate gives them, rows [first_row, num_rows).
  std::vector<Panel> values;
  std::vector<Finding> findings;
  std::vector<std::string> warnings;  // damage, what could not be written; one sentence each
  std::vector<std::string> notes;     // what as_of could and could not know
};

/// Throws what evaluating throws, kInvalidArgument for an address or a name that cannot be stored.
Result read_or_evaluate(const Query& query, const Config& config);

/// What `read_or_evaluate` would find, without values: is anything stale? Reads the metadata and
/// the bars, no file of values.
Result look_up(const Query& query, const Config& config);

}  // namespace tickwerk::store
