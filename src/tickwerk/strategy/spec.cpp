#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "tickwerk/base/nearest.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/strategy/spec_rules.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::strategy {
namespace {

constexpr int kMaxWindow = 10'000;

struct Rule {
  std::string_view key;
  std::string_view text;
  double (*value)(const StrategySpec& spec);
  bool (*holds)(double value);
};

constexpr Rule kRules[] = {
    {"top_n", "top_n must be >= 0",
     [](const StrategySpec& spec) { return static_cast<double>(spec.top_n); },
     [](double value) { return value >= 0; }},
    {"max_weight", "max_weight must be in (0, 1]",
     [](const StrategySpec& spec) { return spec.max_weight; },
     [](double value) { return value > 0 && value <= 1; }},
    {"gross", "gross must be finite and > 0", [](const StrategySpec& spec) { return spec.gross; },
     [](double value) { return std::isfinite(value) && value > 0; }},
    {"net", "net must be finite", [](const StrategySpec& spec) { return spec.net.value_or(0); },
     [](double value) { return std::isfinite(value); }},
    {"band", "band must be in [0, 1)", [](const StrategySpec& spec) { return spec.band; },
     [](double value) { return value >= 0 && value < 1; }},
    {"min_volume_ratio", "min_volume_ratio must be finite and >= 0",
     [](const StrategySpec& spec) { return spec.min_volume_ratio; },
     [](double value) { return std::isfinite(value) && value >= 0; }},
    {"min_confidence", "min_confidence must be in [0, 1]",
     [](const StrategySpec& spec) { return spec.meta_model.min_confidence; },
     [](double value) { return value >= 0 && value <= 1; }},
    {"weights", "the window of inverse_vol must be in [2, 10000] bars",
     [](const StrategySpec& spec) { return static_cast<double>(spec.inverse_vol_window); },
     [](double value) { return value >= 2 && value <= kMaxWindow; }},
    {"rebalance", "every(n) must have n >= 1",
     [](const StrategySpec& spec) { return static_cast<double>(spec.rebalance.every_rows); },
     [](double value) { return value >= 1; }},
};

[[noreturn]] void refuse(const StrategySpec& spec, const std::string& sentence) {
  throw Error(Code::kInvalidArgument, fmt::format("{} in strategy {}", sentence, spec.name));
}

/// What no number says alone: what needs what.
void check_together(const Strategy& strategy) {
  const StrategySpec& spec = strategy.spec;
  const bool shorts = spec.short_selling == ShortSelling::kAllow;
  if (!strategy.defines("long") && !strategy.defines("short")) {
    refuse(spec, "a condition `long` or `short` must be given, found none");
  }
  if (strategy.defines("short") && !shorts) {
    refuse(spec, "short conditions must come with `allow_short: true`, found none");
  }
  if (spec.gross > 1 && !shorts) {
    refuse(spec, fmt::format("gross must be at most 1 without `allow_short: true`, found {}",
                             spec.gross));
  }
  if (std::abs(*spec.net) > spec.gross) {
    refuse(spec,
           fmt::format("net must be in [-gross, gross], found {} of {}", *spec.net, spec.gross));
  }
  if (!shorts && *spec.net != spec.gross) {
    refuse(spec, fmt::format("net must be gross without `allow_short: true`, found {} of {}",
                             *spec.net, spec.gross));
  }
  const bool scored =
      spec.top_n > 0 || spec.weights == Weighting::kScore || spec.weights == Weighting::kRank;
  if (scored && !strategy.defines("score")) {
    refuse(spec, fmt::format("{} must come with a `score` or `factors`, found none",
                             spec.top_n > 0 ? fmt::format("top_n {}", spec.top_n)
                                            : fmt::format("weights {}", to_string(spec.weights))));
  }
}

/// The parameters of the strategy must be those of its text.
void check_params(const Strategy& strategy) {
  for (const auto& [name, value] : strategy.spec.params) {
    if (!std::isfinite(value)) {
      refuse(strategy.spec, fmt::format("parameter {} must be finite, found {}", name, value));
    }
  }
}

double default_net(const Strategy& strategy) {
  if (!strategy.defines("short")) return strategy.spec.gross;
  return strategy.defines("long") ? 0 : -strategy.spec.gross;
}

}  // namespace

std::string_view to_string(Weighting weighting) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"equal", "score", "inverse_vol", "rank"};
  return kNames[static_cast<std::size_t>(weighting)];
}

std::string to_string(const Weights& weights) {
  const std::string name(to_string(weights.weighting));
  return weights.weighting == Weighting::kInverseVol ? fmt::format("{}({})", name, weights.window)
                                                     : name;
}

Weights parse_weights(std::string_view text) {
  for (const Weighting simple : {Weighting::kEqual, Weighting::kScore, Weighting::kRank}) {
    if (text == to_string(simple)) return {simple};
  }
  const std::string_view name = to_string(Weighting::kInverseVol);
  Weights weights{Weighting::kInverseVol};
  if (text == name) return weights;
  if (text.starts_with(name) && text.size() > name.size() + 2 && text[name.size()] == '(' &&
      text.back() == ')') {
    const char* end = text.data() + text.size() - 1;
    const auto number = std::from_chars(text.data() + name.size() + 1, end, weights.window);
    if (number.ec == std::errc() && number.ptr == end && weights.window >= 2 &&
        weights.window <= kMaxWindow) {
      return weights;
    }
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("weights must be equal, score, rank, inverse_vol or inverse_vol(N) with "
                          "N from 2 to {} bars, found '{}'",
                          kMaxWindow, text));
}

std::string to_string(const Rebalance& rebalance) {
  switch (rebalance.period) {
    case Period::kDaily:
      return "daily";
    case Period::kWeekly:
      return "weekly";
    case Period::kMonthly:
      return "monthly";
    case Period::kEveryRows:
      break;
  }
  return fmt::format("every({})", rebalance.every_rows);
}

Rebalance parse_rebalance(std::string_view text) {
  if (text == "daily") return {Period::kDaily};
  if (text == "weekly") return {Period::kWeekly};
  if (text == "monthly") return {Period::kMonthly};
  if (text.starts_with("every(") && text.ends_with(")")) {
    const std::string_view number = text.substr(6, text.size() - 7);
    int rows = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rows);
    if (error == std::errc() && end == number.data() + number.size() && rows >= 1) {
      return {Period::kEveryRows, rows};
    }
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("rebalance must be daily, weekly, monthly or every(n) with n >= 1, "
                          "found '{}'",
                          text));
}

std::string_view to_string(MetaMode mode) noexcept {
  return mode == MetaMode::kFilter ? "filter" : "scale";
}

MetaMode parse_meta_mode(std::string_view text) {
  for (const MetaMode mode : {MetaMode::kFilter, MetaMode::kScale}) {
    if (text == to_string(mode)) return mode;
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("meta_mode must be filter or scale, found '{}'", text));
}

std::optional<BrokenRule> broken_rule(const StrategySpec& spec) {
  for (const Rule& rule : kRules) {
    const double value = rule.value(spec);
    if (!rule.holds(value)) {
      return BrokenRule{std::string(rule.key), fmt::format("{}, found {}", rule.text, value)};
    }
  }
  return std::nullopt;
}

expr::Module module_of(const StrategySpec& spec) {
  return expr::Module::parse(spec.language, spec.source.empty() ? spec.name : spec.source,
                             {.catalogue = factor::find_catalogue_text,
                              .folder = std::filesystem::path(spec.file).parent_path(),
                              .written = spec.written});
}

void require_param(const StrategySpec& spec, std::string_view name) {
  std::vector<std::string> names = spec.derived_params;
  for (const auto& entry : spec.params) names.push_back(entry.first);
  if (std::ranges::find(names, name) != names.end()) return;
  std::ranges::sort(names);
  const std::string rule = names.empty() ? fmt::format("{} has no parameters", spec.name)
                                         : fmt::format("a parameter of {} must be one of {}",
                                                       spec.name, fmt::join(names, ", "));
  throw Error(Code::kInvalidArgument,
              fmt::format("{}, found '{}'{}", rule, name, nearest_hint(name, names)));
}

void set_param(StrategySpec& spec, std::string_view name, double value) {
  require_param(spec, name);
  spec.params[std::string(name)] = value;
  std::erase(spec.derived_params, name);
}

bool Strategy::defines(std::string_view key) const {
  const std::vector<std::string> names = module.outputs();
  return std::find(names.begin(), names.end(), key) != names.end();
}

Strategy make_strategy(StrategySpec spec) {
  if (const auto broken = broken_rule(spec)) refuse(spec, broken->sentence);
  Strategy strategy;
  strategy.module = module_of(spec);
  strategy.spec = std::move(spec);
  if (!strategy.spec.net) strategy.spec.net = default_net(strategy);
  check_together(strategy);
  check_params(strategy);
  return strategy;
}

}  // namespace tickwerk::strategy
