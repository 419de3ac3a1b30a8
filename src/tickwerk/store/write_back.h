// Puts what was evaluated into the store: new versions of the years first, then the state, the
// links for other readers, the metadata last. Whoever stops it at any point leaves the old or the
// new store. Internal to `store`; the caller holds the lock of the folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tickwerk/expr/state.h"
#include "tickwerk/store/plan.h"
#include "tickwerk/store/year_file.h"

namespace tickwerk::store {

struct WriteInputs {
  const Query& query;
  const Config& config;
  const std::vector<ColumnSpec>& specs;
  const Prints& prints;
  const std::vector<YearRows>& years;
  const Plan& plan;
  const std::vector<Panel>& values;  // of all specs, rows from base_row on
  std::size_t base_row = 0;
  const std::filesystem::path& folder;
  const Metadata* metadata = nullptr;
  const std::vector<YearEntry>& superseded;
  const std::map<std::string, std::string>& damaged;
  const expr::State* fresh_state = nullptr;  // after the last row, of what was evaluated
  const expr::State* old_state = nullptr;    // as it was stored
};

class WriteBack {
 public:
  explicit WriteBack(const WriteInputs& inputs);

  /// Throws kIo when a file cannot be written; the store is then as it was.
  void run();

  /// What was not stored, and why.
  std::vector<std::string> take_notes() { return std::move(notes_); }

 private:
  void write_year(std::size_t year);
  /// Why a year is left as it is, or empty.
  std::string reason_to_leave(std::size_t year) const;
  bool lacks_values(std::size_t year) const;
  void keep_old_version(std::size_t year, const YearEntry& old);
  std::vector<const StoredColumn*> kept_columns(std::size_t year, const YearEntry& old) const;
  /// Whether the prints of all its inputs are made from the bars, so that its own are not needed.
  bool are_prints_here(const YearEntry& old) const;
  StoredPrints prints_of(std::size_t year, const StoredPrints* kept) const;
  void write_state();
  void write_superseded();
  void describe_columns();
  void remove_replaced();
  void forget_new_files();
  std::string new_file(std::string name);
  void step(WriteStep step) const;

  WriteInputs in_;
  Metadata next_;
  std::vector<YearEntry> superseded_;
  std::vector<std::string> new_files_;
  std::vector<std::string> replaced_;
  std::vector<std::string> notes_;
};

}  // namespace tickwerk::store
