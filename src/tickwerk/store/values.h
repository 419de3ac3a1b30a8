// The values of the columns over the rows that are wanted: read from the files of their years where
// a plan says so, then completed with what was evaluated. Internal to `store`; plans, evaluates and
// writes nothing, and says which files are damaged instead of throwing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/store/missing.h"
#include "tickwerk/store/plan.h"
#include "tickwerk/store/year_file.h"

namespace tickwerk::store {

/// What is wrong with files, by name.
using Damage = std::map<std::string, std::string>;

struct ValuesInputs {
  const market::Bars& bars;
  const expr::Inputs& inputs;  // all rows there are
  const std::vector<ColumnSpec>& specs;
  const std::vector<YearRows>& years;
  const Plan& plan;
  const std::filesystem::path& folder;
  std::size_t first_row = 0;  // earlier ones are not wanted
};

class Values {
 public:
  explicit Values(const ValuesInputs& inputs);

  /// Reads what files hold; once. Where a file is not as it should be the values are of no use.
  Damage read();

  /// Adds what the files lacked.
  void take(Missing& missing);

  /// Per column, rows from base_row() on: those that are wanted, and before them what is written
  /// together with others.
  const std::vector<Panel>& panels() const noexcept { return panels_; }
  std::size_t base_row() const noexcept { return base_row_; }

  /// Per column, the rows from `first_row` on.
  std::vector<Panel> take_wanted();

 private:
  /// A column in a year whose values are in a file.
  struct Task {
    std::size_t column, year;
  };
  using Readers = std::map<std::string, std::unique_ptr<YearReader>>;

  bool is_read(std::size_t year) const;
  void open(const YearEntry& entry, Readers& readers, Damage& damage) const;
  std::optional<Cells> cells_of(std::size_t year) const;
  Damage read_all(const std::vector<Task>& tasks, const Readers& readers);
  void read_cell(const YearReader& reader, const Cell& cell, Task task);
  void place(const YearReader::LongForm& form, PanelSpan out, const YearRows& rows) const;
  void take(Panel& evaluated, std::size_t first_evaluated, std::size_t column);
  Panel wanted_rows(Panel values) const;

  ValuesInputs in_;
  std::size_t base_row_;
  std::vector<Panel> panels_;
  std::vector<std::optional<Cells>> cells_;  // per year, of what is read
};

}  // namespace tickwerk::store
