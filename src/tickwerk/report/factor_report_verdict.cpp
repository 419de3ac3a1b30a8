#include "tickwerk/report/factor_report_verdict.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kMostNamed = 5;
constexpr double kTooGoodLevel = 0.001;  // so that few bars of luck are no suspicion

/// `momentum (mean rank IC 0.0312, t 3.90)`.
std::string named(const JudgedFactor& judged) {
  return fmt::format("{} (mean rank IC {}, t {})", judged.factor->name,
                     with_decimals(judged.main->rank_ic_summary.mean, 4),
                     with_decimals(judged.t, 2));
}

/// Without a t there is no deviation: the same coefficient on every bar, as often as it was seen.
bool is_too_good(const factor::IcSummary& summary) {
  if (!summary.mean || !(std::abs(*summary.mean) >= kTooGoodRankIc)) return false;
  if (summary.t) return summary.t->p_value < kTooGoodLevel;
  return summary.count >= kFewStretches && summary.deviation && *summary.deviation < 1e-6;
}

const factor::HorizonAnalysis* too_good_horizon(const factor::FactorAnalysis& factor) {
  const auto size = [](const auto& at) { return std::abs(*at.rank_ic_summary.mean); };
  const factor::HorizonAnalysis* worst = nullptr;
  for (const factor::HorizonAnalysis& at : factor.horizons) {
    if (!is_too_good(at.rank_ic_summary)) continue;
    if (worst == nullptr || size(at) > size(*worst)) worst = &at;
  }
  return worst;
}

bool is_evidence(const JudgedFactor& judged) {
  if (judged.too_good != nullptr) return false;
  return judged.evidence == Evidence::kPositive || judged.evidence == Evidence::kNegative;
}

bool is_weak(const JudgedFactor& judged) {
  if (judged.too_good != nullptr) return false;
  return judged.evidence == Evidence::kWeakPositive || judged.evidence == Evidence::kWeakNegative;
}

std::string too_good_sentence(const std::vector<JudgedFactor>& judged, std::size_t num_too_good) {
  std::vector<std::string> names;
  for (const JudgedFactor& one : judged) {
    if (one.too_good == nullptr || names.size() == kMostNamed) continue;
    names.push_back(fmt::format("{} (mean rank IC {} at {})", one.factor->name,
                                with_decimals(one.too_good->rank_ic_summary.mean, 4),
                                counted(one.too_good->horizon, "bar")));
  }
  if (num_too_good > names.size()) {
    names.push_back(fmt::format("and {} more", count(num_too_good - names.size())));
  }
  return fmt::format(
      "Too good to be true: {}. Factors of daily bars know 0.02 to 0.1 of a return, so from {} on "
      "a later price is the likelier reason and no evidence is claimed: look where the column "
      "comes from; tickwerk check finds copies of later bars.",
      fmt::join(names, ", "), kTooGoodRankIc);
}

std::string found_sentence(const std::vector<JudgedFactor>& judged, std::size_t num_found) {
  std::vector<std::string> names;
  for (const JudgedFactor& one : judged) {
    if (is_evidence(one) && names.size() < kMostNamed) names.push_back(named(one));
  }
  if (num_found > names.size()) {
    names.push_back(fmt::format("and {} more", count(num_found - names.size())));
  }
  return fmt::format(
      "{} of {} {} evidence of ordering returns at the 5 % level after Holm's correction for "
      "that many: {}.",
      count(num_found), counted(judged.size(), "factor"), num_found == 1 ? "shows" : "show",
      fmt::join(names, ", "));
}

std::string nothing_sentence(const std::vector<JudgedFactor>& judged, std::size_t num_tests) {
  const JudgedFactor& best = judged.front();
  std::string text =
      judged.size() == 1
          ? fmt::format("No evidence that {} orders returns: mean rank IC {}, t {}, {}.",
                        best.factor->name, with_decimals(best.main->rank_ic_summary.mean, 4),
                        with_decimals(best.t, 2), p_text(*best.p_value))
          : fmt::format(
                "No evidence that any of {} orders returns, which is a result: the largest |t| "
                "is that of {}, {}.",
                counted(judged.size(), "factor"), named(best), p_text(*best.p_value));
  if (num_tests > 1) {
    const double chance = 1 - std::pow(1 - kEvidenceLevel, static_cast<double>(num_tests));
    text += fmt::format(
        " Of {} independent factors of pure noise at least one falls below p = 0.05 in {:.0f} % of "
        "analyses.",
        count(num_tests), 100 * chance);
  }
  return text;
}

std::string trials_sentence(const std::vector<JudgedFactor>& judged, std::size_t num_trials) {
  const double level = kEvidenceLevel / static_cast<double>(num_trials);
  const auto passes = [&](const JudgedFactor& one) {
    return one.p_value && one.p_value < level && one.too_good == nullptr;
  };
  const auto num_passed =
      static_cast<std::size_t>(std::count_if(judged.begin(), judged.end(), passes));
  return fmt::format(
      "Holm's correction knows the factors shown here. The record holds {} over these bars, these "
      "included: among that many a single test needs p < {:.2g} (Bonferroni), which {} {}.",
      counted(num_trials, "trial"), level,
      num_passed == 0 ? std::string("none") : counted(num_passed, "factor"),
      num_passed > 1 ? "have" : "has");
}

std::string overlap_sentence(const std::vector<JudgedFactor>& judged) {
  const std::size_t horizon = judged.front().main->horizon;
  std::size_t num_bars = 0;
  for (const JudgedFactor& one : judged) {
    if (one.t) num_bars = std::max(num_bars, one.main->rank_ic_summary.count);
  }
  if (num_bars == 0 || horizon == 1 || num_bars / horizon >= kFewStretches) return {};
  return fmt::format(
      "{} hold only {} times {} that do not overlap: go by p, which allows for that, not by t.",
      counted(num_bars, "bar"), count(num_bars / horizon), counted(horizon, "bar"));
}

void require_complete(const FactorReport& report) {
  TW_CHECK(report.analysis.factors.size(), >, 0u);
  const std::size_t num_horizons = report.analysis.factors.front().horizons.size();
  TW_CHECK(num_horizons, >, 0u);
  for (const factor::FactorAnalysis& of : report.analysis.factors) {
    TW_CHECK(of.horizons.size(), ==, num_horizons);
    for (const factor::HorizonAnalysis& at : of.horizons) {
      TW_CHECK(at.rank_ic_by_regime.size(), ==, report.regimes.size());
    }
  }
}

}  // namespace

std::vector<JudgedFactor> judge(const FactorReport& report) {
  require_complete(report);
  std::vector<JudgedFactor> all;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < report.analysis.factors.size(); ++i) {
    const factor::FactorAnalysis& of = report.analysis.factors[i];
    JudgedFactor judged{.index = i, .factor = &of, .main = &of.horizons.front()};
    const auto& test = judged.main->rank_ic_summary.t;
    if (test && std::isfinite(test->t) && std::isfinite(test->p_value)) {
      judged.t = test->t;
      judged.p_value = test->p_value;
      p_values.push_back(test->p_value);
    }
    all.push_back(judged);
  }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  auto next = adjusted.begin();
  for (JudgedFactor& judged : all) {
    if (judged.p_value) judged.p_holm = *next++;
    judged.evidence = evidence_of({judged.t, judged.p_value, judged.p_holm});
    judged.too_good = too_good_horizon(*judged.factor);
  }
  const auto size = [](const JudgedFactor& judged) { return judged.t ? std::abs(*judged.t) : -1; };
  std::stable_sort(all.begin(), all.end(),
                   [&](const JudgedFactor& a, const JudgedFactor& b) { return size(a) > size(b); });
  return all;
}

std::string verdict(const JudgedFactor& judged) {
  if (judged.too_good != nullptr) return "too good to be true";
  switch (judged.evidence) {
    case Evidence::kPositive:
      return "evidence, positive";
    case Evidence::kNegative:
      return "evidence, negative";
    case Evidence::kWeakPositive:
      return "weak, positive";
    case Evidence::kWeakNegative:
      return "weak, negative";
    case Evidence::kNone:
      return "no evidence";
    case Evidence::kUnknown:
      break;
  }
  const auto because = [](std::string_view why) {
    return fmt::format("{}: {}", kNotAvailable, why);
  };
  const factor::ValueCount& counted = judged.factor->counted;
  if (judged.factor->num_values == 0) return because("no value, all are NaN");
  if (judged.main->rank_ic_summary.count > 0) return because("too few bars for this horizon");
  if (counted.num_ordered_rows > 0) return because("no return this far ahead");
  if (counted.num_infinite == judged.factor->num_values) return because("all values are infinite");
  if (counted.most_on_a_row < 3) return because("fewer than 3 symbols with a value on a bar");
  return because("the same value for all symbols");
}

std::vector<std::string> findings(const FactorReport& report,
                                  const std::vector<JudgedFactor>& judged) {
  const auto number_of = [&](auto matches) {
    return static_cast<std::size_t>(std::count_if(judged.begin(), judged.end(), matches));
  };
  const std::size_t num_too_good =
      number_of([](const JudgedFactor& one) { return one.too_good != nullptr; });
  const std::size_t num_found = number_of(is_evidence);
  const std::size_t num_weak = number_of(is_weak);
  const std::size_t num_tests = number_of([](const JudgedFactor& one) { return !!one.p_value; });
  const std::size_t num_judged =
      number_of([](const JudgedFactor& one) { return one.p_value || one.too_good != nullptr; });
  std::vector<JudgedFactor> honest;
  std::copy_if(judged.begin(), judged.end(), std::back_inserter(honest),
               [](const JudgedFactor& one) { return one.p_value && one.too_good == nullptr; });
  std::vector<std::string> said;
  if (num_too_good > 0) said.push_back(too_good_sentence(judged, num_too_good));
  if (num_judged == 0) {
    said.push_back("No factor could be judged: the table says why.");
    return said;
  }
  if (num_found > 0) {
    said.push_back(found_sentence(judged, num_found));
  } else if (num_too_good == 0) {
    said.push_back(nothing_sentence(judged, num_tests));
  } else if (!honest.empty()) {
    said.push_back(nothing_sentence(honest, honest.size()));
  }
  if (num_weak > 0) {
    said.push_back(
        fmt::format("{} below p = 0.05 alone, which the number of factors tried may explain: weak.",
                    num_weak == 1 ? "1 factor falls" : count(num_weak) + " factors fall"));
  }
  if (const std::string overlap = overlap_sentence(judged); !overlap.empty()) {
    said.push_back(overlap);
  }
  if (num_judged < judged.size()) {
    said.push_back(fmt::format("{} could not be judged: the table says why.",
                               counted(judged.size() - num_judged, "factor")));
  }
  if (report.num_trials > 0) said.push_back(trials_sentence(judged, report.num_trials));
  return said;
}

std::vector<const factor::HorizonAnalysis*> by_horizon(const factor::FactorAnalysis& factor) {
  std::vector<const factor::HorizonAnalysis*> horizons;
  for (const factor::HorizonAnalysis& at : factor.horizons) horizons.push_back(&at);
  std::stable_sort(horizons.begin(), horizons.end(),
                   [](const auto* a, const auto* b) { return a->horizon < b->horizon; });
  return horizons;
}

}  // namespace tickwerk::report
