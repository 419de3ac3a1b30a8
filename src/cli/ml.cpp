#include "cli/ml.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/expressions.h"
#include "cli/run_flags.h"

namespace tickwerk::cli {
/// The strategy has --param; expressions of the features have another key.
std::map<std::string, double, std::less<>> expression_params(const Settings& settings) {
  std::map<std::string, double, std::less<>> params;
  for (const auto& [name, value] : settings.pairs("expr_param")) {
    std::from_chars(value.data(), value.data() + value.size(), params[name]);
  }
  return params;
}

factor::Selection features_of(const Settings& settings) {
  factor::Selection selection{.catalogue = settings.text("features"),
                              .file = settings.text("file"),
                              .lines = fmt::format("{}", fmt::join(settings.texts("expr"), "\n"))};
  const bool has_own = !selection.file.empty() || !selection.lines.empty();
  if (selection.catalogue.empty() && !has_own) selection.catalogue = "ta";
  return selection;
}

FlagGroup feature_flags() {
  FlagGroup group = expression_flags();
  group.title = "Features";
  for (Flag& flag : group.flags) {
    if (flag.key == "param") flag.key = "expr_param";
  }
  group.flags.insert(
      group.flags.begin(),
      {.key = "features",
       .placeholder = "NAMES",
       .text = "sets and factors of the catalogue with + between them, `ta+vol_liquidity`; ta "
               "where neither -e nor --file says what the features are"});
  return group;
}

FlagGroup label_flags() {
  const Range share{.low = 0, .low_bound = Bound::kExcluded};
  FlagGroup group{.title = "Label", .flags = {}};
  group.flags.push_back({.key = "every_bar",
                         .kind = Kind::kSwitch,
                         .text =
                             "a row for every bar instead of the strategy's entries; what is "
                             "realized is fwd_trade_h, with same_close fwd_return_h, no costs"});
  group.flags.push_back(
      {.key = "label_kind",
       .kind = Kind::kChoice,
       .text = "of the realized return r: success is r >= threshold, outperformance r above the "
               "benchmark's, classes loss, small and success, triple_barrier the barrier met "
               "first, return r itself",
       .choices = {"success", "outperformance", "classes", "triple_barrier", "return"},
       .default_value = "success"});
  group.flags.push_back(
      {.key = "horizon",
       .kind = Kind::kWhole,
       .placeholder = "BARS",
       .text = "bars of the symbol after which an outcome is settled at the latest",
       .range = {.low = 1, .high = 1'000'000},
       .default_value = "10"});
  group.flags.push_back({.key = "success_threshold",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "realized return from which a row is a success",
                         .default_value = "0.02"});
  group.flags.push_back({.key = "barrier_up",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "upper barrier above the price of the fill",
                         .range = share,
                         .default_value = "0.05"});
  group.flags.push_back({.key = "barrier_down",
                         .kind = Kind::kNumber,
                         .placeholder = "SHARE",
                         .text = "lower barrier below it",
                         .range = {.low = 0,
                                   .high = 1,
                                   .low_bound = Bound::kExcluded,
                                   .high_bound = Bound::kExcluded},
                         .default_value = "0.05"});
  group.flags.push_back({.key = "label",
                         .placeholder = "NAME",
                         .text = "a label of the catalogue, of -e or --file as realized return, "
                                 "`fwd_max_10`; its reach is that of its expression"});
  return group;
}

FlagGroup outcome_flags() {
  constexpr std::array<std::string_view, 8> kKeys = {
      "fill",     "commission_bps", "spread_w",       "impact_w",
      "no_costs", "delist_after",   "delist_haircut", "benchmark"};
  FlagGroup group = backtest_flags();
  group.title = "Outcome";
  std::erase_if(group.flags, [&](const Flag& flag) {
    return std::find(kKeys.begin(), kKeys.end(), flag.key) == kKeys.end();
  });
  return group;
}

job::DatasetConfig dataset_config(const Settings& settings, job::RunConfig defaults) {
  job::DatasetConfig config;
  config.run = run_config(settings, std::move(defaults));
  config.features = features_of(settings);
  config.params = expression_params(settings);
  config.rows = settings.on("every_bar") ? job::DatasetRows::kEveryBar : job::DatasetRows::kEntries;
  config.rule = model::parse_label_rule(settings.text("label_kind"));
  config.horizon = static_cast<int>(settings.whole("horizon"));
  config.success_threshold = settings.number("success_threshold");
  config.barrier_up = settings.number("barrier_up");
  config.barrier_down = settings.number("barrier_down");
  config.label = settings.text("label");
  return config;
}

std::vector<Command> ml_commands() {
  std::vector<Command> commands;
  commands.push_back(ml_dataset_command());
  commands.push_back(ml_train_command());
  commands.push_back(ml_validate_command());
  commands.push_back(ml_audit_command());
  commands.push_back(ml_zoo_command());
  commands.push_back(ml_alpha_command());
  commands.push_back(ml_predict_command());
  return commands;
}

}  // namespace tickwerk::cli
