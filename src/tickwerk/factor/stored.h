// Definitions through the factor store: read where nothing they come from has changed, evaluated
// and kept where it has. Used by panels, analysis, strategies and jobs; the store itself
// (store/store.h) knows no catalogue and no files of expressions.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/market/bars.h"
#include "tickwerk/store/store.h"

namespace tickwerk::factor {

/// Where a run keeps values of expressions.
struct StoreConfig {
  std::filesystem::path root;
  std::string universe;  // store::universe_key()
  Timestamp now;
  store::Rebuild rebuild = store::Rebuild::kStale;
  std::optional<Date> as_of;
};

/// What became of the columns and years that were asked for. No result depends on it.
struct StoreReport {
  std::size_t num_read = 0;                    // from the store, whole
  std::size_t num_extended = 0;                // read, with later sessions evaluated
  std::size_t num_evaluated = 0;               // and kept
  std::map<std::string, std::size_t> reasons;  // why not read, with how many columns and years
  std::vector<std::string> warnings;           // damage, and what could not be written
  std::vector<std::string> notes;              // what an as-of read could know

  void add(const store::Result& result);
  /// The notes and `store: 143 of 143 columns of a year read`; none when nothing was asked for.
  std::vector<std::string> sentences() const;
  /// `cold`: nothing was read; `warm`: all was; `partly warm`; empty when nothing was asked for.
  std::string_view state() const noexcept;
};

struct StoredValues {
  std::vector<Panel> values;  // of each definition, as expr::evaluate gives them
  StoreReport report;
};

/// Whether the store keeps such values: factors that are no constants.
bool can_be_stored(const expr::Graph& graph, const expr::Definition& definition);

/// `definitions` can be stored. Each belongs to the group of its text: the name of a catalogue set
/// or of a file, `lines` for what came from elsewhere. Throws as store::read_or_evaluate.
StoredValues read_stored(const market::Bars& bars,
                         const expr::Inputs& inputs,
                         const expr::Graph& graph,
                         std::span<const expr::Definition> definitions,
                         const StoreConfig& config);

}  // namespace tickwerk::factor
