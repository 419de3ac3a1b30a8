#include "tickwerk/store/plan.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

constexpr std::size_t kShownSymbols = 3;

int year_of(Timestamp time) { return year_month_day(date_of(time)).year; }

/// The inputs of a column, the places of symbols last: they move whenever one comes or goes.
std::vector<std::string> ordered_inputs(const ColumnSpec& spec) {
  std::vector<std::string> names;
  for (const std::string& name : spec.inputs) {
    if (name != kPlaceInput) names.push_back(name);
  }
  if (spec.inputs.contains(kPlaceInput)) names.emplace_back(kPlaceInput);
  return names;
}

std::string about(std::string_view input, const std::string& who, const std::string& when) {
  if (input == kBarInput) return fmt::format("bars came or went: {} on {}", who, when);
  if (input == kPlaceInput) return fmt::format("symbols stand in other columns from {} on", when);
  return fmt::format("{} changed on {} ({})", who, when, input);
}

std::string shown(const std::vector<std::string>& symbols) {
  if (symbols.empty()) return "a bar";
  const std::size_t num_shown = std::min(symbols.size(), kShownSymbols);
  const std::string more =
      symbols.size() > num_shown ? fmt::format(" and {} more", symbols.size() - num_shown) : "";
  const auto end = symbols.begin() + static_cast<std::ptrdiff_t>(num_shown);
  return fmt::format("{}{}", fmt::join(symbols.begin(), end, ", "), more);
}

}  // namespace

std::vector<YearRows> years_of(std::span<const Timestamp> times) {
  std::vector<YearRows> years;
  for (std::size_t t = 0; t < times.size(); ++t) {
    // The date is dear: most rows lie in the year of the row before.
    if (!years.empty() && times[t] < midnight(make_date(years.back().year + 1, 1, 1))) {
      years.back().last = t + 1;
    } else {
      years.push_back({.year = year_of(times[t]), .first = t, .last = t + 1});
    }
  }
  return years;
}

Plan::Plan(const PlanInputs& inputs) : in_(inputs), num_years_(inputs.years.size()) {
  TW_ZONE("store::plan");
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    for (std::size_t year = 0; year < num_years_; ++year) {
      cells_.push_back(in_.config.as_of ? as_known_then(column, year) : look_at(column, year));
    }
  }
}

bool Plan::is_stored(std::size_t column, std::size_t year) const {
  return cell(column, year).outcome != Outcome::kNotStored;
}

bool Plan::lacks_values() const {
  return std::ranges::any_of(cells_, [](const Cell& cell) {
    return cell.outcome == Outcome::kMiss || cell.outcome == Outcome::kExtended;
  });
}

std::vector<Finding> Plan::findings() const {
  std::vector<Finding> findings;
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    for (std::size_t year = 0; year < num_years_; ++year) {
      const Cell& one = cell(column, year);
      findings.push_back({.year = in_.years[year].year,
                          .column = in_.specs[column].name,
                          .outcome = one.outcome,
                          .reason = one.reason});
    }
  }
  return findings;
}

Cell Plan::look_at(std::size_t column, std::size_t year) const {
  const ColumnSpec& spec = in_.specs[column];
  const auto not_stored = [](Why why, std::string reason) {
    return Cell{.outcome = Outcome::kNotStored, .why = why, .reason = std::move(reason)};
  };
  const auto miss = [](Why why, std::string reason) {
    return Cell{.outcome = Outcome::kMiss, .why = why, .reason = std::move(reason)};
  };
  if (spec.is_label()) {
    return not_stored(Why::kLabel, fmt::format("it reads {} bar{} ahead", spec.reach.lookahead,
                                               spec.reach.lookahead == 1 ? "" : "s"));
  }
  if (spec.shape == expr::Shape::kConstant) return not_stored(Why::kConstant, "it is a constant");
  if (spec.shape == expr::Shape::kDaily) {
    const YearRows& rows = in_.years[year];
    const auto& bars = in_.prints.rows.find(kBarInput)->second;
    for (std::size_t t = rows.first; t < rows.last; ++t) {
      // A sum over no symbols; no other sum is zero but by one chance in 2^64.
      if (bars[t] == 0) return not_stored(Why::kEmptySession, "a session has no bar at all");
    }
  }
  const Metadata* metadata = in_.metadata;
  if (metadata == nullptr) return miss(Why::kNothingStored, "nothing is stored");
  const YearEntry* entry = metadata->find_year(in_.years[year].year);
  if (entry == nullptr) return miss(Why::kNewYear, "the year is new");
  if (const auto lost = in_.damaged.find(entry->file.name); lost != in_.damaged.end()) {
    return miss(Why::kDamaged, lost->second);
  }
  const bool is_asked = in_.config.rebuild == Rebuild::kAll;
  if (entry->find(spec.name, spec.fingerprint) == nullptr) {
    if (is_asked) return miss(Why::kAsked, "asked for");
    const bool is_known = std::ranges::any_of(
        entry->columns, [&](const StoredColumn& stored) { return stored.name == spec.name; });
    return is_known ? miss(Why::kFormula, "its formula changed")
                    : miss(Why::kNewColumn, "the column is new");
  }
  const auto damage = in_.damaged.find(entry->prints.name);
  const YearRows& rows = in_.years[year];
  if (damage != in_.damaged.end() && rows.last - rows.first < entry->num_sessions) {
    return miss(Why::kDamaged, damage->second);  // nobody can say whether these bars are others
  }
  Cell found = compared(*entry, spec, year);
  const bool has_changed = found.why == Why::kBars || found.why == Why::kHistory;
  if (has_changed) return found;
  if (entry->code_version != in_.config.code_version) {
    return miss(Why::kCodeVersion, fmt::format("version {} made it, this is {}",
                                               entry->code_version, in_.config.code_version));
  }
  if (is_asked) return miss(Why::kAsked, "asked for");
  if (damage != in_.damaged.end()) return miss(Why::kDamaged, damage->second);
  return found;
}

Cell Plan::compared(const YearEntry& entry, const ColumnSpec& spec, std::size_t year) const {
  const StoredColumn& stored = *entry.find(spec.name, spec.fingerprint);
  for (const std::string& input : ordered_inputs(spec)) {
    if (!entry.inputs.contains(input)) {
      return {.outcome = Outcome::kMiss,
              .why = Why::kInputs,
              .reason = fmt::format("it reads another input: {}", input)};
    }
    if (is_same(entry, input, year)) continue;
    return {
        .outcome = Outcome::kMiss, .why = Why::kBars, .reason = what_changed(entry, input, year)};
  }
  if (before(spec, year, stored.before_rows) != stored.before) {
    return {
        .outcome = Outcome::kMiss, .why = Why::kHistory, .reason = what_changed_before(spec, year)};
  }
  const YearRows& rows = in_.years[year];
  const std::size_t num_rows = rows.last - rows.first;
  if (num_rows <= entry.num_sessions)
    return {.outcome = Outcome::kHit, .why = Why::kNone, .reason = {}, .entry = &entry};
  return {.outcome = Outcome::kExtended,
          .why = Why::kNewSessions,
          .reason = fmt::format("{} new session{}", num_rows - entry.num_sessions,
                                num_rows - entry.num_sessions == 1 ? "" : "s"),
          .entry = &entry};
}

Cell Plan::as_known_then(std::size_t column, std::size_t year) const {
  const ColumnSpec& spec = in_.specs[column];
  Cell now = look_at(column, year);
  if (now.outcome == Outcome::kNotStored || in_.metadata == nullptr) return now;
  const YearEntry* chosen = nullptr;
  const auto consider = [&](const YearEntry& entry) {
    if (entry.year != in_.years[year].year || in_.damaged.contains(entry.file.name)) return;
    if (entry.find(spec.name, spec.fingerprint) == nullptr) return;
    const bool was_known = date_of(entry.recorded) <= *in_.config.as_of;
    if (chosen == nullptr) {
      chosen = &entry;
    } else if (date_of(chosen->recorded) <= *in_.config.as_of) {
      if (was_known && entry.recorded >= chosen->recorded) chosen = &entry;
    } else if (was_known || entry.recorded < chosen->recorded) {
      chosen = &entry;
    }
  };
  if (in_.superseded != nullptr) {
    for (const YearEntry& entry : *in_.superseded) consider(entry);
  }
  for (const YearEntry& entry : in_.metadata->years) consider(entry);
  if (chosen == nullptr || chosen == now.entry) return now;
  return {.outcome = Outcome::kVersion,
          .why = now.why,
          .reason = fmt::format("as recorded on {}", to_string(date_of(chosen->recorded))),
          .entry = chosen};
}

const std::string& Plan::within(std::string_view input,
                                std::size_t year,
                                std::size_t num_rows) const {
  std::string& known = memory_[fmt::format("within {} {} {}", input, year, num_rows)];
  const std::size_t first = in_.years[year].first;
  if (known.empty()) known = fingerprint(in_.prints, input, first, first + num_rows);
  return known;
}

const std::string& Plan::history(std::string_view input, std::size_t year) const {
  std::string& known = memory_[fmt::format("history {} {}", input, year)];
  if (!known.empty()) return known;
  Hasher hasher;
  if (year > 0) {
    hasher.update(history(input, year - 1));
    const YearRows& rows = in_.years[year - 1];
    hasher.update(within(input, year - 1, rows.last - rows.first));
  }
  return memory_[fmt::format("history {} {}", input, year)] = hasher.hex();
}

std::string Plan::before(const ColumnSpec& spec,
                         std::size_t year,
                         std::optional<std::size_t> num_rows) const {
  if (!spec.counts_bars) return {};
  const std::size_t begin = in_.years[year].first;
  Hasher hasher;
  hasher.update(history(kBarInput, year));
  for (const std::string& input : spec.inputs) {
    hasher.update(input);
    if (num_rows) {
      hasher.update(fingerprint(in_.prints, input, begin - std::min(*num_rows, begin), begin));
    } else {
      hasher.update(history(input, year));
    }
  }
  return hasher.hex();
}

bool Plan::is_same(const YearEntry& entry, std::string_view input, std::size_t year) const {
  const auto known = entry.inputs.find(input);
  if (known == entry.inputs.end() || !in_.prints.rows.contains(input)) return false;
  const YearRows& rows = in_.years[year];
  const std::size_t num_rows = rows.last - rows.first;
  if (num_rows >= entry.num_sessions) {
    return within(input, year, entry.num_sessions) == known->second;
  }
  const StoredPrints* stored = stored_prints(entry);
  if (stored == nullptr) return false;
  const auto prints = stored->rows.find(input);
  if (prints == stored->rows.end() || stored->times.size() < num_rows) return false;
  const auto& now = in_.prints.rows.find(input)->second;
  for (std::size_t t = 0; t < num_rows; ++t) {
    if (stored->times[t] != in_.prints.times[rows.first + t].ns) return false;
    if (prints->second[t] != now[rows.first + t]) return false;
  }
  return true;
}

const StoredPrints* Plan::stored_prints(const YearEntry& entry) const {
  const auto [at, is_new] = prints_.try_emplace(entry.prints.name);
  if (is_new) {
    try {
      at->second = prints_from_bytes(read_checked(in_.folder, entry.prints));
    } catch (const Error&) {
      // Then nobody can say what changed, only that it did.
      at->second.reset();
    }
  }
  return at->second ? &*at->second : nullptr;
}

const std::string& Plan::what_changed(const YearEntry& entry,
                                      std::string_view input,
                                      std::size_t year) const {
  std::string& known = memory_[fmt::format("changed {} {}", input, entry.file.name)];
  if (known.empty()) known = describe_change(entry, input, year);
  return known;
}

std::string Plan::describe_change(const YearEntry& entry,
                                  std::string_view input,
                                  std::size_t year) const {
  const StoredPrints* stored = stored_prints(entry);
  const auto now = in_.prints.rows.find(input);
  if (stored == nullptr || !stored->rows.contains(input) || now == in_.prints.rows.end()) {
    return fmt::format("bars of {} changed ({})", entry.year, input);
  }
  const YearRows& rows = in_.years[year];
  const std::size_t num_rows = std::min(rows.last - rows.first, stored->times.size());
  const auto& prints = stored->rows.find(input)->second;
  std::size_t t = 0;
  while (t < num_rows && stored->times[t] == in_.prints.times[rows.first + t].ns &&
         prints[t] == now->second[rows.first + t]) {
    ++t;
  }
  if (t == num_rows) return fmt::format("sessions of {} are gone", entry.year);
  const Timestamp here = in_.prints.times[rows.first + t];
  const Frequency frequency = in_.config.address.frequency;
  if (stored->times[t] < here.ns) {
    return fmt::format("session {} is gone", to_string(Timestamp{stored->times[t]}, frequency));
  }
  if (stored->times[t] > here.ns) {
    return fmt::format("session {} is new in the past", to_string(here, frequency));
  }
  std::vector<std::string> symbols;
  if (rows.last - rows.first >= stored->times.size()) {
    const market::Bars& bars = in_.query.bars;
    const std::vector<std::uint64_t> sums =
        symbol_prints(bars, in_.query.inputs, input, rows.first, rows.first + stored->times.size());
    std::map<std::string, std::uint64_t> of_now;
    for (std::size_t s = 0; s < sums.size(); ++s) of_now[bars.symbols[s]] = sums[s];
    const auto& then = stored->symbols_of.find(input)->second;
    for (std::size_t s = 0; s < then.size(); ++s) {
      const auto found = of_now.find(stored->symbols[s]);
      const std::uint64_t sum = found == of_now.end() ? 0 : found->second;
      if (sum != then[s]) symbols.push_back(stored->symbols[s]);
      if (found != of_now.end()) of_now.erase(found);
    }
    for (const auto& [symbol, sum] : of_now) {
      if (sum != 0) symbols.push_back(symbol);
    }
  }
  return about(input, shown(symbols), to_string(here, frequency));
}

std::string Plan::what_changed_before(const ColumnSpec& spec, std::size_t year) const {
  for (std::size_t earlier = 0; earlier < year; ++earlier) {
    const YearEntry* entry = in_.metadata->find_year(in_.years[earlier].year);
    if (entry == nullptr) continue;
    for (const std::string& input : ordered_inputs(spec)) {
      if (entry->inputs.contains(input) && !is_same(*entry, input, earlier)) {
        return fmt::format("it reads bars before {}: {}", in_.years[year].year,
                           what_changed(*entry, input, earlier));
      }
    }
  }
  return fmt::format("bars before {} are others", in_.years[year].year);
}

}  // namespace tickwerk::store
