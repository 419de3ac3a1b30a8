#include <charconv>

#include "cli/run_flag_rows.h"
#include "cli/strategies.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;

/// The strategy as `--strategy` takes it.
std::string shown_strategy(const RunConfig& config) {
  return config.strategy.file.empty() ? config.strategy.name : config.strategy.file;
}

void apply_strategy(const Settings& settings, RunConfig& config) {
  const std::string name = settings.text("strategy");
  if (name == shown_strategy(config)) return;
  config.strategy = read_strategy(name);
}

void apply_params(const Settings& settings, RunConfig& config) {
  for (const auto& [name, text] : settings.pairs("param")) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    strategy::set_param(config.strategy, name, value);
  }
}

void apply_weights(const Settings& settings, RunConfig& config) {
  const strategy::Weights weights = strategy::parse_weights(settings.text("weights"));
  config.strategy.weights = weights.weighting;
  config.strategy.inverse_vol_window = weights.window;
}

std::string shown_weights(const RunConfig& config) {
  return to_string(strategy::Weights{config.strategy.weights, config.strategy.inverse_vol_window});
}

std::string shown_params(const RunConfig& config) {
  std::string text;
  for (const auto& [name, value] : config.strategy.params) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, shown(value));
  }
  return text;
}

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back({{.key = "strategy",
                   .placeholder = "NAME|FILE",
                   .text = "a built-in strategy (ema_trend, multifactor_long_short, "
                           "trend_baseline) or a strategy file *.yaml"},
                  apply_strategy,
                  shown_strategy});
  rows.push_back({{.key = "param",
                   .kind = Kind::kPairs,
                   .placeholder = "NAME=NUMBER",
                   .text = "a parameter of the strategy, as fast=20; may be given again"},
                  apply_params,
                  shown_params});
  rows.push_back(
      {{.key = "weights",
        .placeholder = "HOW",
        .text = "weights within each side: equal, score, rank, inverse_vol or inverse_vol(N)"},
       apply_weights,
       shown_weights});
  rows.push_back({{.key = "top_n",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "hold only the N best by score, of the shorts the N worst, 0 for all",
                   .range = {.low = 0, .high = 1'000'000}},
                  [](const Settings& s, RunConfig& c) {
                    c.strategy.top_n = static_cast<int>(s.whole("top_n"));
                  },
                  [](const RunConfig& c) { return std::to_string(c.strategy.top_n); }});
  rows.push_back(
      {{.key = "max_weight",
        .kind = Kind::kNumber,
        .placeholder = "SHARE",
        .text = "largest share of equity in one symbol; what is over stays in cash",
        .range = {.low = 0, .high = 1, .low_bound = Bound::kExcluded}},
       [](const Settings& s, RunConfig& c) { c.strategy.max_weight = s.number("max_weight"); },
       [](const RunConfig& c) { return shown(c.strategy.max_weight); }});
  rows.push_back({{.key = "gross",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "sum of the absolute weights as a share of equity, above 1 only with "
                           "short selling",
                   .range = {.low = 0, .high = 100, .low_bound = Bound::kExcluded}},
                  [](const Settings& s, RunConfig& c) { c.strategy.gross = s.number("gross"); },
                  [](const RunConfig& c) { return shown(c.strategy.gross); }});
  rows.push_back({{.key = "rebalance",
                   .placeholder = "WHEN",
                   .text = "when the strategy decides: daily, weekly, monthly or every(N) bars"},
                  [](const Settings& s, RunConfig& c) {
                    c.strategy.rebalance = strategy::parse_rebalance(s.text("rebalance"));
                  },
                  [](const RunConfig& c) { return strategy::to_string(c.strategy.rebalance); }});
  rows.push_back({{.key = "band",
                   .kind = Kind::kNumber,
                   .placeholder = "SHARE",
                   .text = "a holding nearer to its target than this share of equity is left alone",
                   .range = {.low = 0, .high = 1, .high_bound = Bound::kExcluded}},
                  [](const Settings& s, RunConfig& c) { c.strategy.band = s.number("band"); },
                  [](const RunConfig& c) { return shown(c.strategy.band); }});
  rows.push_back({{.key = "min_volume_ratio",
                   .kind = Kind::kNumber,
                   .placeholder = "RATIO",
                   .text = "volume over its mean of 20 bars needed to enter, 0 for off",
                   .range = {.low = 0}},
                  [](const Settings& s, RunConfig& c) {
                    c.strategy.min_volume_ratio = s.number("min_volume_ratio");
                  },
                  [](const RunConfig& c) { return shown(c.strategy.min_volume_ratio); }});
  rows.push_back({{.key = "meta_model",
                   .placeholder = "FILE",
                   .text = "a meta-model (.ubj or its .json) that judges each long trade on its "
                           "entry, or none"},
                  [](const Settings& s, RunConfig& c) {
                    const std::string file = s.text("meta_model");
                    c.strategy.meta_model.file = file == "none" ? "" : file;
                  },
                  [](const RunConfig& c) { return c.strategy.meta_model.file.string(); }});
  rows.push_back(
      {{.key = "meta_mode",
        .kind = Kind::kChoice,
        .text = "with a meta-model: refuse trades below --min-confidence, or weigh each "
                "by its probability",
        .choices = {"filter", "scale"}},
       [](const Settings& s, RunConfig& c) {
         c.strategy.meta_model.mode = strategy::parse_meta_mode(s.text("meta_mode"));
       },
       [](const RunConfig& c) { return std::string(to_string(c.strategy.meta_model.mode)); }});
  rows.push_back({{.key = "min_confidence",
                   .kind = Kind::kNumber,
                   .placeholder = "P",
                   .text = "least probability of a trade that the meta-model does not refuse",
                   .range = {.low = 0, .high = 1}},
                  [](const Settings& s, RunConfig& c) {
                    c.strategy.meta_model.min_confidence = s.number("min_confidence");
                  },
                  [](const RunConfig& c) { return shown(c.strategy.meta_model.min_confidence); }});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& strategy_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
