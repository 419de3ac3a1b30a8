// `tickwerk ml dataset|...`: from bars to models. One file a subcommand.
#pragma once

#include <vector>

#include "cli/command.h"
#include "tickwerk/job/ml_dataset.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::cli {

/// --features, -e, --file, --expr-param: what a dataset's features are.
FlagGroup feature_flags();
/// --every-bar, --label-kind, --horizon, --success-threshold, --barrier-up, --barrier-down,
/// --label.
FlagGroup label_flags();
/// --fill, costs, delisting and benchmark of the backtest's flags: what outcomes are made by.
FlagGroup outcome_flags();

/// What the flags of a dataset say, those of bars, store and strategy included; `defaults` as for
/// run_config. Throws as run_config.
job::DatasetConfig dataset_config(const Settings& settings, job::RunConfig defaults);

/// What --features, -e and --file choose, and the values of --expr-param.
factor::Selection features_of(const Settings& settings);
std::map<std::string, double, std::less<>> expression_params(const Settings& settings);

/// --scheme, --splits, --test-groups, --window, --embargo, --min-train, --no-purge.
FlagGroup split_flags();
/// What they say. Throws kInvalidArgument for flags that contradict each other.
model::SplitConfig split_config(const Settings& settings);

Command ml_audit_command();
Command ml_dataset_command();
Command ml_zoo_command();
Command ml_alpha_command();
Command ml_predict_command();
Command ml_train_command();
Command ml_validate_command();
std::vector<Command> ml_commands();

}  // namespace tickwerk::cli
