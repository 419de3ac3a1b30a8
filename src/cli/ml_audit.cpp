#include "tickwerk/job/ml_audit.h"

#include "cli/ml.h"
#include "cli/run_flags.h"
#include "tickwerk/model/names.h"

namespace tickwerk::cli {
namespace {

FlagGroup audit_flags() {
  FlagGroup group{.title = "Audit", .flags = {}};
  group.flags.push_back({.key = "scheme",
                         .kind = Kind::kChoice,
                         .text = "which splits are looked at",
                         .choices = {"all", "walk_forward", "purged_kfold", "combinatorial"},
                         .default_value = "all"});
  group.flags.push_back({.key = "splits",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "test windows, folds, or groups of the combinatorial scheme",
                         .range = {.low = 2, .high = 1000},
                         .default_value = "5"});
  group.flags.push_back({.key = "embargo",
                         .kind = Kind::kWhole,
                         .placeholder = "BARS",
                         .text = "after a test part's last label; the label's reach if not given",
                         .range = {.low = 0, .high = 1'000'000}});
  group.flags.push_back({.key = "min_train",
                         .kind = Kind::kWhole,
                         .placeholder = "DATES",
                         .text = "fewest dates that a split may leave to train on",
                         .range = {.low = 1, .high = 1'000'000},
                         .default_value = "252"});
  group.flags.push_back({.key = "cuts",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "bars at which data are cut and features evaluated again",
                         .range = {.low = 1, .high = 10'000},
                         .default_value = "8"});
  return group;
}

model::AuditConfig audit_config(const Settings& settings) {
  model::AuditConfig config;
  if (const std::string splits = settings.text("scheme"); splits != "all") {
    config.schemes = {model::parse_split_scheme(splits)};
  }
  config.splits.set_by = model::SetBy::kFlags;
  config.splits.num_splits = static_cast<std::size_t>(settings.whole("splits"));
  config.splits.min_train_dates = static_cast<std::size_t>(settings.whole("min_train"));
  if (settings.given("embargo")) {
    config.splits.embargo = static_cast<std::size_t>(settings.whole("embargo"));
  }
  config.seed = static_cast<std::uint64_t>(settings.whole("seed"));
  return config;
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  job::MlAuditConfig config{.dataset = invocation.operands[0],
                            .audit = audit_config(settings),
                            .run = bars_config(settings),
                            .features = {},
                            .params = expression_params(settings)};
  if (settings.given("features") || settings.given("expr") || settings.given("file")) {
    config.features = features_of(settings);
  }
  config.num_cuts = static_cast<std::size_t>(settings.whole("cuts"));
  const job::MlAudit audit = job::run_ml_audit(config);
  for (const std::string& note : audit.notes) invocation.output.note(note);
  invocation.output.result(invocation.output.format() == Format::kJson ? job::audit_json(audit)
                                                                       : job::audit_text(audit));
  return model::has_leak(audit.lines) ? 1 : 0;
}

}  // namespace

Command ml_audit_command() {
  FlagGroup features = feature_flags();
  for (Flag& flag : features.flags) {
    if (flag.key == "features") {
      flag.text =
          "sets and factors of the catalogue that the dataset was made with; its features "
          "as they stand in the file where neither this nor -e nor --file is given";
    }
  }
  return {
      .name = "ml audit",
      .summary = "whether a dataset or its splits let a model see the future",
      .operands = "DATASET",
      .min_operands = 1,
      .max_operands = 1,
      .details =
          "Looks for features that repeat a label of their bar or a later one, through any "
          "monotone "
          "function; rows out of order, twice, or whose labels end too soon; training labels that "
          "meet a test, counted again; skill on labels moved in a circle, which only a split can "
          "leak. With --prices features are evaluated again on data cut short and with another "
          "future, bit for bit. Each check is ok, leak, warning or not tested; a leak ends in exit "
          "code 1.",
      .groups = {audit_flags(), std::move(features), bars_flags(), source_flags()},
      .run = run};
}

}  // namespace tickwerk::cli
