// Which year of which column can be read, and why the others cannot: compares the fingerprints of
// the bars with those in the metadata. Internal to `store`; opens the prints of a year only to say
// what changed or when bars end before it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tickwerk/store/metadata.h"
#include "tickwerk/store/prints.h"
#include "tickwerk/store/store.h"

namespace tickwerk::store {

/// Rows [first, last) of the bars that lie in one year (UTC).
struct YearRows {
  int year = 0;
  std::size_t first = 0, last = 0;
};
std::vector<YearRows> years_of(std::span<const Timestamp> times);

enum class Why {
  kNone,
  kNothingStored,
  kNewYear,
  kNewColumn,
  kFormula,
  kCodeVersion,
  kInputs,   // it reads inputs of which the year has no prints
  kBars,     // of the year
  kHistory,  // bars before the year
  kNewSessions,
  kDamaged,
  kAsked,
  kLabel,
  kConstant,
  kEmptySession,
};

struct Cell {
  Outcome outcome = Outcome::kMiss;
  Why why = Why::kNone;
  std::string reason;
  const YearEntry* entry = nullptr;  // of a hit, an extended one, a version
};

/// All that a plan is made from.
struct PlanInputs {
  const Query& query;
  const Config& config;
  const std::vector<ColumnSpec>& specs;
  const Prints& prints;
  const std::vector<YearRows>& years;
  const std::filesystem::path& folder;
  const Metadata* metadata = nullptr;                  // null: nothing stored
  const std::vector<YearEntry>* superseded = nullptr;  // for as_of
  const std::map<std::string, std::string>& damaged;   // what is wrong, by the name of a version
};

class Plan {
 public:
  explicit Plan(const PlanInputs& inputs);

  const Cell& cell(std::size_t column, std::size_t year) const {
    return cells_[column * num_years_ + year];
  }
  bool is_stored(std::size_t column, std::size_t year) const;
  /// Whether anything must be evaluated that the store would keep.
  bool lacks_values() const;
  std::vector<Finding> findings() const;

  /// Fingerprint of what a column reads before a year, from so many rows (empty: all).
  std::string before(const ColumnSpec& spec,
                     std::size_t year,
                     std::optional<std::size_t> num_rows) const;
  /// Fingerprint of the first `num_rows` rows of a year.
  const std::string& within(std::string_view input, std::size_t year, std::size_t num_rows) const;
  /// Whether the bars of a year, as far as both go, are those of the entry in an input.
  bool is_same(const YearEntry& entry, std::string_view input, std::size_t year) const;

 private:
  Cell look_at(std::size_t column, std::size_t year) const;
  Cell as_known_then(std::size_t column, std::size_t year) const;
  Cell compared(const YearEntry& entry, const ColumnSpec& spec, std::size_t year) const;
  const std::string& history(std::string_view input, std::size_t year) const;
  const StoredPrints* stored_prints(const YearEntry& entry) const;
  const std::string& what_changed(const YearEntry& entry,
                                  std::string_view input,
                                  std::size_t year) const;
  std::string describe_change(const YearEntry& entry,
                              std::string_view input,
                              std::size_t year) const;
  std::string what_changed_before(const ColumnSpec& spec, std::size_t year) const;

  const PlanInputs& in_;
  std::size_t num_years_;
  std::vector<Cell> cells_;
  mutable std::map<std::string, std::string, std::less<>> memory_;
  mutable std::map<std::string, std::optional<StoredPrints>> prints_;
};

}  // namespace tickwerk::store
