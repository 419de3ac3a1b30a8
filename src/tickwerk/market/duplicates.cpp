#include "tickwerk/market/duplicates.h"

#include <fmt/ranges.h>

#include <cmath>

#include "tickwerk/base/error.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kMaxListed = 5;

bool same(double a, double b) noexcept { return a == b || (std::isnan(a) && std::isnan(b)); }

std::string rows_of(const BarSources& sources,
                    const Duplicate& duplicate,
                    const Piece& piece,
                    std::int64_t row) {
  const std::int32_t first = sources.row(duplicate.time_row, duplicate.symbol);
  const auto file = static_cast<std::size_t>(sources.file(duplicate.time_row, duplicate.symbol));
  if (sources.files.size() == 1) return fmt::format("rows {} and {}", first, row);
  return fmt::format("{} row {} and {} row {}", sources.files[file], first,
                     sources.files[piece.file], row);
}

/// `close 10 and 11`: the first field in which the row differs from the bar that stood before;
/// empty for none.
std::string difference(const Bars& bars, const Duplicate& duplicate) {
  std::size_t field = 0;
  for (const auto& [name, panel] : bars.fields) {
    const double before = panel(duplicate.time_row, duplicate.symbol);
    const double after = duplicate.values[field++];
    if (!same(before, after)) return fmt::format("{} {} and {}", name, before, after);
  }
  return "";
}

[[noreturn]] void fail(std::size_t num_different,
                       const std::vector<std::string>& listed,
                       const InputFiles& input) {
  const std::filesystem::path& first = input.files.front()->path();
  const std::filesystem::path where = input.files.size() == 1 ? first : first.parent_path();
  throw Error(
      Code::kCorruptData,
      fmt::format("a key (timestamp, symbol) must stand once or with equal values, found {} row{} "
                  "with different values: {}{} in {}; --on-duplicate first or last goes on",
                  num_different, num_different == 1 ? "" : "s", fmt::join(listed, "; "),
                  num_different > listed.size() ? "; …" : "", where.string()));
}

}  // namespace

ResolvedDuplicates resolve_duplicates(LongForm& form,
                                      const std::vector<Piece>& pieces,
                                      const InputFiles& input,
                                      OnDuplicate on_duplicate) {
  ResolvedDuplicates resolved;
  std::vector<std::string> listed;
  for (const Duplicate& duplicate : form.duplicates) {
    const Piece& piece = pieces[duplicate.piece];
    const std::int64_t row = piece.first_row + static_cast<std::int64_t>(duplicate.row);
    const std::string where = rows_of(form.sources, duplicate, piece, row);
    const std::string what = difference(form.bars, duplicate);
    const Timestamp time = form.bars.times[duplicate.time_row];
    ++(what.empty() ? resolved.num_equal : resolved.num_different);
    if (!what.empty() && listed.size() < kMaxListed) {
      listed.push_back(fmt::format("{} {} ({}: {})", form.bars.symbols[duplicate.symbol],
                                   to_string(time, form.bars.frequency), where, what));
    }
    const std::string_view kept = what.empty() ? "the same values, counted once"
                                  : on_duplicate == OnDuplicate::kFirst ? "the first is kept"
                                                                        : "the last is kept";
    resolved.findings.push_back(
        {Rule::kDuplicateKey, duplicate.symbol, time, row,
         form.sources.files.size() > 1 ? form.sources.files[piece.file] : "",
         what.empty() ? fmt::format("{}: {}", where, kept)
                      : fmt::format("{}: {}, {}", where, what, kept)});
    if (what.empty() || on_duplicate != OnDuplicate::kLast) continue;
    std::size_t field = 0;
    for (auto& [name, panel] : form.bars.fields) {
      panel(duplicate.time_row, duplicate.symbol) = duplicate.values[field++];
    }
    form.sources.row(duplicate.time_row, duplicate.symbol) = static_cast<std::int32_t>(row);
    form.sources.file(duplicate.time_row, duplicate.symbol) = static_cast<std::int16_t>(piece.file);
  }
  if (resolved.num_different > 0 && on_duplicate == OnDuplicate::kError) {
    fail(resolved.num_different, listed, input);
  }
  return resolved;
}

}  // namespace tickwerk::market
