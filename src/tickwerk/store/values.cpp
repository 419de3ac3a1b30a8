#include "tickwerk/store/values.h"

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"

namespace tickwerk::store {

Values::Values(const ValuesInputs& inputs) : in_(inputs), base_row_(inputs.first_row) {
  for (std::size_t year = in_.years.size(); year-- > 0;) {
    if (is_read(year)) base_row_ = std::min(base_row_, in_.years[year].first);
  }
  for (const ColumnSpec& spec : in_.specs) {
    const bool is_panel = spec.shape == expr::Shape::kPanel;
    panels_.emplace_back(in_.inputs.num_rows - base_row_, is_panel ? in_.inputs.num_symbols : 1);
  }
}

/// Whether values of a year are wanted, or written together with others.
bool Values::is_read(std::size_t year) const {
  if (in_.years[year].last > in_.first_row) return true;
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    const Outcome outcome = in_.plan.cell(column, year).outcome;
    if (outcome == Outcome::kMiss || outcome == Outcome::kExtended) return true;
  }
  return false;
}

Damage Values::read() {
  Damage damage;
  std::vector<Task> tasks;
  Readers readers;
  for (std::size_t year = 0; year < in_.years.size(); ++year) {
    cells_.emplace_back();
    if (!is_read(year)) continue;
    for (std::size_t column = 0; column < in_.specs.size(); ++column) {
      const Cell& cell = in_.plan.cell(column, year);
      if (cell.entry == nullptr) continue;
      tasks.push_back({column, year});
      open(*cell.entry, readers, damage);
    }
    cells_.back() = cells_of(year);
  }
  if (damage.empty()) damage = read_all(tasks, readers);
  return damage;
}

void Values::open(const YearEntry& entry, Readers& readers, Damage& damage) const {
  const std::string& name = entry.file.name;
  if (readers.contains(name) || damage.contains(name)) return;
  try {
    readers.emplace(name, std::make_unique<YearReader>(in_.folder, entry));
  } catch (const Error& error) {
    damage[name] = error.what();
  }
}

/// The cells that files of the current version hold of a year.
std::optional<Cells> Values::cells_of(std::size_t year) const {
  const Cell* any = nullptr;
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    const Cell& cell = in_.plan.cell(column, year);
    if (cell.outcome == Outcome::kHit || cell.outcome == Outcome::kExtended) any = &cell;
  }
  if (any == nullptr) return {};
  const YearRows& rows = in_.years[year];
  const std::size_t num_rows = std::min(rows.last - rows.first, any->entry->num_sessions);
  return Cells(in_.inputs.bar, rows.first, rows.first + num_rows);
}

Damage Values::read_all(const std::vector<Task>& tasks, const Readers& readers) {
  std::vector<std::string> errors(tasks.size());
  parallel_for(tasks.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const Cell& cell = in_.plan.cell(tasks[i].column, tasks[i].year);
      try {
        read_cell(*readers.at(cell.entry->file.name), cell, tasks[i]);
      } catch (const Error& error) {
        if (error.code() != Code::kCorruptData) throw;
        errors[i] = error.what();
      }
    }
  });
  Damage damage;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (errors[i].empty()) continue;
    damage[in_.plan.cell(tasks[i].column, tasks[i].year).entry->file.name] = errors[i];
  }
  return damage;
}

void Values::read_cell(const YearReader& reader, const Cell& cell, Task task) {
  const ColumnSpec& spec = in_.specs[task.column];
  const StoredColumn& stored = *cell.entry->find(spec.name, spec.fingerprint);
  const YearRows& rows = in_.years[task.year];
  Panel& values = panels_[task.column];
  const PanelSpan out{values.row(rows.first - base_row_), rows.last - rows.first,
                      values.num_symbols(), values.stride()};
  if (cell.outcome != Outcome::kVersion) return reader.read(stored, *cells_[task.year], out);
  reader.verify();
  place(reader.read_long(stored), out, rows);
}

/// Of another version the bars may be others: each value goes where its time and symbol stand.
void Values::place(const YearReader::LongForm& form, PanelSpan out, const YearRows& rows) const {
  for (std::size_t t = 0; t < out.num_rows; ++t) std::fill_n(out.row(t), out.num_symbols, kNaN);
  std::vector<std::size_t> columns;
  for (const std::string& symbol : form.symbols) columns.push_back(in_.bars.column(symbol));
  const auto begin = in_.bars.times.begin() + static_cast<std::ptrdiff_t>(rows.first);
  const auto end = in_.bars.times.begin() + static_cast<std::ptrdiff_t>(rows.last);
  for (std::size_t i = 0; i < form.values.size(); ++i) {
    const auto at = std::lower_bound(begin, end, Timestamp{form.times[i]});
    if (at == end || at->ns != form.times[i]) continue;
    const auto row = static_cast<std::size_t>(at - begin);
    const std::size_t column = columns[form.symbol_ids[i]];
    if (out.num_symbols == 1) {
      out(row, 0) = form.values[i];
    } else if (column < out.num_symbols) {
      out(row, column) = form.values[i];
    }
  }
}

void Values::take(Missing& missing) {
  for (std::size_t column = 0; column < in_.specs.size(); ++column) {
    take(missing.values[column], missing.row[column], column);
  }
}

void Values::take(Panel& evaluated, std::size_t first_evaluated, std::size_t column) {
  if (evaluated.empty()) return;
  bool reads_any = false;
  for (std::size_t year = 0; year < in_.years.size(); ++year) {
    reads_any |= in_.plan.cell(column, year).entry != nullptr;
  }
  if (!reads_any && first_evaluated == 0 && base_row_ == 0 &&
      evaluated.num_rows() == in_.inputs.num_rows) {
    panels_[column] = std::move(evaluated);
    return;
  }
  for (std::size_t year = 0; year < in_.years.size(); ++year) {
    const Cell& cell = in_.plan.cell(column, year);
    if (cell.outcome == Outcome::kHit || cell.outcome == Outcome::kVersion) continue;
    if (!is_read(year)) continue;
    const YearRows& rows = in_.years[year];
    const std::size_t first =
        cell.outcome == Outcome::kExtended ? rows.first + cell.entry->num_sessions : rows.first;
    Panel& values = panels_[column];
    for (std::size_t t = first; t < rows.last; ++t) {
      std::copy_n(evaluated.row(t - first_evaluated), values.num_symbols(),
                  values.row(t - base_row_));
    }
  }
}

std::vector<Panel> Values::take_wanted() {
  std::vector<Panel> wanted;
  for (Panel& values : panels_) wanted.push_back(wanted_rows(std::move(values)));
  return wanted;
}

Panel Values::wanted_rows(Panel values) const {
  if (in_.first_row == base_row_) return values;
  Panel wanted(in_.inputs.num_rows - in_.first_row, values.num_symbols());
  if (!wanted.empty()) {
    std::copy_n(values.row(in_.first_row - base_row_), wanted.num_rows() * wanted.stride(),
                wanted.row(0));
  }
  return wanted;
}

}  // namespace tickwerk::store
