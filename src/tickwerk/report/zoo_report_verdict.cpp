#include "tickwerk/report/zoo_report_verdict.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

/// A deflated Sharpe ratio from which on a portfolio is more than the best of some lucky ones.
constexpr double kSureSharpe = 0.95;

/// Standard deviations that returns and volumes do not reach without a defect or an event.
constexpr double kFarDeviations = 50;

/// `ridge_1 (mean rank IC 0.0312, t 3.90, p 0.004)`.
std::string named(const JudgedModel& judged) {
  return fmt::format("{} (mean rank IC {}, t {}, {})", judged.model->spec.name,
                     with_decimals(judged.model->scores.rank_ic_summary.mean, 4),
                     with_decimals(judged.t, 2), p_text(*judged.p_value));
}

std::string order_sentence(const std::vector<JudgedModel>& judged) {
  std::vector<std::string> found, reversed;
  std::size_t num_weak = 0;
  for (const JudgedModel& one : judged) {
    if (one.evidence == Evidence::kPositive) found.push_back(named(one));
    if (one.evidence == Evidence::kNegative) reversed.push_back(named(one));
    num_weak += one.evidence == Evidence::kWeakPositive ? 1 : 0;
  }
  const std::string of_all = counted(judged.size(), "model");
  std::string text;
  if (!found.empty()) {
    text = fmt::format(
        "{} of {} {} evidence of ordering returns that training never saw, at the 5 % level after "
        "Holm's correction for that many: {}.",
        count(found.size()), of_all, found.size() == 1 ? "shows" : "show", fmt::join(found, ", "));
  } else {
    text = fmt::format(
        "No evidence that {} orders returns it was not trained on, which is a result{}{}.",
        judged.size() == 1 ? judged.front().model->spec.name : "any of the " + of_all,
        judged.size() == 1 ? ": " : ": the best is ", named(judged.front()));
    if (num_weak > 0) {
      text +=
          fmt::format(" {} below p = 0.05 alone, which having tried {} may explain.",
                      num_weak == 1 ? "1 model falls" : count(num_weak) + " models fall", of_all);
    }
  }
  if (!reversed.empty()) {
    text += fmt::format(" Wrong way round, so that what held in training has turned: {}.",
                        fmt::join(reversed, ", "));
  }
  return text;
}

/// Of its portfolio; empty for a model without one, such as one that predicts a constant.
std::optional<double> sharpe_of(const model::ZooModel& model) {
  const auto& held = model.scores.long_short_summary;
  return held ? held->sharpe : std::nullopt;
}

/// The model with the best portfolio; null where none has one.
const model::ZooModel* best_portfolio(const ZooReport& report) {
  const model::ZooModel* best = nullptr;
  for (const model::ZooModel& model : report.zoo.models) {
    if (sharpe_of(model) && (best == nullptr || *sharpe_of(model) > *sharpe_of(*best))) {
      best = &model;
    }
  }
  return best;
}

std::string portfolio_sentence(const ZooReport& report, const std::vector<JudgedModel>& judged) {
  const model::ZooModel* const best = best_portfolio(report);
  if (best == nullptr) return {};
  const factor::PortfolioSummary& held = *best->scores.long_short_summary;
  std::string text = fmt::format(
      "The best portfolio is that of {}: Sharpe ratio {} a year before costs, standard error {}.",
      best->spec.name, with_decimals(held.sharpe, 2), with_decimals(held.sharpe_error, 2));
  if (!held.deflated_sharpe) return text;
  text += fmt::format(
      " The probability that it is above what the luckiest of {} would show is {}, {} {:.2f}.",
      counted(report.zoo.models.size(), "model"), with_decimals(held.deflated_sharpe, 3),
      *held.deflated_sharpe >= kSureSharpe ? "at or above" : "short of", kSureSharpe);
  if (report.zoo.sharpe_variance) {
    text += fmt::format(
        " Their ratios lie {:.2f} a year apart (standard deviation): models that are alike leave "
        "little luck to be had by choosing.",
        std::sqrt(*report.zoo.sharpe_variance * report.periods_per_year));
  }
  const bool any_evidence = std::any_of(judged.begin(), judged.end(), [](const JudgedModel& one) {
    return one.evidence == Evidence::kPositive;
  });
  if (*held.deflated_sharpe >= kSureSharpe && !any_evidence) {
    text +=
        " One portfolio of the ends does not outweigh that the order of all symbols shows "
        "nothing: take it as unconfirmed.";
  }
  return text;
}

/// What was tried before over the same bars, where that is more than these models. The record
/// counts trials with a Sharpe ratio, so of these models only those are compared.
std::string record_sentence(const ZooReport& report) {
  const model::ZooModel* const best = best_portfolio(report);
  const auto num_own = static_cast<std::size_t>(
      std::count_if(report.zoo.models.begin(), report.zoo.models.end(),
                    [](const model::ZooModel& model) { return sharpe_of(model).has_value(); }));
  if (best == nullptr || report.num_trials <= num_own) return {};
  const factor::PortfolioSummary by_all = factor::summarize_portfolio(
      best->scores.long_short, {.periods_per_year = report.periods_per_year,
                                .num_trials = report.num_trials,
                                .trial_variance = report.trial_variance});
  if (!by_all.deflated_sharpe) return {};
  return fmt::format(
      "The record holds {} over these bars: the probability that the portfolio of {} is above what "
      "the luckiest of them would show is {}, {} {:.2f}.",
      counted(report.num_trials, "trial"), best->spec.name,
      with_decimals(by_all.deflated_sharpe, 3),
      *by_all.deflated_sharpe >= kSureSharpe ? "at or above" : "short of", kSureSharpe);
}

std::string choice_sentence(const ZooReport& report) {
  if (!report.zoo.overfitting) return {};
  const risk::Overfitting& over = *report.zoo.overfitting;
  return fmt::format(
      "Choosing the model with the best portfolio on one half of the days left it at or below the "
      "median of the models on the other half in {} of {} ways to halve them (probability of "
      "overfitting; 50 % is a coin): {}.",
      percent(over.probability), count(over.num_splits),
      over.probability < 0.1   ? "the order of the models is stable"
      : over.probability < 0.4 ? "the order of the models says something, not much"
                               : "do not choose a model by this record");
}

std::string fit_sentence(const ZooReport& report) {
  std::vector<std::string> better;
  std::size_t num_known = 0;
  for (const model::ZooModel& model : report.zoo.models) {
    const auto& r2 = model.scores.regression.r2;
    num_known += r2 ? 1 : 0;
    if (r2 && *r2 > 0) better.push_back(fmt::format("{} ({:.4f})", model.spec.name, *r2));
  }
  if (num_known == 0) return {};
  if (better.empty()) {
    return fmt::format(
        "Out of sample the mean of the outcomes predicts returns better than {} (R\u00b2 below 0): "
        "their size is not foretold, whatever their order is.",
        num_known == 1 ? "the model" : fmt::format("any of {}", counted(num_known, "model")));
  }
  return fmt::format("R\u00b2 above 0 out of sample: {}.", fmt::join(better, ", "));
}

/// What a linear model makes of a value that training gave no idea of.
std::string far_sentence(const ZooReport& report) {
  const auto is_misled = [](const model::ZooModel& model) {
    const auto& r2 = model.scores.regression.r2;
    return is_linear(model.spec.kind) && r2 && *r2 < 0;
  };
  const auto& far = report.zoo.farthest;
  if (!far || far->deviations < kFarDeviations) return {};
  if (std::none_of(report.zoo.models.begin(), report.zoo.models.end(), is_misled)) return {};
  const model::Dataset& rows = report.rows.rows;
  return fmt::format(
      "One tested value lies far from all training: {} of {} on {} is {} standard deviations of "
      "its "
      "training rows from their mean ({}). Linear models multiply it by their coefficient, trees "
      "do "
      "not: look at the bar, or rank or winsorize the factor in an expression of your own.",
      rows.feature_names[far->feature], rows.symbols[rows.symbol[far->row]],
      to_string(rows.times[rows.bar[far->row]], rows.frequency),
      count(static_cast<std::uint64_t>(far->deviations)), report.rows.splits[far->split].name);
}

std::string overlap_sentence(const ZooReport& report) {
  const std::size_t horizon = report.rows.rows.label_reach;
  const std::size_t num_dates = report.zoo.models.front().scores.num_dates;
  if (horizon <= 1 || num_dates / horizon >= kFewStretches) return {};
  return fmt::format(
      "{} that were tested hold only {} times {} that do not overlap: go by p, which allows for "
      "that, not by t.",
      counted(num_dates, "bar"), count(num_dates / horizon), counted(horizon, "bar"));
}

std::string split_sentence(const ZooReport& report) {
  if (report.splits.purge == model::Purge::kNone) {
    return fmt::format(
        "Nothing was purged: labels of training rows read up to {} into the test windows, and "
        "every figure here may be too good. Use it to see what a leak looks like, and for nothing "
        "else.",
        counted(report.rows.rows.label_reach, "bar"));
  }
  if (report.splits.scheme == model::SplitScheme::kWalkForward) return {};
  return "Models trained on bars after those that they predict: figures say what there is to "
         "learn, "
         "not what anybody could have earned.";
}

}  // namespace

std::vector<JudgedModel> judge(const ZooReport& report) {
  TW_CHECK(report.zoo.models.size(), >, 0u);
  std::vector<JudgedModel> all;
  std::vector<double> p_values;
  for (const model::ZooModel& model : report.zoo.models) {
    JudgedModel judged{.model = &model};
    const auto& test = model.scores.rank_ic_summary.t;
    if (test && std::isfinite(test->t) && std::isfinite(test->p_value)) {
      judged.t = test->t;
      judged.p_value = test->p_value;
    }
    p_values.push_back(judged.p_value.value_or(1));  // tried, too, though it said nothing
    all.push_back(judged);
  }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t m = 0; m < all.size(); ++m) {
    JudgedModel& judged = all[m];
    if (judged.p_value) judged.p_holm = adjusted[m];
    judged.evidence = evidence_of({judged.t, judged.p_value, judged.p_holm});
  }
  std::stable_sort(all.begin(), all.end(), [](const JudgedModel& a, const JudgedModel& b) {
    if (!a.t || !b.t) return a.t.has_value() && !b.t.has_value();
    return *a.t > *b.t;
  });
  return all;
}

std::string verdict(const JudgedModel& judged) {
  switch (judged.evidence) {
    case Evidence::kPositive:
      return "evidence";
    case Evidence::kNegative:
      return "evidence, wrong way round";
    case Evidence::kWeakPositive:
      return "weak";
    case Evidence::kWeakNegative:
      return "weak, wrong way round";
    case Evidence::kNone:
      return "no evidence";
    case Evidence::kUnknown:
      break;
  }
  return judged.model->scores.rank_ic_summary.count > 0
             ? fmt::format("{}: too few bars for this horizon", kNotAvailable)
             : fmt::format("{}: predictions do not vary, or fewer than 3 symbols", kNotAvailable);
}

std::vector<std::string> findings(const ZooReport& report, const std::vector<JudgedModel>& judged) {
  std::vector<std::string> said;
  const auto say = [&said](std::string text) {
    if (!text.empty()) said.push_back(std::move(text));
  };
  say(split_sentence(report));
  say(judged.front().t ? order_sentence(judged)
                       : std::string("No model could be judged: the table says why."));
  say(portfolio_sentence(report, judged));
  say(record_sentence(report));
  say(choice_sentence(report));
  say(fit_sentence(report));
  say(far_sentence(report));
  say(overlap_sentence(report));
  return said;
}

}  // namespace tickwerk::report
