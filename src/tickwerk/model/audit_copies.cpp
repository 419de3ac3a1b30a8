#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "tickwerk/base/parallel.h"
#include "tickwerk/model/audit.h"
#include "tickwerk/model/classification_scores.h"
#include "tickwerk/model/symbol_order.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

constexpr double kChance = 1e-6;
constexpr double kLeakRank = 0.9, kOddRank = 0.3;
constexpr double kLeakAuc = 0.95, kOddAuc = 0.75;
constexpr std::size_t kFewestLags = 20;
constexpr std::size_t kMostLags = 60;  // a longer reach is looked at in steps, then closely
constexpr std::array kViews = {RankView::kDate, RankView::kSymbol};

/// A number a feature was given by one of the tests.
struct Finding {
  AuditVerdict verdict = AuditVerdict::kOk;
  double value = 0;  // |r|, or the AUC
  double limit = 1;
  std::string text;
};

/// `chance_limit`: what random data pass too rarely to matter.
Finding judge(double value, double chance_limit, double odd, double leak) {
  const double leak_limit = std::max(chance_limit, leak), odd_limit = std::max(chance_limit, odd);
  if (value > leak_limit) return {AuditVerdict::kLeak, value, leak_limit, {}};
  const bool is_odd = value > odd_limit;
  return {is_odd ? AuditVerdict::kWarning : AuditVerdict::kOk, value, odd_limit, {}};
}

/// |r| that n independent rows exceed with a probability below `chance`.
double rank_limit(double num_independent, double chance) {
  if (num_independent <= 3) return 1;
  return std::sqrt(1 - std::pow(chance, 2 / (num_independent - 2)));
}

/// The same of an AUC, by the normal law of the rank sum: P(|z| > x) < exp(-x^2 / 2).
double auc_limit(double num_independent, double share, double chance) {
  const double n1 = num_independent * share, n0 = num_independent * (1 - share);
  if (n1 < 1 || n0 < 1) return 1;
  const double error = std::sqrt((num_independent + 1) / (12 * n1 * n0));
  return std::min(1.0, 0.5 + error * std::sqrt(-2 * std::log(chance)));
}

struct Target {
  std::string name;
  const double* values;
  std::array<std::vector<float>, 2> ranks;  // by view
};

class CopySearch {
 public:
  CopySearch(const Dataset& dataset, const AuditConfig& config)
      : d_(dataset), order_(symbol_order(dataset, config.max_rows)) {
    add_target("label", d_.label.data());
    if (d_.label != d_.realized_return) {
      add_target("realized return", d_.realized_return.data());
    }
    last_lag_ = std::max(d_.label_reach, kFewestLags);
    step_ = (last_lag_ + kMostLags - 1) / kMostLags;
    measure_size();
    prepare_auc();
  }

  std::size_t num_rows() const { return order_.size(); }
  std::size_t last_lag() const { return last_lag_; }
  double num_tries() const { return num_tries_; }

  /// The finding that weighs most.
  Finding search(std::size_t feature) const {
    const double* values = d_.features.row(feature);
    Finding worst;
    for (std::size_t v = 0; v < kViews.size(); ++v) {
      const std::vector<float> ranks = centered_ranks(d_, order_, values, kViews[v]);
      for (const Target& target : targets_) weigh(strongest(ranks, target, v), worst);
    }
    if (const auto auc = later_auc(values)) weigh(*auc, worst);
    return worst;
  }

 private:
  void add_target(std::string name, const double* values) {
    Target target{.name = std::move(name), .values = values, .ranks = {}};
    for (std::size_t v = 0; v < kViews.size(); ++v) {
      target.ranks[v] = centered_ranks(d_, order_, values, kViews[v]);
    }
    targets_.push_back(std::move(target));
  }

  void measure_size() {
    const std::vector<double> unique = uniqueness_of(d_, order_);
    num_independent_[0] = std::accumulate(unique.begin(), unique.end(), 0.0);
    const std::vector<std::uint32_t> bars = bars_of(d_, order_);
    middle_ = bars.empty() ? 0 : bars[bars.size() / 2];
    const auto reach = static_cast<double>(std::max<std::size_t>(d_.label_reach, 1));
    num_independent_[1] = std::min(num_independent_[0], static_cast<double>(bars.size()) / reach);
    num_tries_ =
        static_cast<double>(d_.num_features() * targets_.size() * kViews.size() * (last_lag_ + 1)) +
        static_cast<double>(d_.num_features());
  }

  static void weigh(Finding found, Finding& worst) {
    const auto weight = [](const Finding& f) {
      const int verdict = f.verdict == AuditVerdict::kLeak      ? 2
                          : f.verdict == AuditVerdict::kWarning ? 1
                                                                : 0;
      return std::pair(verdict, f.value / f.limit);
    };
    if (worst.text.empty() || weight(found) > weight(worst)) worst = std::move(found);
  }

  Finding strongest(const std::vector<float>& ranks, const Target& target, std::size_t v) const {
    LaggedCorrelation best;
    double best_limit = 1;
    std::size_t best_lag = 0;
    const auto look = [&](std::size_t lag) {
      const LaggedCorrelation found = correlate(order_, ranks, target.ranks[v], lag);
      const double share = static_cast<double>(found.num_pairs) / static_cast<double>(num_rows());
      const double limit = rank_limit(share * num_independent_[v], chance());
      if (std::abs(found.value) / limit <= std::abs(best.value) / best_limit) return;
      best = found;
      best_limit = limit;
      best_lag = lag;
    };
    for (std::size_t lag = 0; lag <= last_lag_; lag += step_) look(lag);
    if (step_ > 1) {
      const std::size_t middle = best_lag;
      const std::size_t last = std::min(middle + step_, last_lag_);
      for (std::size_t lag = middle - std::min(middle, step_); lag <= last; ++lag) look(lag);
    }
    Finding finding = judge(std::abs(best.value), best_limit, kOddRank, kLeakRank);
    finding.text =
        fmt::format("rank correlation {:.3f} {} with the {} of {}", best.value,
                    kViews[v] == RankView::kDate ? "within dates" : "over time", target.name,
                    best_lag == 0 ? std::string("its row")
                                  : fmt::format("the symbol's {} row ahead", nth(best_lag)));
    return finding;
  }

  static std::string nth(std::size_t n) {
    const std::size_t tens = n % 100 / 10, ones = n % 10;
    const char* end = tens == 1   ? "th"
                      : ones == 1 ? "st"
                      : ones == 2 ? "nd"
                      : ones == 3 ? "rd"
                                  : "th";
    return fmt::format("{}{}", n, end);
  }

  double chance() const { return kChance / num_tries_; }

  /// 1 where the label is the best there is: 1, the highest class, a gain.
  void prepare_auc() {
    const double top = *std::max_element(d_.label.begin(), d_.label.end());
    for (std::size_t p = 0; p < order_.size(); ++p) {
      const double label = d_.label[order_.rows[p]];
      const bool is_top = d_.label_kind == LabelKind::kReturn ? label > 0 : label == top;
      top_.push_back(is_top ? 1 : 0);
    }
  }

  std::optional<Finding> later_auc(const double* values) const {
    std::array<std::vector<double>, 2> scores, labels;
    for (std::size_t p = 0; p < order_.size(); ++p) {
      const double value = values[order_.rows[p]];
      if (std::isnan(value)) continue;
      const std::size_t half = d_.bar[order_.rows[p]] < middle_ ? 0 : 1;
      scores[half].push_back(value);
      labels[half].push_back(top_[p]);
    }
    const auto before = roc_auc({scores[0], labels[0]});
    const auto after = roc_auc({scores[1], labels[1]});
    if (!before || !after) return {};
    const double share = std::accumulate(labels[1].begin(), labels[1].end(), 0.0) /
                         static_cast<double>(labels[1].size());
    Finding finding = judge(*before < 0.5 ? 1 - *after : *after,
                            auc_limit(num_independent_[1] / 2, share, chance()), kOddAuc, kLeakAuc);
    finding.text =
        fmt::format("AUC {:.3f} by itself on the later half of the dates", finding.value);
    return finding;
  }

  const Dataset& d_;
  SymbolOrder order_;
  std::vector<Target> targets_;
  std::size_t last_lag_ = 0, step_ = 1;
  std::uint32_t middle_ = 0;
  std::array<double, 2> num_independent_ = {};  // rows, by view
  double num_tries_ = 1;
  std::vector<double> top_;
};

std::string size_text(const Dataset& dataset, const CopySearch& search) {
  return search.num_rows() == dataset.num_rows()
             ? fmt::format("{} rows", search.num_rows())
             : fmt::format("a sample of {} of {} rows, whole symbols", search.num_rows(),
                           dataset.num_rows());
}

}  // namespace

std::vector<AuditLine> audit_copies(const Dataset& dataset, const AuditConfig& config) {
  TW_ZONE("audit_copies");
  if (dataset.num_rows() == 0 || dataset.num_features() == 0) {
    return {{.check = "copies", .verdict = AuditVerdict::kNotTested, .text = "nothing to compare"}};
  }
  const CopySearch search(dataset, config);
  std::vector<Finding> findings(dataset.num_features());
  parallel_for(findings.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t f = first; f < last; ++f) findings[f] = search.search(f);
  });
  std::vector<AuditLine> lines;
  std::optional<std::size_t> strongest;
  for (std::size_t f = 0; f < findings.size(); ++f) {
    const Finding& found = findings[f];
    if (found.verdict == AuditVerdict::kOk) {
      if (!strongest ||
          found.value / found.limit > findings[*strongest].value / findings[*strongest].limit) {
        strongest = f;
      }
      continue;
    }
    const char* means = found.verdict == AuditVerdict::kLeak
                            ? "it repeats the future"
                            : "more than a price can know of most labels";
    lines.push_back({.check = "feature " + dataset.feature_names[f],
                     .verdict = found.verdict,
                     .value = found.value,
                     .limit = found.limit,
                     .text = fmt::format("{}: {}", found.text, means)});
  }
  if (strongest) {
    const Finding& found = findings[*strongest];
    const std::size_t num_ok = findings.size() - lines.size();
    lines.push_back(
        {.check = "copies",
         .verdict = AuditVerdict::kOk,
         .value = found.value,
         .limit = found.limit,
         .text = fmt::format("{} {} no label of its row or of the {} after it ({}); nearest is {}, "
                             "{}",
                             num_ok, num_ok == 1 ? "feature repeats" : "features repeat",
                             search.last_lag(), size_text(dataset, search),
                             dataset.feature_names[*strongest], found.text)});
  }
  return lines;
}

}  // namespace tickwerk::model
