#include "tickwerk/report/factor_report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kMostInMatrix = 12;
constexpr std::size_t kMostPairs = 30;

std::string line_list(const std::vector<std::string>& lines) {
  std::string text;
  for (std::string line : lines) {
    std::replace_if(
        line.begin(), line.end(), [](char letter) { return letter == '\n' || letter == '\r'; },
        ' ');
    text += fmt::format("- {}\n", line);
  }
  return text;
}

std::string overlap_note(std::size_t horizon) {
  if (horizon == 1) return "Returns of one bar do not overlap: t and p are those of a sample mean.";
  return fmt::format(
      "Overlap: returns of neighbouring bars share {} of {} bars. t: Hansen and Hodrick (1980) "
      "with {} lags; Newey and West (1987) with {} where that variance is not positive. p: "
      "two-sided, corrected for the small number of independent blocks.",
      horizon - 1, horizon, horizon - 1, 3 * horizon);
}

std::string bucket_note(const factor::QuantileConfig& config) {
  return fmt::format(
      "Buckets: {} on each bar with at least {} symbols, {}; by the factor alone, never by who has "
      "a return later. Returns are simple, from the next open; from the close that decides, which "
      "nobody can trade, beside it.",
      config.num_quantiles, config.min_symbols,
      config.ties == factor::Ties::kBySymbol ? "ties broken by the order of symbols"
                                             : "equal values share a bucket");
}

std::string portfolio_note(std::size_t horizon) {
  return fmt::format(
      "Portfolios: each bar 1 / {} of the book is formed anew, equally weighted, and held for {}; "
      "the daily returns of the whole book are what is annualised. Long-short is top less bottom, "
      "whatever the sign of the IC.",
      horizon, counted(horizon, "bar"));
}

std::string section(std::string_view title, std::string_view caption, const Table& table) {
  std::string text = fmt::format("## {}\n\n", title);
  if (!caption.empty()) text += fmt::format("{}\n\n", caption);
  return text + table.markdown() + "\n";
}

std::string correlation_section(const FactorReport& report, Judged judged) {
  if (report.analysis.correlation.empty() || judged.size() < 2) return {};
  if (judged.size() <= kMostInMatrix) {
    return section("Correlation of factors", correlation_caption(),
                   correlation_table(report, judged));
  }
  return section("Correlation of factors",
                 fmt::format("{} The {} pairs furthest from 0; all are in `{}_correlation.csv`.",
                             correlation_caption(), kMostPairs, file_stem(report)),
                 pair_table(report, closest_pairs(report, kMostPairs)));
}

}  // namespace

std::size_t main_horizon(const FactorReport& report) {
  return report.analysis.factors.front().horizons.front().horizon;
}

std::string file_stem(const FactorReport& report) {
  return fmt::format("factor_analysis_{}_{}d_{}", report.set, main_horizon(report),
                     suffix(report.frequency));
}

std::string title_of(const FactorReport& report) {
  return fmt::format("Factor analysis: {}, {} ahead", report.set,
                     counted(main_horizon(report), "bar"));
}

std::string subject_of(const FactorReport& report) {
  std::string text =
      fmt::format("{} of {}, {}", counted(report.analysis.factors.size(), "factor"),
                  counted(report.num_symbols, "symbol"), counted(report.times.size(), "bar"));
  if (!report.times.empty()) {
    text += fmt::format(" from {} to {}", to_string(report.times.front(), report.frequency),
                        to_string(report.times.back(), report.frequency));
  }
  return text + fmt::format(", against what followed over {}. Before costs.",
                            counted(main_horizon(report), "bar"));
}

std::string verdict_legend() {
  return "Sorted by |t| of the mean rank IC. Evidence: Holm's p, corrected for the number of "
         "factors, is below 0.05. Weak: only the p of the factor alone is. Negative: large values "
         "came before low returns. No evidence does not mean no relation. Too "
         "good to be true: a mean rank IC of 0.3 or more of either sign at any horizon, p < 0.001; "
         "look for a later price in the factor.";
}

std::string decay_caption() {
  return "Mean rank IC at each horizon and its t. Means of different horizons share their data: "
         "they are not independent tests.";
}

std::string quantile_caption(const FactorReport& report) {
  return fmt::format(
      "Mean return over {} of the symbols in each bucket, q1 the smallest values of the factor; "
      "each bar counts once. Monotonicity: Spearman's correlation of a bucket's number with its "
      "mean.",
      counted(main_horizon(report), "bar"));
}

std::string long_short_caption(const FactorReport& report) {
  return fmt::format(
      "Top bucket less bottom bucket, {} marked daily. P(Sharpe > 0) and the "
      "deflated ratio are probabilities; the latter counts {}.",
      counted(main_horizon(report), "staggered portfolio"),
      report.num_trials > 0 ? counted(report.num_trials, "trial") + " on record"
                            : "no trials, since no record is kept");
}

std::string turnover_caption(const FactorReport& report) {
  return fmt::format(
      "Share of a bucket that is new after {}, when a portfolio is renewed; autocorrelation of "
      "ranks with the bar before.",
      counted(main_horizon(report), "bar"));
}

std::string correlation_caption() {
  return "Mean over all bars of the rank correlation across symbols: factors near 1 or -1 say the "
         "same.";
}

std::string regime_caption() {
  return "Mean rank IC and its t over the bars of each regime: fewer bars, and each regime one "
         "more comparison, which no p here corrects for.";
}

std::vector<std::string> method_notes(const FactorReport& report) {
  std::vector<std::string> notes;
  notes.push_back(
      "Rank IC: on each bar, Spearman's correlation across symbols (average ranks, at least 3) of "
      "the factor with the return that followed; IC: Pearson's. IR: mean over deviation, a bar, "
      "not annualised. Hit ratio: share of bars above 0.");
  notes.push_back(overlap_note(main_horizon(report)));
  notes.push_back(
      "Holm (1979) corrects p for the number of factors shown. Trials that nobody recorded are in "
      "no correction.");
  notes.push_back(bucket_note(report.config.quantiles));
  notes.push_back(portfolio_note(main_horizon(report)));
  notes.push_back(
      "Sharpe: of excess over 0, a year; its error after Mertens (2002). Deflated Sharpe (Bailey "
      "and Lopez de Prado 2014): probability that the true ratio beats the best of that many "
      "worthless trials; trials that are alike count in full, so it errs to the low side.");
  notes.push_back(
      "Before costs: a portfolio pays for its turnover at every renewal. Symbols that are missing "
      "from the data are missing here.");
  if (report.num_trials == 0) {
    notes.push_back("No record of trials is kept for this run: ratios are not deflated by any.");
  }
  return notes;
}

std::string factor_report_markdown(const FactorReport& report) {
  const std::vector<JudgedFactor> judged = judge(report);
  std::string text = fmt::format("# {}\n\n{}\n\n", markdown_cell(title_of(report)),
                                 markdown_cell(subject_of(report)));
  text += line_list(findings(report, judged)) + "\n";
  text += section("Result", verdict_legend(), headline_table(judged));
  text += section("Coefficients a bar", "", coefficient_table(judged));
  text += section("Decay", decay_caption(), decay_table(judged));
  text += section("Buckets, bought at the next open", quantile_caption(report),
                  quantile_table(judged, factor::Entry::kNextOpen));
  text +=
      section("Buckets, bought at the close that decides",
              "The same from a price that nobody can trade at: what is lost to the first night.",
              quantile_table(judged, factor::Entry::kClose));
  text += section("Long-short", long_short_caption(report), long_short_table(judged));
  text += section("Turnover", turnover_caption(report), turnover_table(report, judged));
  text += correlation_section(report, judged);
  if (!report.regimes.empty()) {
    text += section("Rank IC by regime", regime_caption(), regime_table(report, judged));
  }
  text += section("Factors", "", definition_table(report));
  text += "## Method\n\n" + line_list(method_notes(report)) + "\n";
  if (!report.notes.empty()) text += "## Notes on the input\n\n" + line_list(report.notes) + "\n";
  return text + "## Configuration\n\n" + provenance_table(report).markdown();
}

}  // namespace tickwerk::report
