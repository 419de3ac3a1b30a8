#include "tickwerk/factor/leaks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::factor {
namespace {

/// Rows without a bar after which a symbol has surely ended for every operator, `ahead` included.
constexpr std::size_t kEndedRows = 16;

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

/// The first and last bars, where seeds and ends show, and random ones between.
std::vector<std::size_t> choose_cuts(std::size_t num_rows, const LeakOptions& options) {
  std::set<std::size_t> cuts;
  if (num_rows < 2) return {};
  const std::size_t num_possible = num_rows - 1;
  const std::size_t wanted = std::min(options.num_cuts, num_possible);
  for (const std::size_t edge : {num_possible - 1, std::size_t{0}, num_possible / 2}) {
    if (cuts.size() < wanted) cuts.insert(edge);
  }
  RandomSequence random({options.seed, 0});
  while (cuts.size() < wanted) cuts.insert(random.below(num_possible));
  return {cuts.begin(), cuts.end()};
}

/// The rows up to the cut on which a value that reads `lookahead` bars ahead is settled.
std::vector<char> settled_rows(const market::Bars& bars,
                               std::size_t last_row,
                               std::int64_t lookahead) {
  const auto ahead = static_cast<std::size_t>(std::max<std::int64_t>(lookahead, 0));
  std::vector<char> settled(last_row + 1, 1);
  for (std::size_t t = last_row + 1 - std::min(ahead, last_row + 1); t <= last_row; ++t) {
    settled[t] = 0;
  }
  if (ahead == 0) return settled;
  const Panel& close = bars.close();
  for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
    const auto has_bar = [&](std::size_t t) { return !std::isnan(close(t, s)); };
    std::vector<std::size_t> rows;
    for (std::size_t t = 0; t <= last_row; ++t) {
      if (has_bar(t)) rows.push_back(t);
    }
    bool ended = rows.empty() || rows.back() + kEndedRows < last_row;
    for (std::size_t t = last_row + 1; ended && t < bars.num_rows(); ++t) ended = !has_bar(t);
    if (ended) continue;
    for (std::size_t k = rows.size() - std::min(ahead, rows.size()); k < rows.size(); ++k) {
      settled[rows[k]] = 0;
    }
  }
  return settled;
}

/// From a row to the first bar after the cut, in the symbol's own bars; in rows for daily values.
std::int64_t bars_to_cut(const market::Bars& bars,
                         std::optional<std::size_t> symbol,
                         std::size_t row,
                         std::size_t last_row) {
  std::int64_t count = 1;
  for (std::size_t t = row + 1; t <= last_row; ++t) {
    if (!symbol || !std::isnan(bars.close()(t, *symbol))) ++count;
  }
  return count;
}

std::optional<std::size_t> first_value(const Panel& panel) {
  for (std::size_t t = 0; t < panel.num_rows(); ++t) {
    const double* row = panel.row(t);
    if (!std::all_of(row, row + panel.num_symbols(), [](double x) { return x != x; })) return t;
  }
  return {};
}

class Comparison {
 public:
  Comparison(const market::Bars& bars,
             std::span<const std::int64_t> lookahead,
             const std::vector<Panel>& whole)
      : bars_(bars), lookahead_(lookahead), whole_(whole), reports_(lookahead.size()) {
    for (std::size_t i = 0; i < whole.size(); ++i) reports_[i].first_row = first_value(whole[i]);
  }

  void trial(Trial trial, std::size_t last_row, const std::vector<Panel>& again) {
    TW_CHECK(again.size(), ==, whole_.size());
    std::map<std::int64_t, std::vector<char>> settled;
    for (std::size_t i = 0; i < again.size(); ++i) {
      const auto [at, is_new] = settled.try_emplace(lookahead_[i]);
      if (is_new) at->second = settled_rows(bars_, last_row, lookahead_[i]);
      compare(i, trial, last_row, again[i], at->second);
    }
  }

  std::vector<LeakReport> take() { return std::move(reports_); }

 private:
  void compare(std::size_t subject,
               Trial trial,
               std::size_t last_row,
               const Panel& again,
               const std::vector<char>& settled) {
    const Panel& whole = whole_[subject];
    TW_CHECK(again.num_symbols(), ==, whole.num_symbols());
    LeakReport& report = reports_[subject];
    for (std::size_t t = 0; t <= last_row; ++t) {
      if (settled[t] == 0) continue;
      report.num_compared += whole.num_symbols();
      for (std::size_t s = 0; s < whole.num_symbols(); ++s) {
        if (!std::isnan(whole(t, s))) ++report.num_numbers;
        if (same(whole(t, s), again(t, s))) continue;
        ++report.num_changed;
        const bool is_daily = whole.num_symbols() != bars_.num_symbols();
        const auto symbol = is_daily ? std::nullopt : std::optional(s);
        const std::int64_t ahead = bars_to_cut(bars_, symbol, t, last_row);
        if (report.furthest && report.furthest->bars_ahead >= ahead) continue;
        report.furthest = Leak{.trial = trial,
                               .last_row = last_row,
                               .row = t,
                               .symbol = symbol,
                               .bars_ahead = ahead,
                               .before = whole(t, s),
                               .after = again(t, s)};
      }
    }
  }

  const market::Bars& bars_;
  std::span<const std::int64_t> lookahead_;
  const std::vector<Panel>& whole_;
  std::vector<LeakReport> reports_;
};

}  // namespace

LeakTest find_leaks(const Sources& sources,
                    std::span<const std::int64_t> lookahead,
                    const EvaluateFunction& evaluate,
                    const LeakOptions& options) {
  TW_ZONE("find_leaks");
  const market::Bars& bars = sources.bars;
  LeakTest test;
  test.cuts = choose_cuts(bars.num_rows(), options);
  const std::vector<Panel> whole = evaluate(sources);
  TW_CHECK(whole.size(), ==, lookahead.size());
  Comparison comparison(bars, lookahead, whole);
  constexpr std::array kFutures = {Future::kMixed, Future::kOther, Future::kHuge, Future::kMissing};
  const auto on = [&](market::Bars altered, std::size_t last_row) {
    forget_later_bars(altered, last_row, options.fields_ahead);
    return evaluate({.bars = altered, .groups = sources.groups, .events = sources.events});
  };
  for (std::size_t i = 0; i < test.cuts.size(); ++i) {
    const std::size_t last_row = test.cuts[i];
    comparison.trial(Trial::kCut, last_row, on(cut_after(bars, last_row), last_row));
    const Future future = kFutures[i % kFutures.size()];
    comparison.trial(Trial::kOtherFuture, last_row,
                     on(with_other_future(bars, last_row, future, options.seed + i), last_row));
  }
  test.subjects = comparison.take();
  return test;
}

}  // namespace tickwerk::factor
