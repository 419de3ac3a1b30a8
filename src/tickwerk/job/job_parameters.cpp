#include "tickwerk/job/job_parameters.h"

#include <fmt/ranges.h>

#include "tickwerk/factor/catalogue.h"
#include "tickwerk/job/meta_training.h"
#include "tickwerk/model/names.h"
#include "tickwerk/model/zoo.h"

namespace tickwerk::job {
namespace {

/// The shortest text that reads back the same, as a person would write it: 100000, not 1e+05.
std::string number(double value) { return fmt::format("{}", value); }

void add_market(const RunConfig& config, Parameters& all) {
  all.emplace_back("synthetic market",
                   fmt::format("{} symbols x {} sessions, seed {}", config.market.num_symbols,
                               config.market.num_sessions, config.seed));
}

void add_strategy(const strategy::StrategySpec& spec, Parameters& all) {
  all.emplace_back("strategy", spec.name);
  for (const auto& [name, value] : spec.params) all.emplace_back("param " + name, number(value));
}

void add_choice(const strategy::StrategySpec& spec, Parameters& all) {
  all.emplace_back("top_n", spec.top_n == 0 ? "all" : std::to_string(spec.top_n));
  all.emplace_back("rebalance", to_string(spec.rebalance));
}

void add_costs(const risk::CostRates& costs, Parameters& all) {
  all.emplace_back(
      "costs (bps)",
      fmt::format("commission {}, spread {}, impact {}", number(costs.commission.value),
                  number(costs.spread.value), number(costs.impact.value)));
}

void add_trees(const model::TreeParams& trees, Parameters& all) {
  all.emplace_back("trees", std::to_string(trees.num_trees));
  all.emplace_back("depth", std::to_string(trees.max_depth));
  all.emplace_back("learning rate", number(trees.learning_rate));
}

void add_splits(const model::SplitConfig& splits, Parameters& all) {
  all.emplace_back("scheme", model::to_string(splits.scheme));
  all.emplace_back("splits", std::to_string(splits.num_splits));
  all.emplace_back("min_train (dates)", std::to_string(splits.min_train_dates));
}

}  // namespace

Parameters backtest_parameters(const RunConfig& config) {
  Parameters all;
  add_market(config, all);
  add_strategy(config.strategy, all);
  all.emplace_back("weights", to_string(config.strategy.weights));
  add_choice(config.strategy, all);
  all.emplace_back("fill", backtest::to_string(config.backtest.fill));
  all.emplace_back("start capital", number(config.backtest.start_capital));
  add_costs(config.backtest.costs, all);
  return all;
}

Parameters meta_training_parameters(const RunConfig& config) {
  const DatasetConfig dataset;
  const model::MetaModelConfig training = default_meta_model();
  Parameters all;
  add_market(config, all);
  add_strategy(config.strategy, all);
  add_choice(config.strategy, all);
  all.emplace_back("fill", backtest::to_string(config.backtest.fill));
  add_costs(config.backtest.costs, all);
  all.emplace_back("features", dataset.features.catalogue);
  all.emplace_back("label", model::to_string(dataset.rule));
  all.emplace_back("horizon (bars)", std::to_string(dataset.horizon));
  all.emplace_back("threshold", number(dataset.success_threshold));
  all.emplace_back("model", model::to_string(training.model.kind));
  add_trees(training.model.trees, all);
  add_splits(training.splits, all);
  all.emplace_back("min_confidence", number(training.min_confidence));
  return all;
}

Parameters zoo_parameters(const RunConfig& config) {
  const ZooSettings& zoo = config.zoo;
  std::vector<std::string> names;
  for (const model::ModelSpec& spec : model::choose_models(zoo.models, config.seed)) {
    names.push_back(spec.name);
  }
  Parameters all;
  add_market(config, all);
  all.emplace_back("factors", zoo.features.catalogue);
  all.emplace_back("label", zoo.label == ZooLabel::kTrade ? factor::trade_label(zoo.horizon)
                                                          : factor::return_label(zoo.horizon));
  all.emplace_back("horizon (bars)", std::to_string(zoo.horizon));
  all.emplace_back("models", fmt::format("{}", fmt::join(names, ", ")));
  add_splits(zoo.splits, all);
  return all;
}

}  // namespace tickwerk::job
