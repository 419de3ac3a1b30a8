// Texts lowered in one line, for the tests of the front end: what became of each definition, or
// the error. Fields are those of bars, a group `sector` and events `earnings.eps`; not part of the
// program.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/module.h"

namespace tickwerk::expr {

struct LoweredText {
  Graph graph;
  std::map<std::string, Definition> definitions;

  const Definition& operator[](const std::string& name) const { return definitions.at(name); }
  const Node& node(const std::string& name = "x") const { return graph[(*this)[name].node]; }
  /// The definition as text, every sub-expression written out.
  std::string text(const std::string& name = "x") const {
    return to_string(graph, (*this)[name].node);
  }
};

inline LowerOptions test_fields() {
  LowerOptions options;
  options.fields.groups.emplace("sector", "sectors.csv");
  options.fields.events.emplace("earnings.eps", "earnings.csv");
  return options;
}

inline LoweredText lowered(std::string_view text,
                           const LowerOptions& options = test_fields(),
                           const ParseOptions& parse = {}) {
  LoweredText result;
  const Module module = Module::parse(text, "t.expr", parse);
  for (Definition& definition : lower_all(module, options, result.graph)) {
    result.definitions.emplace(definition.name, definition);
  }
  return result;
}

/// What the error says, or an empty text when there is none.
inline std::string error_of(std::string_view text,
                            const LowerOptions& options = test_fields(),
                            const ParseOptions& parse = {}) {
  try {
    lowered(text, options, parse);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace tickwerk::expr
