#include <algorithm>
#include <charconv>

#include "cli/run_flag_rows.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;
using strategy::Weighting;

void refuse_what_comes_later(const std::string& name) {
  const bool is_file =
      name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
  if (is_file || name == "multifactor_long_short") {
    throw Error(Code::kUnsupported,
                fmt::format("--strategy {} is not available in this version, found '{}'",
                            is_file ? "FILE" : "multifactor_long_short", name));
  }
}

void apply_params(const Settings& settings, RunConfig& config) {
  auto& params = config.strategy.params;
  for (const auto& [name, value] : settings.pairs("param")) {
    const auto param = params.find(name);
    if (param == params.end()) {
      std::vector<std::string> names;
      for (const auto& entry : params) names.push_back(entry.first);
      throw Error(
          Code::kInvalidArgument,
          fmt::format("a parameter of {} must be one of {}, found '{}'{}", config.strategy.name,
                      fmt::join(names, ", "), name, nearest_hint(name, names)));
    }
    std::from_chars(value.data(), value.data() + value.size(), param->second);
  }
}

/// `equal`, `score`, `rank`, `inverse_vol` (20 bars) or `inverse_vol(N)`.
void apply_weights(const Settings& settings, RunConfig& config) {
  const std::string text = settings.text("weights");
  for (const Weighting simple : {Weighting::kEqual, Weighting::kScore, Weighting::kRank}) {
    if (text == strategy::to_string(simple)) {
      config.strategy.weights = simple;
      return;
    }
  }
  constexpr std::string_view kName = "inverse_vol";
  int window = 20;
  if (text != kName) {
    const char* end = text.data() + text.size();
    const bool shaped = text.starts_with(kName) && text.size() > kName.size() + 2 &&
                        text[kName.size()] == '(' && text.back() == ')';
    const auto number = shaped ? std::from_chars(text.data() + kName.size() + 1, end - 1, window)
                               : std::from_chars_result{end, std::errc::invalid_argument};
    if (number.ec != std::errc() || number.ptr != end - 1 || window < 2 || window > 10'000) {
      throw Error(
          Code::kInvalidArgument,
          fmt::format("--weights must be equal, score, rank, inverse_vol or inverse_vol(N) with N "
                      "from 2 to 10000 bars, found '{}'",
                      text));
    }
  }
  config.strategy.weights = Weighting::kInverseVol;
  config.strategy.inverse_vol_window = window;
}

std::string shown_weights(const RunConfig& config) {
  if (config.strategy.weights != Weighting::kInverseVol) {
    return std::string(strategy::to_string(config.strategy.weights));
  }
  return fmt::format("inverse_vol({})", config.strategy.inverse_vol_window);
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
  rows.push_back({{.key = "strategy", .placeholder = "NAME", .text = "trend_baseline or ema_trend"},
                  [](const Settings& s, RunConfig& c) {
                    const std::string name = s.text("strategy");
                    refuse_what_comes_later(name);
                    if (name != c.strategy.name) c.strategy = strategy::built_in_spec(name);
                  },
                  [](const RunConfig& c) { return c.strategy.name; }});
  rows.push_back({{.key = "param",
                   .kind = Kind::kPairs,
                   .placeholder = "NAME=NUMBER",
                   .text = "a parameter of the strategy (fast, slow); may be given again"},
                  apply_params,
                  shown_params});
  rows.push_back(
      {{.key = "weights",
        .placeholder = "HOW",
        .text = "weights of the longs: equal, score, rank, inverse_vol or inverse_vol(N)"},
       apply_weights,
       shown_weights});
  rows.push_back({{.key = "top_n",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "hold only the N best by score, 0 for all",
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
                   .text = "sum of the weights as a share of equity",
                   .range = {.low = 0, .high = 1, .low_bound = Bound::kExcluded}},
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
  rows.push_back({{.key = "sweep",
                   .placeholder = "SPEC",
                   .text = "run every combination of parameters",
                   .availability = Availability::kLater}});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& strategy_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
