#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/expressions.h"
#include "tickwerk/base/error.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/io/number.h"
#include "tickwerk/report/table.h"
#include "tickwerk/report/values_file.h"

namespace tickwerk::cli {
namespace {

/// What one definition gave on the rows from --from on, over its values that are not NaN.
struct Summary {
  std::optional<std::size_t> first_row;
  std::size_t count = 0;
  double mean = kNaN;
  double min = kNaN;
  double max = kNaN;
};

/// One value a day counts once a day.
Summary summarize(const Panel& values, const market::LoadedBars& loaded) {
  Summary summary;
  double sum = 0;
  for (std::size_t t = loaded.first_row; t < values.num_rows(); ++t) {
    for (std::size_t s = 0; s < values.num_symbols(); ++s) {
      const double value = values(t, s);
      if (std::isnan(value)) continue;
      if (summary.count++ == 0) summary = {.first_row = t, .count = 1, .min = value, .max = value};
      sum += value;
      summary.min = std::min(summary.min, value);
      summary.max = std::max(summary.max, value);
    }
  }
  if (summary.count > 0) summary.mean = sum / static_cast<double>(summary.count);
  return summary;
}

std::string_view role(const expr::Definition& definition) {
  return definition.role == expr::Role::kLabel ? "label" : "factor";
}

std::string shown(double value) {
  if (std::isnan(value)) return "-";
  std::string text;
  io::append_rounded(text, value, 6);
  return text;
}

std::string date(const market::Bars& bars, std::optional<std::size_t> row) {
  return row ? to_string(bars.times[*row], bars.frequency) : "-";
}

std::string table(const factor::Evaluation& evaluation, const market::LoadedBars& loaded) {
  using report::Align;
  report::Table table({{"name"},
                       {"role"},
                       {"first value"},
                       {"values", Align::kRight},
                       {"mean", Align::kRight},
                       {"min", Align::kRight},
                       {"max", Align::kRight}});
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    const expr::Definition& definition = evaluation.definitions[i];
    const Summary summary = summarize(evaluation.values[i], loaded);
    table.add({definition.name, std::string(role(definition)), date(loaded.bars, summary.first_row),
               std::to_string(summary.count), shown(summary.mean), shown(summary.min),
               shown(summary.max)});
  }
  return table.plain();
}

/// JSON has no NaN and no infinity.
nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json document(const factor::Evaluation& evaluation, const market::LoadedBars& loaded) {
  nlohmann::json definitions = nlohmann::json::array();
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    const expr::Definition& definition = evaluation.definitions[i];
    const expr::Reach& reach = evaluation.graph[definition.node].reach;
    const Summary summary = summarize(evaluation.values[i], loaded);
    definitions.push_back({{"name", definition.name},
                           {"role", role(definition)},
                           {"text", definition.text},
                           {"lookback", reach.lookback},
                           {"lookahead", reach.lookahead},
                           {"all_history", reach.all_history},
                           {"values", summary.count},
                           {"mean", number(summary.mean)},
                           {"min", number(summary.min)},
                           {"max", number(summary.max)}});
    if (summary.first_row) {
      definitions.back()["first_value"] = date(loaded.bars, summary.first_row);
    }
  }
  return {{"definitions", std::move(definitions)},
          {"data_fingerprint", loaded.fingerprint},
          {"warnings", evaluation.warnings}};
}

std::size_t write(const std::string& file,
                  const factor::Evaluation& evaluation,
                  const market::LoadedBars& loaded) {
  std::vector<report::ValueColumn> columns;
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    columns.push_back(
        {.name = evaluation.definitions[i].name, .values = evaluation.values[i].view()});
  }
  return report::write_values(file, loaded.bars, loaded.first_row, columns);
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string out = settings.text("out");
  const Expressions expressions = read_expressions(settings, settings.text("file"));
  if (!out.empty()) report::check_values_file(out, expressions.names);
  const ExpressionData data = load_data(invocation);
  const factor::Evaluation evaluation =
      factor::evaluate(data.sources(), expressions.module,
                       {.params = expressions.params, .names = expressions.names, .run = {}});
  say_warnings(invocation, evaluation.warnings);
  const bool json = invocation.output.format() == Format::kJson;
  if (out.empty()) {
    invocation.output.result(json ? document(evaluation, data.loaded).dump(2)
                                  : table(evaluation, data.loaded));
    return 0;
  }
  const std::size_t num_rows = write(out, evaluation, data.loaded);
  if (json) {
    nlohmann::json result = document(evaluation, data.loaded);
    result["file"] = out;
    result["rows"] = num_rows;
    invocation.output.result(result.dump(2));
  } else {
    invocation.output.result(
        fmt::format("{}: {} rows of {}", out, num_rows, fmt::join(expressions.names, ", ")));
  }
  return 0;
}

}  // namespace

Command expr_eval_command() {
  std::vector<FlagGroup> groups = expression_groups();
  groups[0].flags.push_back({.key = "out",
                             .placeholder = "FILE",
                             .text = "where the values go, by the ending: .csv, .parquet; without "
                                     "it a summary is shown"});
  return {.name = "expr eval",
          .summary = "values of expressions over bars, factors and labels",
          .details =
              "Writes `timestamp,symbol,<names>` sorted by timestamp and symbol, a row where the "
              "symbol has a bar, from --from on; earlier bars are still read. What has one value a "
              "day is repeated for every symbol.",
          .groups = std::move(groups),
          .run = run};
}

}  // namespace tickwerk::cli
