#include "tickwerk/store/write_back.h"

#include <algorithm>
#include <set>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/store/layout.h"
#include "tickwerk/store/links.h"
#include "tickwerk/store/state_file.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

/// Runs take their time before they wait for each other, so the later writer may have the earlier
/// one.
constexpr std::int64_t kSkewNs = 60'000'000'000;

bool is_lacking(const Cell& cell) {
  return cell.outcome == Outcome::kMiss || cell.outcome == Outcome::kExtended;
}

/// `0.1.0` of `0.1.0 3f2a`: builds of one release replace each other's values.
std::string_view release_of(std::string_view code_version) {
  return code_version.substr(0, code_version.find(' '));
}

/// Whether what a file holds is no longer what the bars, or another release, give.
bool is_revision(Why why, const YearEntry& old, const Config& config) {
  return why == Why::kBars || why == Why::kHistory ||
         (why == Why::kCodeVersion &&
          release_of(old.code_version) != release_of(config.code_version));
}

}  // namespace

WriteBack::WriteBack(const WriteInputs& inputs) : in_(inputs), superseded_(inputs.superseded) {
  if (in_.metadata != nullptr) next_ = *in_.metadata;
}

void WriteBack::step(WriteStep step) const {
  if (in_.config.at_step) in_.config.at_step(step);
}

std::string WriteBack::new_file(std::string name) {
  new_files_.push_back(name);
  return name;
}

void WriteBack::run() {
  TW_ZONE("store::write");
  const Address& address = in_.config.address;
  const Timestamp before = next_.updated;
  if (in_.config.now.ns < before.ns - kSkewNs) {
    notes_.push_back(fmt::format("the clock went back: the store was written at {}, now is {}",
                                 to_string(before, Frequency::kFiveMinutes),
                                 to_string(in_.config.now, Frequency::kFiveMinutes)));
  }
  next_.updated = std::max(in_.config.now, before);
  if (in_.metadata == nullptr) next_.created = next_.updated;
  ++next_.revision;
  next_.group = address.group;
  next_.frequency = suffix(address.frequency);
  next_.universe = address.universe;
  next_.code_version = in_.config.code_version;
  try {
    for (std::size_t year = 0; year < in_.years.size(); ++year) {
      if (!lacks_values(year)) continue;
      const std::string reason = reason_to_leave(year);
      if (reason.empty()) {
        write_year(year);
      } else {
        notes_.push_back(fmt::format("{} was not stored: {}", in_.years[year].year, reason));
      }
    }
    if (new_files_.empty()) return;
    describe_columns();
    write_state();
    write_superseded();
    store::write_links(in_.folder, next_);
    step(WriteStep::kLink);
    io::write_file(metadata_file(in_.folder), to_json(next_));
    step(WriteStep::kMetadata);
  } catch (const Error&) {
    forget_new_files();
    throw;
  }
  remove_replaced();
  step(WriteStep::kRemoved);
}

bool WriteBack::lacks_values(std::size_t year) const {
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    if (is_lacking(in_.plan.cell(column, year))) return true;
  }
  return false;
}

std::string WriteBack::reason_to_leave(std::size_t year) const {
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    if (in_.plan.cell(column, year).outcome == Outcome::kVersion) {
      return "other columns are read as they were known then";
    }
  }
  const YearEntry* old = next_.find_year(in_.years[year].year);
  const YearRows& rows = in_.years[year];
  if (old == nullptr || in_.damaged.contains(old->file.name)) return {};
  const bool is_cut = rows.last - rows.first < old->num_sessions &&
                      (in_.config.as_of || in_.damaged.contains(old->prints.name) ||
                       in_.plan.is_same(*old, kBarInput, year));
  if (!is_cut) return {};
  return fmt::format("the store goes on to {}", to_string(old->last, in_.config.address.frequency));
}

bool WriteBack::are_prints_here(const YearEntry& old) const {
  return std::ranges::all_of(
      old.inputs, [&](const auto& input) { return in_.prints.rows.contains(input.first); });
}

std::vector<const StoredColumn*> WriteBack::kept_columns(std::size_t year,
                                                         const YearEntry& old) const {
  const YearRows& rows = in_.years[year];
  if (in_.damaged.contains(old.file.name) || old.code_version != in_.config.code_version ||
      old.num_sessions != rows.last - rows.first) {
    return {};
  }
  for (const auto& [input, fingerprint] : old.inputs) {
    if (in_.prints.rows.contains(input) && !in_.plan.is_same(old, input, year)) return {};
  }
  std::vector<const StoredColumn*> kept;
  for (const StoredColumn& column : old.columns) {
    const bool is_asked = std::ranges::any_of(
        in_.specs, [&](const ColumnSpec& spec) { return spec.name == column.name; });
    if (!is_asked) kept.push_back(&column);
  }
  return kept;
}

StoredPrints WriteBack::prints_of(std::size_t year, const StoredPrints* kept) const {
  const YearRows& rows = in_.years[year];
  const market::Bars& bars = in_.query.bars;
  StoredPrints prints;
  prints.symbols = bars.symbols;
  for (std::size_t t = rows.first; t < rows.last; ++t) prints.times.push_back(bars.times[t].ns);
  for (const auto& [input, all] : in_.prints.rows) {
    prints.rows[input].assign(all.begin() + static_cast<std::ptrdiff_t>(rows.first),
                              all.begin() + static_cast<std::ptrdiff_t>(rows.last));
    prints.symbols_of[input] = symbol_prints(bars, in_.query.inputs, input, rows.first, rows.last);
  }
  if (kept == nullptr) return prints;
  for (const auto& [input, all] : kept->rows) {
    if (prints.rows.contains(input) || kept->symbols != prints.symbols) continue;
    prints.rows[input] = all;
    prints.symbols_of[input] = kept->symbols_of.at(input);
  }
  return prints;
}

void WriteBack::keep_old_version(std::size_t year, const YearEntry& old) {
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    const Cell& cell = in_.plan.cell(column, year);
    if (!is_revision(cell.why, old, in_.config)) continue;
    YearEntry version = old;
    version.until = next_.updated;
    version.reason = cell.reason;
    if (in_.damaged.contains(old.prints.name)) {
      const std::string none = to_bytes(StoredPrints{});
      replaced_.push_back(old.prints.name);
      version.prints = {new_file(lost_prints_version(old.year, next_.revision)), checksum_of(none)};
      io::write_file(in_.folder / version.prints.name, none);
    }
    superseded_.push_back(std::move(version));
    return;
  }
}

void WriteBack::write_year(std::size_t year) {
  const YearRows& rows = in_.years[year];
  const YearEntry* old = next_.find_year(rows.year);
  const Cells cells(in_.query.inputs.bar, rows.first, rows.last);
  std::map<std::string, YearColumn> columns;
  std::map<std::string, StoredColumn> stored;
  YearEntry entry;
  entry.year = rows.year;
  for (const auto& [input, all] : in_.prints.rows) {
    entry.inputs[input] = in_.plan.within(input, year, rows.last - rows.first);
  }
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    if (!in_.plan.is_stored(column, year)) continue;
    const ColumnSpec& spec = in_.specs[column];
    columns[spec.name] = {spec.name, in_.values[column].view().rows(rows.first - in_.base_row,
                                                                    rows.last - in_.base_row)};
    StoredColumn& one = stored[spec.name];
    one.name = spec.name;
    one.fingerprint = spec.fingerprint;
    if (!spec.is_recursive) {
      one.before_rows =
          std::min(rows.first, rows_back(in_.query.graph, spec.node, in_.prints.most_missing));
    }
    one.before = in_.plan.before(spec, year, one.before_rows);
  }

  std::vector<Panel> kept_values;
  std::optional<StoredPrints> kept_prints;
  if (old != nullptr) {
    const std::vector<const StoredColumn*> kept = kept_columns(year, *old);
    if (!kept.empty()) {
      try {
        const YearReader reader(in_.folder, *old);
        if (!are_prints_here(*old)) {
          kept_prints = prints_from_bytes(read_checked(in_.folder, old->prints));
        }
        for (const StoredColumn* column : kept) {
          kept_values.emplace_back(cells.num_rows(), in_.query.bars.num_symbols());
          reader.read(*column, cells, kept_values.back().span());
        }
        for (std::size_t i = 0; i < kept.size(); ++i) {
          columns[kept[i]->name] = {kept[i]->name, kept_values[i].view()};
          stored[kept[i]->name] = *kept[i];
        }
        for (const auto& [input, print] : old->inputs) entry.inputs.try_emplace(input, print);
      } catch (const Error& error) {
        if (error.code() != Code::kCorruptData) throw;
        notes_.push_back(fmt::format("columns that nobody asked for are lost: {}", error.what()));
        kept_prints.reset();
      }
    }
  }

  entry.file.name = new_file(year_version(rows.year, next_.revision));
  std::vector<YearColumn> ordered;
  for (auto& [column, values] : columns) ordered.push_back(values);
  const WrittenYear written = store::write_year(in_.folder / entry.file.name, in_.query.bars, cells,
                                                ordered, [this] { step(WriteStep::kYearPart); });
  step(WriteStep::kYear);
  entry.file.checksum = written.checksum;
  entry.footer = written.footer;
  entry.keys = written.keys;
  for (std::size_t k = 0; k < ordered.size(); ++k) {
    entry.columns.push_back(stored[ordered[k].name]);
    entry.columns.back().checksum = written.columns[k];
  }

  const std::string prints = to_bytes(prints_of(year, kept_prints ? &*kept_prints : nullptr));
  entry.prints = {new_file(prints_version(rows.year, next_.revision)), checksum_of(prints)};
  io::write_file(in_.folder / entry.prints.name, prints);
  step(WriteStep::kPrints);

  entry.num_rows = cells.size();
  entry.num_sessions = rows.last - rows.first;
  entry.first = in_.query.bars.times[rows.first];
  entry.last = in_.query.bars.times[rows.last - 1];
  std::set<std::size_t> symbols;
  for (const Cells::Run& run : cells.runs()) {
    for (std::size_t s = 0; s < run.size; ++s) symbols.insert(run.symbol + s);
  }
  entry.num_symbols = symbols.size();
  if (!symbols.empty()) {
    entry.first_symbol = in_.query.bars.symbols[*symbols.begin()];
    entry.last_symbol = in_.query.bars.symbols[*symbols.rbegin()];
  }
  entry.code_version = in_.config.code_version;
  entry.recorded = next_.updated;
  if (old != nullptr) {
    const std::size_t num_superseded = superseded_.size();
    const bool is_damaged = in_.damaged.contains(old->file.name);
    if (!is_damaged) keep_old_version(year, *old);
    const bool is_same = std::ranges::all_of(old->inputs, [&](const auto& input) {
      return !in_.prints.rows.contains(input.first) || in_.plan.is_same(*old, input.first, year);
    });
    if (superseded_.size() == num_superseded) {
      replaced_.push_back(old->file.name);
      replaced_.push_back(old->prints.name);
      if (is_same) entry.recorded = old->recorded;
    }
  }
  std::erase_if(next_.years, [&](const YearEntry& one) { return one.year == rows.year; });
  next_.years.push_back(std::move(entry));
  std::ranges::sort(next_.years, {}, &YearEntry::year);
}

void WriteBack::describe_columns() {
  std::set<std::pair<std::string, std::string>> used;
  for (const YearEntry& entry : next_.years) {
    for (const StoredColumn& column : entry.columns) used.emplace(column.name, column.fingerprint);
  }
  std::map<std::pair<std::string, std::string>, ColumnText> texts;
  for (ColumnText& column : next_.columns) {
    texts.emplace(std::pair(column.name, column.fingerprint), column);
  }
  for (const ColumnSpec& spec : in_.specs) {
    texts[{spec.name, spec.fingerprint}] = {
        .name = spec.name,
        .expression = spec.text,
        .fingerprint = spec.fingerprint,
        .lookback = spec.reach.lookback,
        .all_history = spec.is_recursive,
        .shape = spec.shape == expr::Shape::kDaily ? "daily" : "panel"};
  }
  next_.columns.clear();
  for (auto& [key, column] : texts) {
    if (used.contains(key)) next_.columns.push_back(std::move(column));
  }
}

void WriteBack::write_state() {
  if (in_.fresh_state == nullptr) return;
  if (next_.state && next_.state->num_sessions > in_.fresh_state->num_rows) return;
  NamedState named{.symbols = in_.query.bars.symbols, .state = *in_.fresh_state};
  if (in_.old_state != nullptr && in_.old_state->num_rows == named.state.num_rows) {
    std::vector<expr::NodeId> read;
    for (std::size_t column = 0; column < in_.specs.size(); ++column) {
      const Cell& last = in_.plan.cell(column, in_.years.size() - 1);
      if (in_.specs[column].is_recursive && last.outcome == Outcome::kHit) {
        read.push_back(in_.specs[column].node);
      }
    }
    expr::State old = *in_.old_state;
    const std::set<std::string> texts = recursions_of(in_.query.graph, read);
    std::erase_if(old.recursions, [&](const auto& one) { return !texts.contains(one.first); });
    if (!old.recursions.empty()) merge(named.state, old);
  }
  const std::string bytes = to_bytes(named);
  if (next_.state) replaced_.push_back(next_.state->file.name);
  next_.state = StateEntry{.file = {new_file(state_version(next_.revision)), checksum_of(bytes)},
                           .num_sessions = named.state.num_rows,
                           .first = in_.query.bars.times[0],
                           .last = in_.query.bars.times[named.state.num_rows - 1]};
  io::write_file(in_.folder / next_.state->file.name, bytes);
  step(WriteStep::kState);
}

void WriteBack::write_superseded() {
  if (superseded_.size() == in_.superseded.size()) return;
  const std::string text = to_json(superseded_);
  if (next_.superseded) replaced_.push_back(next_.superseded->name);
  next_.superseded = StoredFile{new_file(superseded_version(next_.revision)), checksum_of(text)};
  io::write_file(in_.folder / next_.superseded->name, text);
  step(WriteStep::kSuperseded);
}

void WriteBack::remove_replaced() {
  std::error_code ignored;
  for (const std::string& name : replaced_) std::filesystem::remove(in_.folder / name, ignored);
}

void WriteBack::forget_new_files() {
  try {
    store::write_links(in_.folder, in_.metadata != nullptr ? *in_.metadata : Metadata{});
  } catch (const Error& error) {
    notes_.push_back(error.what());
  }
  std::error_code ignored;
  for (const std::string& name : new_files_) std::filesystem::remove(in_.folder / name, ignored);
}

}  // namespace tickwerk::store
