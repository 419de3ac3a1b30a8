#include "tickwerk/store/store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/store/folder_lock.h"
#include "tickwerk/store/missing.h"
#include "tickwerk/store/plan.h"
#include "tickwerk/store/state_file.h"
#include "tickwerk/store/values.h"
#include "tickwerk/store/write_back.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

constexpr int kMostAttempts = 8;

/// The rows up to the as-of day, and nothing else.
expr::Inputs rows_up_to(const expr::Inputs& inputs, std::size_t num_rows) {
  expr::Inputs part = inputs;
  part.num_rows = num_rows;
  part.bar = inputs.bar.rows(0, num_rows);
  for (auto& [name, panel] : part.fields) panel = panel.rows(0, num_rows);
  for (auto& [name, values] : part.daily) values = values.first(num_rows);
  if (part.in_universe.data != nullptr) part.in_universe = part.in_universe.rows(0, num_rows);
  return part;
}

std::size_t num_rows_of(const Query& query, const Config& config) {
  if (!config.as_of) return query.bars.num_rows();
  return query.bars.first_row_at(midnight(Date{config.as_of->days + 1}));
}

class Session {
 public:
  Session(const Query& query, const Config& config)
      : inputs_(rows_up_to(query.inputs, num_rows_of(query, config))),
        query_{query.bars, inputs_, query.graph, query.columns},
        config_(config),
        folder_(folder_of(config.address)),
        specs_(describe(query.graph, inputs_, query.columns)) {
    std::set<std::string, std::less<>> names = {std::string(kBarInput)};
    for (const ColumnSpec& spec : specs_) names.insert(spec.inputs.begin(), spec.inputs.end());
    prints_ = make_prints(query.bars, inputs_, names, inputs_.num_rows);
    years_ = years_of(prints_.times);
    if (config.from) {
      first_row_ = std::min(query.bars.first_row_at(midnight(*config.from)), inputs_.num_rows);
    }
  }

  Result look_up() {
    load();
    check_prints();
    make_plan();
    Result result = said();
    result.num_rows = inputs_.num_rows;
    return result;
  }

  Result run() {
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
      load();
      if (!check_prints()) continue;
      make_plan();
      if (wants_to_write() && lock_ == nullptr && lock()) continue;
      if (read()) return finish();
    }
    throw Error(Code::kIo, fmt::format("a folder of the store must hold still for a moment, found "
                                       "it changed {} times while it was read: {}",
                                       kMostAttempts, folder_.string()));
  }

 private:
  void warn(std::string text) {
    if (std::ranges::find(warnings_, text) == warnings_.end()) {
      warnings_.push_back(std::move(text));
    }
  }

  /// Metadata that cannot be used count as none; the reason is said.
  void load() {
    metadata_.reset();
    superseded_.clear();
    try {
      metadata_ = read_metadata(folder_);
    } catch (const Error& error) {
      const bool is_newer = error.code() == Code::kUnsupported;
      warn(fmt::format("{}: {}", is_newer ? "computed without the store" : "the store begins anew",
                       error.what()));
      may_write_ = may_write_ && error.code() == Code::kCorruptData;
      return;
    }
    if (!metadata_ || !metadata_->superseded) return;
    try {
      superseded_ = read_superseded(folder_, *metadata_);
    } catch (const Error& error) {
      warn(fmt::format("replaced versions are lost: {}", error.what()));
    }
  }

  /// Fingerprints are read in whole only where bars changed, so their damage is looked for here.
  /// False when another writer has replaced them since the metadata were read.
  bool check_prints() {
    if (!metadata_ || config_.as_of) return true;
    Damage damage;
    for (const YearRows& rows : years_) {
      const YearEntry* entry = metadata_->find_year(rows.year);
      if (entry == nullptr || damaged_.contains(entry->prints.name)) continue;
      try {
        read_checked(folder_, entry->prints);
      } catch (const Error& error) {
        if (error.code() != Code::kCorruptData) throw;
        damage[entry->prints.name] = error.what();
      }
    }
    if (damage.empty()) return true;
    if (!is_still_current()) return false;
    remember(damage);
    return true;
  }

  void make_plan() {
    plan_inputs_ = std::make_unique<PlanInputs>(
        PlanInputs{.query = query_,
                   .config = config_,
                   .specs = specs_,
                   .prints = prints_,
                   .years = years_,
                   .folder = folder_,
                   .metadata = metadata_ ? &*metadata_ : nullptr,
                   .superseded = config_.as_of ? &superseded_ : nullptr,
                   .damaged = damaged_});
    plan_ = std::make_unique<Plan>(*plan_inputs_);
  }

  bool wants_to_write() const { return may_write_ && plan_->lacks_values(); }

  bool lock() {
    try {
      lock_ = std::make_unique<FolderLock>(folder_, config_.now, config_.waiting);
    } catch (const Error& error) {
      warn(fmt::format("nothing was stored: {}", error.what()));
      may_write_ = false;
      return false;
    }
    if (config_.at_step) config_.at_step(WriteStep::kLocked);
    return true;
  }

  /// False when a file was not as it should be: then it is known to be damaged, or another writer
  /// has replaced it, and a new plan is due.
  bool read() {
    TW_ZONE("store::read");
    values_.reset();
    values_ = std::make_unique<Values>(ValuesInputs{.bars = query_.bars,
                                                    .inputs = inputs_,
                                                    .specs = specs_,
                                                    .years = years_,
                                                    .plan = *plan_,
                                                    .folder = folder_,
                                                    .first_row = first_row_});
    const Damage damage = values_->read();
    if (damage.empty()) return true;
    if (is_still_current()) remember(damage);
    return false;
  }

  void remember(const Damage& damage) {
    for (const auto& [name, error] : damage) {
      warn(fmt::format("a damaged file is evaluated anew: {}", error));
      damaged_.emplace(name, fmt::format("damaged: {}", error));
    }
  }

  /// Whether the metadata in the folder are those that were read.
  bool is_still_current() const {
    try {
      const auto now = read_metadata(folder_);
      return now && metadata_ && now->revision == metadata_->revision;
    } catch (const Error&) {
      return false;
    }
  }

  /// The stored state for the symbols of these bars; empty when it is none to go on from.
  std::optional<expr::State> stored_state() {
    if (!metadata_ || !metadata_->state) return {};
    const StateEntry& entry = *metadata_->state;
    const auto& times = prints_.times;
    const bool fits = entry.num_sessions > 0 && entry.num_sessions <= times.size() &&
                      times[0] == entry.first && times[entry.num_sessions - 1] == entry.last;
    if (!fits) return {};
    try {
      expr::State state =
          for_symbols(state_from_bytes(read_checked(folder_, entry.file)), query_.bars.symbols);
      if (state.num_rows != entry.num_sessions) return {};
      return state;
    } catch (const Error& error) {
      if (error.code() == Code::kCorruptData) {
        warn(fmt::format("recursive columns run from the first bar: {}", error.what()));
      }
      return {};
    }
  }

  Result finish() {
    const std::optional<expr::State> state = plan_->lacks_values() ? stored_state() : std::nullopt;
    const MissingInputs missing_inputs{.graph = query_.graph,
                                       .inputs = inputs_,
                                       .specs = specs_,
                                       .years = years_,
                                       .plan = *plan_,
                                       .most_missing = prints_.most_missing,
                                       .state = state ? &*state : nullptr};
    Missing missing = evaluate_missing(missing_inputs);
    values_->take(missing);
    if (lock_ != nullptr) write(missing, state);
    Result result = said();
    result.first_row = first_row_;
    result.num_rows = inputs_.num_rows;
    result.values = values_->take_wanted();
    return result;
  }

  void write(const Missing& missing, const std::optional<expr::State>& state) {
    WriteBack back({.query = query_,
                    .config = config_,
                    .specs = specs_,
                    .prints = prints_,
                    .years = years_,
                    .plan = *plan_,
                    .values = values_->panels(),
                    .base_row = values_->base_row(),
                    .folder = folder_,
                    .metadata = metadata_ ? &*metadata_ : nullptr,
                    .superseded = superseded_,
                    .damaged = damaged_,
                    .fresh_state = missing.state ? &*missing.state : nullptr,
                    .old_state = state ? &*state : nullptr});
    try {
      back.run();
    } catch (const Error& error) {
      if (error.code() != Code::kIo) throw;
      warn(fmt::format("nothing was stored: {}", error.what()));
    }
    for (std::string& note : back.take_notes()) notes_.push_back(std::move(note));
    lock_.reset();
  }

  Result said() {
    Result result;
    result.findings = plan_->findings();
    for (const Finding& finding : result.findings) {
      const bool is_read = finding.outcome == Outcome::kHit ||
                           finding.outcome == Outcome::kExtended ||
                           finding.outcome == Outcome::kVersion;
      trace::count(is_read ? trace::Counter::kCacheHits : trace::Counter::kCacheMisses, 1);
    }
    say_what_was_known();
    result.warnings = warnings_;
    result.notes = notes_;
    return result;
  }

  void say_what_was_known() {
    if (!config_.as_of) return;
    const Date as_of = *config_.as_of;
    std::optional<int> first_cut, last_cut;
    for (std::size_t year = 0; year < years_.size(); ++year) {
      for (std::size_t column = 0; column < specs_.size(); ++column) {
        const Cell& cell = plan_->cell(column, year);
        const bool was_known = cell.entry != nullptr && date_of(cell.entry->recorded) <= as_of;
        if (was_known || cell.outcome == Outcome::kNotStored) continue;
        if (!first_cut) first_cut = years_[year].year;
        last_cut = years_[year].year;
      }
    }
    if (!first_cut) return;
    notes_.push_back(
        fmt::format("cut by event time only: the store first saw the bars of {} to {} after {}",
                    *first_cut, *last_cut, to_string(as_of)));
  }

  expr::Inputs inputs_;
  Query query_;
  const Config& config_;
  std::filesystem::path folder_;
  std::vector<ColumnSpec> specs_;
  Prints prints_;
  std::vector<YearRows> years_;
  std::size_t first_row_ = 0;

  std::optional<Metadata> metadata_;
  std::vector<YearEntry> superseded_;
  Damage damaged_;
  std::unique_ptr<PlanInputs> plan_inputs_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<Values> values_;
  std::vector<std::string> warnings_, notes_;
  bool may_write_ = true;
};

}  // namespace

std::string_view name(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kHit:
      return "hit";
    case Outcome::kExtended:
      return "extended";
    case Outcome::kMiss:
      return "miss";
    case Outcome::kVersion:
      return "version";
    case Outcome::kNotStored:
      return "not stored";
  }
  return "";
}

Result read_or_evaluate(const Query& query, const Config& config) {
  TW_ZONE("store");
  return Session(query, config).run();
}

Result look_up(const Query& query, const Config& config) {
  TW_ZONE("store::look_up");
  return Session(query, config).look_up();
}

}  // namespace tickwerk::store
