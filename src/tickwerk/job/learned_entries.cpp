#include "tickwerk/job/learned_entries.h"

#include <fmt/format.h>

#include "tickwerk/report/figures.h"

namespace tickwerk::job {

void LearnedEntries::add(const strategy::StrategySpec& spec, backtest::FillRule fill) {
  strategy_ = spec.name;
  ++num_runs_;
  num_scaled_ += spec.meta_model.mode == strategy::MetaMode::kScale;
  if (notes_.strategy_language != spec.language) {
    ++num_other_rules_;
  } else if (notes_.strategy_params != spec.params) {
    ++num_other_params_;
  }
  const std::string_view name = backtest::to_string(fill);
  if (notes_.fill.empty() || notes_.fill == name) return;
  if (num_other_fill_ == 0) other_fill_ = name;
  ++num_other_fill_;
}

std::string LearnedEntries::among(std::size_t count) const {
  if (num_runs_ == 1) return "";
  return fmt::format(" ({} of {})", report::count(count),
                     report::counted(num_runs_, "combination"));
}

std::vector<std::string> LearnedEntries::warnings() const {
  std::vector<std::string> said;
  if (num_other_rules_ > 0 && notes_.strategy_language.empty()) {
    said.push_back(
        fmt::format("the meta-model learned from every bar, {}, and not from entries of {}",
                    notes_.strategy, strategy_));
  } else if (num_other_rules_ > 0) {
    said.push_back(
        fmt::format("the meta-model learned from entries of another strategy than {}: of {} with "
                    "other conditions{}",
                    strategy_, notes_.strategy, among(num_other_rules_)));
  }
  if (num_other_params_ > 0) {
    said.push_back(fmt::format("the meta-model learned from entries of {} with other parameters{}",
                               notes_.strategy, among(num_other_params_)));
  }
  if (num_other_fill_ > 0) {
    said.push_back(
        fmt::format("the meta-model learned from entries that were filled by {}, these are by {}{}",
                    notes_.fill, other_fill_, among(num_other_fill_)));
  }
  if (num_scaled_ > 0 && notes_.brier && notes_.base_rate) {
    const double always_the_rate = *notes_.base_rate * (1 - *notes_.base_rate);
    if (*notes_.brier >= always_the_rate) {
      said.push_back(fmt::format(
          "trades are weighed by probabilities that were worse than none when they were tested: "
          "Brier {} against {} for always saying the base rate of {}{}",
          report::with_decimals(notes_.brier, 4), report::with_decimals(always_the_rate, 4),
          report::percent(notes_.base_rate), among(num_scaled_)));
    }
  }
  return said;
}

}  // namespace tickwerk::job
