#include "tickwerk/market/load_checks.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tickwerk/base/error.h"
#include "tickwerk/market/label_columns.h"
#include "tickwerk/market/validate_text.h"

namespace tickwerk::market {
namespace {

constexpr std::int64_t kFiveMinutes = 300'000'000'000;
constexpr std::size_t kMaxNamed = 5;

std::string clock(std::int64_t ns_of_day) {
  const std::int64_t seconds = ns_of_day / 1'000'000'000;
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string_view plural(std::size_t count) { return count == 1 ? "" : "s"; }

std::string first_names(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(kMaxNamed, names.size());
  return fmt::format(
      "{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
      names.size() > shown ? ", …" : "");
}

TimeForms forms_of(const std::vector<Piece>& pieces, std::size_t file) {
  TimeForms forms;
  for (const Piece& piece : pieces) {
    if (piece.file == file) forms.merge(piece.block.forms, piece.first_row);
  }
  return forms;
}

}  // namespace

void check_config(const LoadConfig& config) {
  if (config.prices.empty()) {
    throw Error(Code::kInvalidArgument, "--prices must name a file or a folder, found nothing");
  }
  if (config.max_symbols && *config.max_symbols == 0) {
    throw Error(Code::kInvalidArgument, "--max-symbols must be at least 1, found 0");
  }
  if (config.from && config.to && *config.to < *config.from) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--from must be at or before --to, found {} after {}",
                            to_string(*config.from), to_string(*config.to)));
  }
}

void check_price_columns(const InputFiles& input) {
  for (const auto& file : input.files) {
    const BarFile& first = *input.files.front();
    if (file->columns().has("adj_close") == first.columns().has("adj_close")) continue;
    throw Error(
        Code::kCorruptData,
        fmt::format(
            "all files must have a column adj_close or none, found it in only one of {} and {}",
            first.path().string(), file->path().string()));
  }
}

void check_time_forms(const std::vector<Piece>& pieces, const InputFiles& input) {
  for (std::size_t f = 0; f < input.files.size(); ++f) {
    const TimeForms forms = forms_of(pieces, f);
    std::vector<std::pair<TimeForm, std::int64_t>> groups;  // of forms that must not mix
    for (std::size_t i = 0; i < kNumTimeForms; ++i) {
      const auto form = static_cast<TimeForm>(i);
      const bool text =
          form == TimeForm::kDay || form == TimeForm::kLocal || form == TimeForm::kZoned;
      if (!forms.saw(form) || (text && i > 0 && !groups.empty())) continue;
      groups.emplace_back(form, forms.first_row[i]);
    }
    if (groups.size() < 2) continue;
    throw Error(
        Code::kCorruptData,
        fmt::format(
            "the timestamps of a file must have one form, found {} (row {}) and {} (row {}) in {}",
            name(groups[0].first), groups[0].second, name(groups[1].first), groups[1].second,
            input.files[f]->path().string()));
  }
}

void check_spacing(const Bars& bars, const std::filesystem::path& prices) {
  if (bars.frequency != Frequency::kFiveMinutes || bars.num_rows() < 2) return;
  std::int64_t nearest = kNsPerDay;
  for (std::size_t t = 1; t < bars.num_rows(); ++t) {
    const std::int64_t gap = bars.times[t].ns - bars.times[t - 1].ns;
    nearest = std::min(nearest, gap);
    if (gap % kFiveMinutes == 0) continue;
    throw Error(Code::kCorruptData,
                fmt::format("5min bars must be multiples of 5 minutes apart, found {} and {} in {}",
                            to_string(bars.times[t - 1], bars.frequency),
                            to_string(bars.times[t], bars.frequency), prices.string()));
  }
  if (nearest >= kNsPerDay) {
    throw Error(
        Code::kCorruptData,
        fmt::format(
            "5min bars must be nearer than a day, found daily bars in {}; --freq 1d reads them",
            prices.string()));
  }
}

void check_one_bar_a_day(const LongForm& form,
                         const std::vector<Piece>& pieces,
                         const InputFiles& input) {
  if (form.bars.frequency != Frequency::kDaily || form.duplicates.empty()) return;
  const Duplicate& duplicate = form.duplicates.front();
  const std::size_t file = pieces[duplicate.piece].file;
  const TimeForms forms = forms_of(pieces, file);
  if (forms.other_ns_of_day < 0) return;
  throw Error(Code::kCorruptData,
              fmt::format("daily bars must be one a day and symbol, found several of {} on {} and "
                          "times of day such "
                          "as {} and {} in {}; --freq 5min reads 5-minute bars",
                          form.bars.symbols[duplicate.symbol],
                          to_string(form.bars.times[duplicate.time_row], Frequency::kDaily),
                          clock(forms.first_ns_of_day), clock(forms.other_ns_of_day),
                          input.files[file]->path().string()));
}

void check_some_price(const Bars& bars, const std::filesystem::path& prices) {
  const Panel& close = bars.close();
  for (std::size_t t = 0; t < close.num_rows(); ++t) {
    const double* row = close.row(t);
    if (std::any_of(row, row + close.num_symbols(), [](double x) { return !std::isnan(x); }))
      return;
  }
  throw Error(
      Code::kCorruptData,
      fmt::format("a close must be a number, found none in {} sessions of {} symbol{} in {}",
                  bars.num_rows(), bars.num_symbols(), plural(bars.num_symbols()),
                  prices.string()));
}

void check_some_bar(const LoadedBars& loaded, const std::filesystem::path& prices) {
  const ValidationReport& report = loaded.validation;
  if (report.num_masked < report.num_bars) return;
  const auto masked = std::find_if(
      report.findings.begin(), report.findings.end(),
      [](const Finding& finding) { return info(finding.rule).severity == Severity::kMasked; });
  throw Error(
      Code::kCorruptData,
      fmt::format(
          "one bar at least must be possible, found {} bar{} that cannot be true in {}, first: {}",
          report.num_bars, plural(report.num_bars), prices.string(),
          sentence(*masked, loaded.bars)));
}

void check_no_finding(const LoadedBars& loaded, const std::filesystem::path& prices) {
  const auto& findings = loaded.validation.findings;
  if (findings.empty()) return;
  throw Error(
      Code::kCorruptData,
      fmt::format("bars must pass every rule under --strict, found {} finding{} in {}, first: {}",
                  findings.size(), plural(findings.size()), prices.string(),
                  sentence(findings.front(), loaded.bars)));
}

std::size_t first_row(const Bars& bars, const LoadConfig& config) {
  if (!config.from) return 0;
  const std::size_t row = bars.first_row_at(midnight(*config.from));
  if (row < bars.num_rows()) return row;
  throw Error(Code::kInvalidArgument,
              fmt::format("--from must be at or before the last bar, found {} after {} in {}",
                          to_string(*config.from), to_string(bars.times.back(), bars.frequency),
                          config.prices.string()));
}

void note_input(const InputFiles& input,
                const std::vector<Piece>& pieces,
                const LongForm& form,
                const ResolvedDuplicates& duplicates,
                std::vector<std::string>& notes) {
  std::map<std::string, std::size_t> accepted;
  std::size_t num_unnamed = 0;
  bool local = false;
  for (std::size_t f = 0; f < input.files.size(); ++f) {
    for (const std::string& what : input.files[f]->accepted()) ++accepted[what];
    if (!input.files[f]->columns().symbol) ++num_unnamed;
    local |= forms_of(pieces, f).saw(TimeForm::kLocal);
  }
  const std::size_t num_files = input.files.size();
  for (const auto& [what, count] : accepted) {
    notes.push_back(num_files == 1
                        ? fmt::format("{} accepted", what)
                        : fmt::format("{} accepted in {} of {} files", what, count, num_files));
  }
  if (num_unnamed == 1) notes.emplace_back("a file without a symbol column names its symbol");
  if (num_unnamed > 1) {
    notes.push_back(
        fmt::format("{} files without a symbol column name their symbols", num_unnamed));
  }
  if (local && form.bars.frequency != Frequency::kDaily) {
    notes.emplace_back("timestamps without a zone are taken as UTC");
  }
  std::map<std::vector<std::string>, std::size_t> labels;
  for (const auto& file : input.files) ++labels[file->columns().labels];
  for (const auto& [names, count] : labels) {
    if (names.empty()) continue;
    notes.push_back(left_out(
        names, num_files == 1 ? input.names[0] : fmt::format("{} of {} files", count, num_files)));
  }
  for (const DroppedColumn& column : form.dropped) {
    notes.push_back(fmt::format("the column {} {} and is ignored", column.name, column.reason));
  }
  if (form.num_backward > 0) {
    notes.push_back(fmt::format(
        "rows were not in time order: sorted ({} stood after a later row of their symbol)",
        form.num_backward));
  }
  if (duplicates.num_equal > 0) {
    notes.push_back(fmt::format("{} duplicate row{} with the same values counted once",
                                duplicates.num_equal, plural(duplicates.num_equal)));
  }
  if (duplicates.num_different > 0) {
    notes.push_back(
        fmt::format("{} duplicate row{} with different values resolved by --on-duplicate",
                    duplicates.num_different, plural(duplicates.num_different)));
  }
}

void note_bars(LoadedBars& loaded, const LoadConfig& config) {
  const Bars& bars = loaded.bars;
  std::vector<std::string> absent;
  for (const char* price : {"open", "high", "low", "volume"}) {
    if (!bars.has(price)) absent.emplace_back(price);
  }
  if (!absent.empty())
    loaded.notes.push_back(fmt::format("the data have no {}", fmt::join(absent, ", ")));
  if (const std::size_t masked = loaded.validation.num_masked; masked > 0) {
    loaded.notes.push_back(fmt::format("{} bar{} that cannot be true {} masked", masked,
                                       plural(masked), masked == 1 ? "is" : "are"));
  }
  const std::size_t suspect = static_cast<std::size_t>(std::count_if(
      loaded.validation.findings.begin(), loaded.validation.findings.end(),
      [](const Finding& finding) {
        return finding.rule == Rule::kSpikeReverts || finding.rule == Rule::kOutsideRange ||
               finding.rule == Rule::kStalePrice;
      }));
  if (suspect > 0) {
    loaded.notes.push_back(fmt::format(
        "{} price{} {} suspect and used as {}: `tickwerk data validate` names them", suspect,
        plural(suspect), suspect == 1 ? "is" : "are", suspect == 1 ? "it is" : "they are"));
  }
  if (!loaded.absent_symbols.empty()) {
    loaded.notes.push_back(
        fmt::format("{} symbol{} of {} without a bar: {}", loaded.absent_symbols.size(),
                    plural(loaded.absent_symbols.size()), config.universe.filename().string(),
                    first_names(loaded.absent_symbols)));
  }
  const std::size_t n = bars.num_symbols();
  std::vector<std::size_t> first(n, bars.num_rows()), last(n, 0), count(n, 0);
  for (std::size_t t = 0; t < bars.num_rows(); ++t) {
    const double* row = bars.close().row(t);
    for (std::size_t s = 0; s < n; ++s) {
      if (std::isnan(row[s])) continue;
      first[s] = std::min(first[s], t);
      last[s] = t;
      ++count[s];
    }
  }
  std::vector<std::string> late, early, gaps, empty;
  for (std::size_t s = 0; s < n; ++s) {
    if (count[s] == 0) {
      empty.push_back(bars.symbols[s]);
      continue;
    }
    if (first[s] > 0) late.push_back(bars.symbols[s]);
    if (last[s] + 1 < bars.num_rows()) early.push_back(bars.symbols[s]);
    if (last[s] - first[s] + 1 > count[s]) gaps.push_back(bars.symbols[s]);
  }
  const auto say = [&](const std::vector<std::string>& names, std::string_view what) {
    if (names.empty()) return;
    loaded.notes.push_back(
        fmt::format("{} of {} symbols {}: {}", names.size(), n, what, first_names(names)));
  };
  say(empty, "have no price");
  say(late, "start late");
  say(early, "end early");
  say(gaps, "have gaps, which stay empty");
}

}  // namespace tickwerk::market
