#include "tickwerk/market/load.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/market/duplicates.h"
#include "tickwerk/market/extra_fields.h"
#include "tickwerk/market/input_files.h"
#include "tickwerk/market/load_checks.h"
#include "tickwerk/market/long_form.h"
#include "tickwerk/market/symbol_filter.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

struct Wanted {
  SymbolSet symbols;  // of `--symbols`, else of the universe; empty: all
  std::optional<Universe> universe;

  const SymbolSet* filter() const noexcept { return symbols.empty() ? nullptr : &symbols; }
};

Wanted wanted_symbols(const LoadConfig& config) {
  Wanted wanted;
  wanted.symbols = {config.symbols.begin(), config.symbols.end()};
  if (config.universe.empty()) return wanted;
  wanted.universe = read_universe(config.universe);
  if (wanted.symbols.empty()) {
    for (const auto& [symbol, periods] : wanted.universe->members) wanted.symbols.insert(symbol);
  }
  return wanted;
}

RowFilter row_filter(const LoadConfig& config, const SymbolSet* symbols) {
  RowFilter filter{.frequency = config.frequency, .symbols = symbols};
  if (config.to) filter.end_ns = midnight(Date{config.to->days + 1}).ns;
  return filter;
}

/// What the data hold, whatever was asked for: for messages about a symbol that is not there.
std::vector<std::string> all_symbols(const LoadConfig& config) {
  const InputFiles input = open_input(config.prices, nullptr);
  return symbols_of(read_pieces(input, {.frequency = config.frequency}));
}

/// The symbols to load, sorted; says which of the universe are absent.
std::vector<std::string> choose_symbols(const LoadConfig& config,
                                        const Wanted& wanted,
                                        std::vector<std::string> present,
                                        LoadedBars& loaded) {
  const auto there = [&present](const std::string& symbol) {
    return std::binary_search(present.begin(), present.end(), symbol);
  };
  for (const std::string& symbol : config.symbols) {
    if (there(symbol)) continue;
    const std::vector<std::string> all = all_symbols(config);
    if (std::binary_search(all.begin(), all.end(), symbol)) {
      throw Error(Code::kNotFound,
                  fmt::format("a symbol must have a bar up to {}, found none of {} in {}",
                              to_string(*config.to), symbol, config.prices.string()));
    }
    throw Error(Code::kNotFound,
                fmt::format("a symbol must be in the data, found no {} in {}{}", symbol,
                            config.prices.string(), nearest_hint(symbol, all)));
  }
  if (wanted.universe) {
    const auto& members = wanted.universe->members;
    for (const auto& [symbol, periods] : members) {
      const bool asked = config.symbols.empty() || wanted.symbols.contains(symbol);
      if (asked && !there(symbol)) loaded.absent_symbols.push_back(symbol);
    }
    std::erase_if(present, [&](const std::string& symbol) { return !members.contains(symbol); });
    if (present.empty()) {
      throw Error(
          Code::kNotFound,
          fmt::format("a symbol of the universe {} must be in the data, found none of its {} in {}",
                      config.universe.string(), members.size(), config.prices.string()));
    }
  }
  if (present.empty()) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("--to, --as-of and --date must not be before the first bar, found no bar up to "
                    "{} in {}",
                    config.to ? to_string(*config.to) : "the end", config.prices.string()));
  }
  if (config.max_symbols && present.size() > *config.max_symbols) {
    loaded.notes.push_back(fmt::format("the first {} of {} symbols are used (max_symbols)",
                                       *config.max_symbols, present.size()));
    present.resize(*config.max_symbols);
  }
  return present;
}

/// Adjusted close in the place of close; the other prices keep their ratio to it.
void adjust(Bars& bars, std::vector<std::string>& notes) {
  const auto adjusted = bars.fields.find("adj_close");
  if (adjusted == bars.fields.end()) return;
  const Panel& close = bars.close();
  Panel factor(bars.num_rows(), bars.num_symbols(), kNaN);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
      const double ratio = adjusted->second(t, s) / close(t, s);
      factor(t, s) = ratio == ratio ? ratio : kNaN;  // 0 / 0 has the other sign
    }
  }
  std::vector<std::string_view> scaled;
  for (const std::string_view name : {"open", "high", "low"}) {
    const auto found = bars.fields.find(name);
    if (found == bars.fields.end()) continue;
    scaled.push_back(name);
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      for (std::size_t s = 0; s < bars.num_symbols(); ++s) found->second(t, s) *= factor(t, s);
    }
  }
  bars.fields.find("close")->second = std::move(adjusted->second);
  bars.fields.erase(adjusted);
  bars.adjustment = Adjustment::kAdjusted;
  notes.push_back(
      scaled.empty() ? "adj_close is used as close"
                     : fmt::format("adj_close is used as close; {} are scaled by adj_close / close",
                                   fmt::join(scaled, ", ")));
}

/// 1 where the symbol is a member of the universe on that day, else 0.
void add_membership(const Universe& universe, Bars& bars) {
  if (universe.dates == Universe::Dates::kNone) return;
  Panel member(bars.num_rows(), bars.num_symbols());
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    const std::vector<Membership>& periods = universe.members.find(bars.symbols[s])->second;
    for (std::size_t t = 0; t < bars.num_rows(); ++t) {
      member(t, s) = covers(periods, date_of(bars.times[t])) ? 1.0 : 0.0;
    }
  }
  bars.fields.insert_or_assign("in_universe", std::move(member));
}

}  // namespace

LoadedBars load(const LoadConfig& config) {
  TW_ZONE("load");
  check_config(config);
  LoadedBars loaded;
  const Wanted wanted = wanted_symbols(config);
  const InputFiles input = open_input(config.prices, wanted.filter());
  check_price_columns(input);
  std::vector<Piece> pieces = read_pieces(input, row_filter(config, wanted.filter()));
  check_time_forms(pieces, input);

  std::vector<std::string> symbols = choose_symbols(config, wanted, symbols_of(pieces), loaded);
  LongForm form = find_axes(pieces, std::move(symbols));
  form.bars.frequency = config.frequency;
  check_spacing(form.bars, config.prices);
  read_fields(pieces, input, form);
  check_one_bar_a_day(form, pieces, input);
  ResolvedDuplicates duplicates = resolve_duplicates(form, pieces, input, config.on_duplicate);
  note_input(input, pieces, form, duplicates, loaded.notes);
  pieces.clear();

  loaded.bars = std::move(form.bars);
  adjust(loaded.bars, loaded.notes);
  check_some_price(loaded.bars, config.prices);
  loaded.validation = validate_and_mask(loaded.bars, form.sources);
  add_findings(loaded.validation, std::move(duplicates.findings));
  if (config.strictness != Strictness::kJudgeOnly) check_some_bar(loaded, config.prices);
  if (config.strictness == Strictness::kStrict) check_no_finding(loaded, config.prices);
  if (wanted.universe) add_membership(*wanted.universe, loaded.bars);
  for (const auto& path : config.fields) {
    for (std::string& note : add_fields(path, loaded.bars)) loaded.notes.push_back(std::move(note));
  }
  note_bars(loaded, config);
  loaded.first_row = first_row(loaded.bars, config);
  loaded.fingerprint = fingerprint(loaded.bars);
  return loaded;
}

}  // namespace tickwerk::market
