#include "tickwerk/job/ml_dataset_text.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/factor/catalogue.h"
#include "tickwerk/io/number.h"
#include "tickwerk/job/feature_source.h"
#include "tickwerk/job/ml_dataset_recipe.h"
#include "tickwerk/job/price_levels.h"
#include "tickwerk/market/names.h"
#include "tickwerk/report/table.h"

namespace tickwerk::job {
namespace {

using model::LabelRule;
using nlohmann::json;

std::string digits(double value, int significant = 6) {
  std::string text;
  io::append_rounded(text, value, significant);
  return text.empty() ? "-" : text;
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

bool is_every_bar(const DatasetConfig& config) { return config.rows == DatasetRows::kEveryBar; }

std::string benchmark_name(const DatasetConfig& config) {
  return std::filesystem::path(config.run.benchmark).filename().string();
}

/// What r, the realized return, is; `expression`: of the label, where it has one.
std::string return_text(const DatasetConfig& config, const std::string& expression) {
  if (!expression.empty()) return expression;
  const bool at_open = config.run.backtest.fill == backtest::FillRule::kNextOpen;
  if (config.rule == LabelRule::kTripleBarrier) {
    return fmt::format("return from the {} to the first of three barriers within {} bars{}",
                       at_open ? "next open" : "close", config.horizon,
                       is_every_bar(config) ? "" : ", after costs");
  }
  return fmt::format("return after costs of the strategy's trade, of at most {} bars",
                     config.horizon);
}

std::string label_text(const DatasetConfig& config, const std::string& expression) {
  std::string r = return_text(config, expression);
  switch (config.rule) {
    case LabelRule::kSuccess:
      return fmt::format("1 where r >= {}; r: {}", config.success_threshold, r);
    case LabelRule::kClasses:
      return fmt::format("0 where r < 0, 2 where r >= {}, else 1; r: {}", config.success_threshold,
                         r);
    case LabelRule::kOutperformance:
      return fmt::format("1 where r > the return of {} over the same bars; r: {}",
                         benchmark_name(config), r);
    case LabelRule::kTripleBarrier:
      return fmt::format("barrier met first, 0 the lower ({}), 2 the upper ({}), 1 none; r: {}",
                         config.barrier_down, config.barrier_up, r);
    case LabelRule::kReturn:
      break;
  }
  return r;
}

RecipeStrategy recipe_of(const strategy::StrategySpec& spec) {
  RecipeStrategy strategy{.name = spec.name,
                          .texts = {},
                          .language = spec.language,
                          .params = spec.params,
                          .top_n = spec.top_n,
                          .rebalance = strategy::to_string(spec.rebalance),
                          .min_volume_ratio = spec.min_volume_ratio};
  for (const strategy::KeyText& text : spec.texts) strategy.texts[text.key] = text.text;
  return strategy;
}

DatasetRecipe recipe_of(const DatasetConfig& config, const BuiltDataset& built) {
  const backtest::BacktestConfig& backtest = config.run.backtest;
  DatasetRecipe recipe{.rows = is_every_bar(config) ? "every_bar" : "entries",
                       .label_kind = std::string(to_string(config.rule)),
                       .horizon = config.horizon,
                       .fill = std::string(backtest::to_string(backtest.fill)),
                       .delist_haircut = backtest.delist_haircut};
  if (config.rule == LabelRule::kSuccess || config.rule == LabelRule::kClasses) {
    recipe.success_threshold = config.success_threshold;
  }
  if (config.rule == LabelRule::kTripleBarrier) {
    recipe.barriers = {.up = config.barrier_up, .down = config.barrier_down};
  }
  if (config.rule == LabelRule::kOutperformance) recipe.benchmark = benchmark_name(config);
  if (!config.label.empty()) recipe.label = config.label;
  if (config.run.load.from) recipe.from = to_string(*config.run.load.from);
  recipe.features = feature_source(config.features, config.params);
  recipe.candidates = built.summary.num_candidates;
  recipe.left_out = built.summary.left_out;
  recipe.adjustment = std::string(to_string(built.loaded.bars.adjustment));
  recipe.price_levels = built.price_levels;
  if (!is_every_bar(config)) {
    recipe.entries = {.strategy = recipe_of(built.spec),
                      .costs = backtest.costs,
                      .delist_after = backtest.delist_after};
  }
  return recipe;
}

struct Reason {
  std::size_t num_rows = 0;
  std::string_view key;
  std::string_view text;
};

std::vector<Reason> reasons(const model::LeftOut& out) {
  return {{out.num_unfinished, "label_after_data", "the data end before the label does"},
          {out.num_unfilled, "unfilled", "the order met no price"},
          {out.num_no_label, "no_label", "the label has no value"},
          {out.num_no_benchmark, "no_benchmark", "the benchmark has no close yet"},
          {out.num_strangers, "not_a_member", "not in the universe on the day"}};
}

std::string rows_text(const BuiltDataset& built) {
  const model::DatasetSummary& summary = built.summary;
  std::string text = fmt::format(
      "{} rows of {} {}, {} symbols, {} bars, {} features; {} rows have all of them\n",
      summary.num_rows, summary.num_candidates, built.spec.name.empty() ? "bars" : "entries",
      summary.num_symbols, summary.num_bars, built.dataset.num_features(), summary.num_complete);
  for (const Reason& reason : reasons(summary.left_out)) {
    if (reason.num_rows > 0)
      text += fmt::format("left out: {}, {}\n", reason.num_rows, reason.text);
  }
  return text;
}

std::string class_table(const model::DatasetSummary& summary) {
  using report::Align;
  report::Table table({{"class"},
                       {"rows", Align::kRight},
                       {"share", Align::kRight},
                       {"mean return", Align::kRight}});
  for (const model::ClassCount& count : summary.classes) {
    const double share =
        static_cast<double>(count.num_rows) / static_cast<double>(summary.num_rows);
    table.add(
        {count.name, std::to_string(count.num_rows), percent(share), digits(count.mean_return)});
  }
  return table.plain();
}

std::string year_table(const model::DatasetSummary& summary) {
  using report::Align;
  std::vector<report::Column> titles = {{"year"}, {"rows", Align::kRight}};
  const bool has_classes = summary.classes.size() > 1;
  for (const model::ClassCount& count : summary.classes) {
    if (has_classes) titles.push_back({count.name, Align::kRight});
  }
  titles.push_back({"mean return", Align::kRight});
  report::Table table(std::move(titles));
  for (const model::YearCount& year : summary.years) {
    std::vector<std::string> cells = {std::to_string(year.year), std::to_string(year.num_rows)};
    for (const std::size_t count : year.by_class) cells.push_back(std::to_string(count));
    cells.push_back(digits(year.mean_return));
    table.add(std::move(cells));
  }
  return table.plain();
}

std::string feature_table(const model::DatasetSummary& summary) {
  using report::Align;
  report::Table table({{"feature"}, {"missing", Align::kRight}, {"infinite", Align::kRight}});
  for (const model::FeatureCount& feature : summary.features) {
    table.add({feature.name, percent(feature.missing), percent(feature.infinite)});
  }
  return table.plain();
}

json summary_json(const BuiltDataset& built) {
  const model::DatasetSummary& summary = built.summary;
  json classes = json::array(), years = json::array(), features = json::array();
  json left_out = json::object();
  const auto number = [](double value) { return value == value ? json(value) : json(nullptr); };
  for (const model::ClassCount& count : summary.classes) {
    classes.push_back({{"name", count.name},
                       {"rows", count.num_rows},
                       {"mean_return", number(count.mean_return)}});
  }
  for (const model::YearCount& year : summary.years) {
    years.push_back({{"year", year.year},
                     {"rows", year.num_rows},
                     {"by_class", year.by_class},
                     {"mean_return", number(year.mean_return)}});
  }
  for (const model::FeatureCount& feature : summary.features) {
    features.push_back(
        {{"name", feature.name}, {"missing", feature.missing}, {"infinite", feature.infinite}});
  }
  for (const Reason& reason : reasons(summary.left_out)) {
    left_out[std::string(reason.key)] = reason.num_rows;
  }
  return {{"rows", summary.num_rows},        {"candidates", summary.num_candidates},
          {"left_out", std::move(left_out)}, {"complete_rows", summary.num_complete},
          {"symbols", summary.num_symbols},  {"bars", summary.num_bars},
          {"classes", std::move(classes)},   {"years", std::move(years)},
          {"features", std::move(features)}};
}

}  // namespace

void describe(const DatasetConfig& config, BuiltDataset& built) {
  model::DatasetDescription& description = built.description;
  description.catalogue_fingerprint = factor::catalogue_fingerprint();
  description.data_fingerprint = built.loaded.fingerprint;
  description.label_text = label_text(config, description.label_text);
  description.classes = model::class_names(config.rule);
  description.config = recipe_json(recipe_of(config, built));
}

std::string dataset_text(const BuiltDataset& built, const std::filesystem::path& output) {
  std::string text = fmt::format("{}\n", (output / built.file).string());
  text += fmt::format("label {}: {}\n", built.dataset.label_name, built.description.label_text);
  text += rows_text(built);
  for (const std::string& table :
       {class_table(built.summary), year_table(built.summary), feature_table(built.summary)}) {
    text += '\n';
    text += table;
  }
  return text;
}

std::string dataset_json(const BuiltDataset& built, const std::filesystem::path& output) {
  json written = summary_json(built);
  written["file"] = (output / built.file).string();
  written["fingerprint"] = built.fingerprint;
  written["data_fingerprint"] = built.loaded.fingerprint;
  written["label"] = {{"name", built.dataset.label_name},
                      {"text", built.description.label_text},
                      {"reach", built.dataset.label_reach}};
  written["config"] = built.description.config;
  return written.dump(2);
}

std::vector<std::pair<std::string, std::string>> dataset_settings(const BuiltDataset& built) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& [key, value] : built.description.config.items()) {
    settings.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  settings.emplace_back("features", fmt::format("{}", fmt::join(built.dataset.feature_names, "+")));
  std::sort(settings.begin(), settings.end());
  return settings;
}

}  // namespace tickwerk::job
