// Sets of the catalogue evaluated over bars or over prices written in a test, for the tests of this
// folder.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::factor {

using ValuesByName = std::map<std::string, Panel, std::less<>>;

/// Prices by field, [symbol][bar]; NaN where there is no bar.
using Prices = std::map<std::string, std::vector<std::vector<double>>, std::less<>>;

inline Panel panel_of(const std::vector<std::vector<double>>& columns) {
  Panel panel(columns.at(0).size(), columns.size(), kNaN);
  for (std::size_t symbol = 0; symbol < columns.size(); ++symbol) {
    for (std::size_t t = 0; t < columns[symbol].size(); ++t) panel(t, symbol) = columns[symbol][t];
  }
  return panel;
}

inline market::Bars bars_of(const Prices& prices) {
  market::Bars bars;
  for (const auto& [name, columns] : prices) bars.fields.emplace(name, panel_of(columns));
  return bars;
}

/// The outputs of a text, by name; `sector` are group codes, [time, symbol].
inline ValuesByName evaluate_text(std::string_view text,
                                  const market::Bars& bars,
                                  const Panel& sector = {},
                                  const expr::LowerOptions& given = {}) {
  expr::LowerOptions options = given;
  options.fields = catalogue_fields();
  const expr::Module module =
      expr::Module::parse(text, "test", {.catalogue = find_catalogue_text, .folder = {}});
  expr::Graph graph;
  const std::vector<expr::Definition> definitions = expr::lower_all(module, options, graph);
  std::vector<expr::Request> requests;
  for (const expr::Definition& definition : definitions) {
    requests.push_back({.node = definition.node});
  }

  expr::Inputs inputs;
  inputs.bar = bars.close().view();
  inputs.num_rows = inputs.bar.num_rows;
  inputs.num_symbols = inputs.bar.num_symbols;
  for (const auto& [name, panel] : bars.fields) inputs.fields.emplace(name, panel.view());
  if (sector.num_rows() > 0) inputs.fields.emplace("sector", sector.view());
  expr::Values values = expr::evaluate(graph, requests, inputs);

  ValuesByName by_name;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    by_name.emplace(definitions[i].name, std::move(values.numbers[i]));
  }
  return by_name;
}

inline ValuesByName evaluate_set(std::string_view set,
                                 const market::Bars& bars,
                                 const Panel& sector = {}) {
  return evaluate_text(catalogue_text(set), bars, sector);
}

}  // namespace tickwerk::factor
