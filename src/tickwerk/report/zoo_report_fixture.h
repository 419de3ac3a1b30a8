// A zoo of linear models on made-up rows, for the tests of its report.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/report/zoo_report.h"

namespace tickwerk::report {

struct SampleZooConfig {
  std::size_t num_bars = 300;
  double signal = 0;  // of the first feature in the label
  std::vector<std::string> models = {"linear", "ridge_10", "lasso_0.01"};
};

/// Owns what a report looks at.
struct SampleZoo {
  model::ZooRows rows;
  model::Zoo zoo;

  ZooReport report() const {
    ZooReport made{.zoo = zoo, .rows = rows};
    made.tag = "fwd_trade_5_1d";
    made.label_text = "fwd_trade(5)";
    made.expressions = {"close / close[-20] - 1", "rsi(close, 14)"};
    made.data_source = "prices.csv";
    made.data_fingerprint = "0123abcd";
    made.dataset = "dataset_fwd_trade_5_1d_0123.parquet";
    made.program = "tickwerk test";
    made.settings = {{"models", "some"}};
    return made;
  }
};

inline SampleZoo sample_zoo(const SampleZooConfig& config) {
  constexpr std::size_t kSymbols = 10;
  constexpr std::uint32_t kReach = 5;
  RandomSequence random({5, 0});
  model::Dataset dataset;
  for (std::size_t t = 0; t < config.num_bars + kReach; ++t) {
    dataset.times.push_back(midnight(Date{make_date(2020, 1, 1).days + static_cast<int>(t)}));
  }
  for (std::size_t s = 0; s < kSymbols; ++s) dataset.symbols.push_back(fmt::format("S{}", s));
  dataset.feature_names = {"spring & <summer>", "noise"};
  dataset.features = Panel(2, config.num_bars * kSymbols);
  dataset.label_name = "fwd_trade_5";
  dataset.label_reach = kReach;
  for (std::size_t r = 0; r < config.num_bars * kSymbols; ++r) {
    const auto bar = static_cast<std::uint32_t>(r / kSymbols);
    dataset.bar.push_back(bar);
    dataset.symbol.push_back(static_cast<std::uint32_t>(r % kSymbols));
    dataset.label_end.push_back(bar + kReach);
    dataset.features(0, r) = random.uniform() - 0.5;
    dataset.features(1, r) = random.uniform() - 0.5;
    dataset.label.push_back(0.05 *
                            (config.signal * dataset.features(0, r) + random.uniform() - 0.5));
  }
  dataset.realized_return = dataset.label;
  SampleZoo sample;
  const model::ZooConfig zoo{.models = model::choose_models(config.models, 42)};
  sample.rows = model::zoo_rows(dataset, {.min_train_dates = 20});
  std::vector<double> daily;
  for (const double label : sample.rows.rows.label) daily.push_back(label / 5);
  const Panel returns = model::panel_of_rows(sample.rows.rows, daily);
  sample.zoo = model::score_zoo(zoo, sample.rows, model::train_zoo(zoo, sample.rows),
                                factor::DailyReturns{returns.view(), returns.view()});
  return sample;
}

}  // namespace tickwerk::report
