#include "tickwerk/report/factor_report_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/report/factor_report_charts.h"
#include "tickwerk/report/factor_report_text.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/page.h"
#include "tickwerk/report/page_text.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kMostDrawn = 6;
constexpr std::size_t kMostInMap = 24;
constexpr std::size_t kMostPairs = 30;

/// Words above a table that would be cut off in its caption.
void add_table(Page& page, std::string_view caption, const std::string& words, const Table& table) {
  if (!words.empty()) page.paragraph(words);
  Table shown(table.columns());
  for (std::vector<std::string> row : table.rows()) {
    for (std::string& cell : row) {
      // The page knows a sign at the beginning of a cell only.
      constexpr std::string_view kNegativeT = "(t -";
      const std::size_t at = cell.find(kNegativeT);
      if (at != std::string::npos) cell.replace(at, kNegativeT.size(), "(t \u2212");
    }
    shown.add(std::move(row));
  }
  page.table(caption, shown);
}

/// Those with a coefficient, the largest |t| first.
Judged drawn(Judged judged) {
  const auto known = [](const JudgedFactor& one) { return one.t.has_value(); };
  const auto end = std::find_if_not(judged.begin(), judged.end(), known);
  const auto size = static_cast<std::size_t>(end - judged.begin());
  return judged.first(std::min(size, kMostDrawn));
}

std::vector<KeyFigure> key_figures(const FactorReport& report, Judged judged) {
  const JudgedFactor& best = judged.front();
  const auto found = std::count_if(judged.begin(), judged.end(), [](const JudgedFactor& one) {
    return one.too_good == nullptr &&
           (one.evidence == Evidence::kPositive || one.evidence == Evidence::kNegative);
  });
  const auto num_too_good =
      std::count_if(judged.begin(), judged.end(),
                    [](const JudgedFactor& one) { return one.too_good != nullptr; });
  std::vector<KeyFigure> figures = {{"Factors with evidence",
                                     fmt::format("{} of {}", found, count(judged.size())),
                                     "p < 0.05 after Holm's correction"}};
  if (num_too_good > 0) {
    figures.push_back({"Too good to be true",
                       fmt::format("{} of {}", num_too_good, count(judged.size())),
                       fmt::format("|mean rank IC| from {} on", kTooGoodRankIc)});
  }
  if (best.t) {
    figures.push_back({"Largest |t|", with_decimals(best.t, 2), best.factor->name});
    figures.push_back({"Its mean rank IC", with_decimals(best.main->rank_ic_summary.mean, 4),
                       fmt::format("p {}, Holm {}", with_decimals(best.p_value, 3),
                                   with_decimals(best.p_holm, 3))});
    const factor::PortfolioSummary& spread = best.main->next_open.long_short_summary;
    figures.push_back({"Its long-short Sharpe", with_decimals(spread.sharpe, 2),
                       fmt::format("standard error {}", with_decimals(spread.sharpe_error, 2))});
  }
  figures.push_back(
      {"Trials on record", report.num_trials > 0 ? count(report.num_trials) : "none kept", ""});
  return figures;
}

void add_correlation(Page& page, const FactorReport& report, Judged judged) {
  if (report.analysis.correlation.empty() || judged.size() < 2) return;
  page.section("Correlation of factors");
  page.chart(correlation_map(report, judged.first(std::min(judged.size(), kMostInMap))));
  if (judged.size() <= kMostInMap) return;
  page.paragraph(
      fmt::format("The map shows the {} factors with the largest |t|; the whole matrix is in "
                  "{}_correlation.csv.",
                  kMostInMap, file_stem(report)));
  page.table(fmt::format("The {} pairs of all {} furthest from 0", kMostPairs,
                         counted(judged.size(), "factor")),
             pair_table(report, closest_pairs(report, kMostPairs)));
}

void add_regimes(Page& page, const FactorReport& report, Judged judged, Judged shown) {
  if (report.regimes.empty()) return;
  page.section("Regimes");
  if (!shown.empty()) page.chart(regime_chart(report, shown));
  add_table(page, "Mean rank IC by regime", regime_caption(), regime_table(report, judged));
}

void add_buckets(Page& page, const FactorReport& report, Judged judged, Judged shown) {
  page.section("Buckets");
  for (const JudgedFactor& one : shown) page.chart(bucket_chart(report, one));
  add_table(page, "Bought at the next open", quantile_caption(report),
            quantile_table(judged, factor::Entry::kNextOpen));
  page.table("The same, bought at the close that decides, where nobody can trade",
             quantile_table(judged, factor::Entry::kClose));
}

}  // namespace

std::string factor_report_page(const FactorReport& report) {
  const std::vector<JudgedFactor> all = judge(report);
  const Judged judged(all);
  const Judged shown = drawn(judged);
  Page page({.title = title_of(report), .lead = subject_of(report)});
  page.section("Result");
  page.figures(key_figures(report, judged));
  std::vector<std::string> said = findings(report, all);
  std::transform(said.begin(), said.end(), said.begin(), with_minus_signs);
  page.list(said);
  add_table(page, fmt::format("{}, the largest |t| first", counted(judged.size(), "factor")),
            verdict_legend(), headline_table(judged));
  if (shown.size() < judged.size()) {
    page.paragraph(shown.empty()
                       ? std::string("No factor has a coefficient to draw.")
                       : fmt::format("Charts show the {} with the largest |t|, tables all {}.",
                                     counted(shown.size(), "factor"), count(judged.size())));
  }
  page.section("Coefficients");
  if (!shown.empty()) {
    page.chart(rolling_ic_chart(report, shown));
    page.chart(cumulative_ic_chart(report, shown));
  }
  page.table("Coefficients a bar", coefficient_table(judged));
  page.section("Decay");
  if (!shown.empty()) page.chart(decay_chart(shown));
  add_table(page, "Mean rank IC by horizon", decay_caption(), decay_table(judged));
  add_buckets(page, report, judged, shown);
  page.section("Long-short");
  if (!shown.empty()) page.chart(long_short_chart(report, shown));
  add_table(page, "Top less bottom, a year", long_short_caption(report), long_short_table(judged));
  page.section("Turnover");
  if (!shown.empty()) page.chart(turnover_chart(shown));
  add_table(page, "Turnover and coverage", turnover_caption(report),
            turnover_table(report, judged));
  add_correlation(page, report, judged);
  add_regimes(page, report, judged, shown);
  page.section("Factors");
  page.table("Expressions as written", definition_table(report));
  page.section("Method");
  page.list(method_notes(report));
  if (!report.notes.empty()) {
    page.section("Notes on the input");
    page.list(report.notes);
  }
  page.section("Configuration");
  page.table("What could change a result, and where it comes from", provenance_table(report));
  return page.html();
}

}  // namespace tickwerk::report
