#include "tickwerk/job/ml_audit_features.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"
#include "tickwerk/factor/altered_bars.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/check.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/job/feature_source.h"
#include "tickwerk/job/ml_dataset_recipe.h"
#include "tickwerk/report/check_text.h"

namespace tickwerk::job {
namespace {

using model::AuditLine;
using model::AuditVerdict;
using model::Dataset;

bool is_empty(const factor::Selection& selection) {
  return selection.catalogue.empty() && selection.file.empty() && selection.lines.empty();
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

class FeaturesAgain {
 public:
  FeaturesAgain(const MlAuditConfig& config,
                const model::DatasetFile& file,
                const market::LoadedBars& loaded,
                const factor::LoadedSources& beside)
      : config_(config),
        file_(file),
        loaded_(loaded),
        beside_(beside),
        d_(file.dataset),
        recipe_(read_recipe(file.description.config, config.dataset)) {}

  std::vector<AuditLine> lines() {
    same_bars_ = file_.description.data_fingerprint == loaded_.fingerprint;
    lines_.push_back({.check = "bars",
                      .verdict = same_bars_ ? AuditVerdict::kOk : AuditVerdict::kWarning,
                      .text = same_bars_ ? "those that the dataset was made from"
                                         : "not those that the dataset was made from: other "
                                           "prices, symbols or dates"});
    try {
      compile();
      test_future();
      test_serving();
      test_all_bars();
    } catch (const Error& error) {
      if (error.code() == Code::kInternal || error.code() == Code::kIo) throw;
      const std::string first =
          std::string(error.what()).substr(0, std::string(error.what()).find('\n'));
      lines_.push_back({.check = "train and serve",
                        .verdict = AuditVerdict::kNotTested,
                        .text = fmt::format("the features cannot be evaluated again: {}; give "
                                            "--features, -e, --file as for the dataset",
                                            first)});
    }
    return std::move(lines_);
  }

 private:
  void compile() {
    const model::FeatureSource& source = recipe_.features;
    const factor::Selection selection =
        is_empty(config_.features) ? selection_of(source) : config_.features;
    module_.emplace(factor::select(selection).module);
    options_.names = d_.feature_names;
    options_.params = source.params;
    for (const auto& [name, value] : config_.params) options_.params[name] = value;
  }

  void test_future() {
    factor::CheckOptions options{
        .leaks = {.num_cuts = config_.num_cuts, .seed = config_.audit.seed},
        .params = options_.params,
        .names = options_.names};
    const factor::CheckResult result = factor::check(beside_.with(loaded_.bars), *module_, options);
    std::size_t num_leaks = 0;
    for (const factor::CheckedDefinition& checked : result.definitions) {
      if (!checked.leaks.furthest) continue;
      ++num_leaks;
      lines_.push_back(
          {.check = "feature " + checked.definition.name,
           .verdict = AuditVerdict::kLeak,
           .value = static_cast<double>(checked.leaks.furthest->bars_ahead),
           .limit = 0,
           .text = fmt::format("changes with bars after it: {}{}",
                               report::leak_text(*checked.leaks.furthest, loaded_.bars),
                               columns_text(checked.trusted))});
    }
    if (num_leaks == 0) {
      lines_.push_back({.check = "other future",
                        .verdict = AuditVerdict::kOk,
                        .value = 0,
                        .limit = 0,
                        .text = fmt::format("{} features keep their past, bit for bit, where the "
                                            "data end or go on otherwise, {} times",
                                            result.definitions.size(), result.cuts.size())});
    }
    say_outside(result);
  }

  static std::string columns_text(const std::vector<factor::TrustedInput>& inputs) {
    std::string text;
    for (const factor::TrustedInput& input : inputs) {
      if (!input.later_bar) continue;
      text += fmt::format("; column {} repeats the {} of {} bars ahead", input.name,
                          input.later_bar->says, input.later_bar->bars_ahead);
    }
    return text;
  }

  void say_outside(const factor::CheckResult& result) {
    std::vector<std::string> names;
    for (const factor::TrustedInput& input : result.trusted) {
      if (!input.later_bar) names.push_back(fmt::format("{} ({})", input.name, input.kind));
    }
    if (names.empty()) return;
    lines_.push_back({.check = "from outside",
                      .verdict = AuditVerdict::kNotTested,
                      .text = fmt::format("trusted, since changing bars cannot test it: {}",
                                          fmt::join(names, ", "))});
  }

  /// Bars with rows, the last among them.
  std::vector<std::size_t> chosen_bars() const {
    std::vector<std::uint32_t> bars = d_.bar;
    bars.erase(std::unique(bars.begin(), bars.end()), bars.end());
    std::set<std::size_t> chosen = {bars.back()};
    RandomSequence random({config_.audit.seed, 0x73657276});
    const std::size_t wanted = std::min(config_.num_cuts, bars.size());
    while (chosen.size() < wanted) chosen.insert(bars[random.below(bars.size())]);
    return {chosen.begin(), chosen.end()};
  }

  struct Comparison {
    std::size_t num_values = 0;
    std::size_t num_different = 0;
    std::size_t num_absent = 0;  // rows without a bar in these prices
    std::string first;
  };

  void compare_bar(std::size_t bar, Comparison& found) const {
    const market::Bars& bars = loaded_.bars;
    const auto range = std::equal_range(d_.bar.begin(), d_.bar.end(), bar);
    const auto first = static_cast<std::size_t>(range.first - d_.bar.begin());
    const auto last = static_cast<std::size_t>(range.second - d_.bar.begin());
    const auto at = std::lower_bound(bars.times.begin(), bars.times.end(), d_.times[bar]);
    if (at == bars.times.end() || *at != d_.times[bar]) {
      found.num_absent += last - first;
      return;
    }
    const auto row = static_cast<std::size_t>(at - bars.times.begin());
    const market::Bars cut = factor::cut_after(bars, row);
    const factor::Evaluation again = factor::evaluate(beside_.with(cut), *module_, options_);
    for (std::size_t r = first; r < last; ++r) {
      const std::size_t column = bars.column(d_.symbols[d_.symbol[r]]);
      if (column == bars.num_symbols()) {
        ++found.num_absent;
        continue;
      }
      for (std::size_t f = 0; f < d_.num_features(); ++f) {
        const Panel& values = again.values[f];
        const double value = values(row, values.num_symbols() == 1 ? 0 : column);
        ++found.num_values;
        if (same(value, d_.features(f, r))) continue;
        if (found.num_different++ > 0) continue;
        found.first = fmt::format("{} of {} on {}: {} in the file, {} again", d_.feature_names[f],
                                  d_.symbols[d_.symbol[r]], to_string(d_.times[bar], d_.frequency),
                                  d_.features(f, r), value);
      }
    }
  }

  void test_serving() {
    Comparison found;
    const std::vector<std::size_t> bars = chosen_bars();
    for (const std::size_t bar : bars) compare_bar(bar, found);
    AuditLine line{.check = "train and serve", .text = {}};
    if (found.num_values == 0) {
      line.verdict = AuditVerdict::kNotTested;
      line.text = fmt::format("none of {} rows has a bar in these prices", found.num_absent);
      lines_.push_back(std::move(line));
      return;
    }
    line.value = static_cast<double>(found.num_different);
    line.limit = 0;
    line.text = fmt::format("{} of {} values on {} bars differ from those of data that end there",
                            found.num_different, found.num_values, bars.size());
    if (found.num_absent > 0) {
      line.text += fmt::format(", {} rows have no bar in these prices", found.num_absent);
    }
    if (found.num_different > 0) {
      line.verdict = same_bars_ ? AuditVerdict::kLeak : AuditVerdict::kWarning;
      line.text += ", first " + found.first;
    }
    lines_.push_back(std::move(line));
  }

  /// Rows of few bars have few later rows to compare with: all bars have.
  void test_all_bars() {
    const market::Bars& bars = loaded_.bars;
    if (2 * d_.num_rows() > bars.num_rows() * bars.num_symbols()) return;
    const std::size_t reach = std::max<std::size_t>(d_.label_reach, 1);
    const factor::Evaluation all = factor::evaluate(beside_.with(bars), *module_, options_);
    Dataset every;
    every.frequency = d_.frequency;
    every.times = bars.times;
    every.symbols = bars.symbols;
    every.feature_names = d_.feature_names;
    every.label_name = factor::return_label(static_cast<int>(reach));
    every.label_reach = reach;
    const Panel& close = bars.close();
    for (std::size_t t = 0; t + reach < bars.num_rows(); ++t) {
      for (std::size_t s = 0; s < bars.num_symbols(); ++s) {
        const double value = close(t + reach, s) / close(t, s) - 1;
        if (std::isnan(value)) continue;
        every.bar.push_back(static_cast<std::uint32_t>(t));
        every.symbol.push_back(static_cast<std::uint32_t>(s));
        every.label_end.push_back(static_cast<std::uint32_t>(t + reach));
        every.label.push_back(value);
      }
    }
    every.realized_return = every.label;
    every.features = Panel(every.num_features(), every.num_rows());
    for (std::size_t f = 0; f < every.num_features(); ++f) {
      const Panel& values = all.values[f];
      for (std::size_t r = 0; r < every.num_rows(); ++r) {
        every.features(f, r) =
            values(every.bar[r], values.num_symbols() == 1 ? 0 : every.symbol[r]);
      }
    }
    for (AuditLine& line : model::audit_copies(every, config_.audit)) {
      line.check += " on all bars";
      line.text = fmt::format("with returns of {} bars as labels: {}", reach, line.text);
      lines_.push_back(std::move(line));
    }
  }

  const MlAuditConfig& config_;
  const model::DatasetFile& file_;
  const market::LoadedBars& loaded_;
  const factor::LoadedSources& beside_;
  const Dataset& d_;
  DatasetRecipe recipe_;
  bool same_bars_ = false;
  std::optional<expr::Module> module_;
  factor::EvaluateOptions options_;
  std::vector<AuditLine> lines_;
};

}  // namespace

std::vector<AuditLine> audit_features(const MlAuditConfig& config,
                                      const model::DatasetFile& file,
                                      const market::LoadedBars& loaded,
                                      const factor::LoadedSources& beside) {
  return FeaturesAgain(config, file, loaded, beside).lines();
}

}  // namespace tickwerk::job
