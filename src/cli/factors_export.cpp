#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/expressions.h"
#include "cli/factors.h"
#include "cli/panel_flags.h"
#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/report/values_file.h"

namespace tickwerk::cli {
namespace {

/// What a reader finds under the key `tickwerk` of the file's metadata.
nlohmann::json description(const factor::Evaluation& evaluation,
                           const std::vector<std::string>& fields,
                           const market::LoadedBars& loaded) {
  nlohmann::json columns = nlohmann::json::array();
  for (const std::string& field : fields) columns.push_back({{"name", field}, {"role", "field"}});
  for (const expr::Definition& definition : evaluation.definitions) {
    const expr::Reach& reach = evaluation.graph[definition.node].reach;
    nlohmann::json column = {{"name", definition.name},       {"role", role_word(definition.role)},
                             {"expression", definition.text}, {"lookback", reach.lookback},
                             {"lookahead", reach.lookahead},  {"all_history", reach.all_history}};
    if (reach.all_history && std::isfinite(reach.half_life)) column["half_life"] = reach.half_life;
    columns.push_back(std::move(column));
  }
  return {{"format", "tickwerk panel 1"},
          {"version", TICKWERK_VERSION},
          {"catalogue_fingerprint", factor::catalogue_fingerprint()},
          {"data_fingerprint", loaded.fingerprint},
          {"columns", std::move(columns)}};
}

/// Fields of the bars in the order of the input files.
std::vector<std::string> fields_of(const market::Bars& bars) {
  std::vector<std::string> fields;
  for (const std::string_view field : {"open", "high", "low", "close", "volume"}) {
    if (bars.fields.contains(field)) fields.emplace_back(field);
  }
  return fields;
}

int run(const Invocation& invocation) {
  const std::string out = invocation.settings.text("out");
  const PanelSelection selection = read_panel_selection(invocation.settings);
  const factor::SelectedExpressions chosen = factor::select(selection.selection);
  std::vector<std::string> names = chosen.names;
  names.insert(names.end(), chosen.labels.begin(), chosen.labels.end());
  report::check_values_file(out, names);

  const ExpressionData data = load_data(invocation);
  const market::Bars& bars = data.loaded.bars;
  const factor::Evaluation evaluation = factor::evaluate(
      data.sources(), chosen.module,
      {.params = selection.params, .names = names, .run = {}, .store = job::store_of(data.config)});
  say_warnings(invocation, evaluation.warnings);
  say_warnings(invocation, evaluation.store.warnings);
  for (const std::string& said : evaluation.store.sentences()) invocation.output.note(said);

  const std::vector<std::string> fields = fields_of(bars);
  std::vector<report::ValueColumn> columns;
  for (const std::string& field : fields) {
    columns.push_back({.name = field, .values = bars.field(field).view()});
  }
  for (std::size_t i = 0; i < evaluation.definitions.size(); ++i) {
    columns.push_back({evaluation.definitions[i].name, evaluation.values[i].view()});
  }
  const nlohmann::json described = description(evaluation, fields, data.loaded);
  const std::size_t num_rows = report::write_values(out, bars, data.loaded.first_row, columns,
                                                    {{"tickwerk", described.dump()}});
  if (invocation.output.format() == Format::kJson) {
    nlohmann::json result = described;
    result["file"] = out;
    result["rows"] = num_rows;
    invocation.output.result(result.dump(2));
  } else {
    const auto num_labels = std::count_if(
        evaluation.definitions.begin(), evaluation.definitions.end(),
        [](const expr::Definition& definition) { return definition.role == expr::Role::kLabel; });
    invocation.output.result(fmt::format("{}: {} rows, {} factors, {} labels", out, num_rows,
                                         evaluation.definitions.size() - num_labels, num_labels));
  }
  return 0;
}

}  // namespace

Command factors_export_command() {
  std::vector<FlagGroup> groups = {panel_flags(Horizons::kSeveral), bars_flags(), source_flags(),
                                   store_flags()};
  groups[0].flags.push_back({.key = "out",
                             .placeholder = "FILE",
                             .text = "the panel, by its ending: .parquet, .csv",
                             .default_value = "panel.parquet"});
  return {.name = "factors export",
          .summary = "a panel of bars, factors and labels as one file",
          .details =
              "Writes `timestamp,symbol`, the fields of the bars, the factors and the labels, "
              "sorted by timestamp and symbol, a row where the symbol has a bar, from --from on; "
              "earlier bars are still read. The metadata of a Parquet file says of each column "
              "whether it is a field, a factor or a label, its expression and its reach.",
          .groups = std::move(groups),
          .run = run};
}

}  // namespace tickwerk::cli
