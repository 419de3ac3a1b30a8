#include <gtest/gtest.h>

#include "tickwerk/expr/module.h"

namespace tickwerk::expr {
namespace {

TEST(Substitute, ReadsWhatWasComputed) {
  Graph graph;
  const Module module =
      Module::parse("a = ts_mean(close, 20)\nb = a / close - a[-1]\n", "text", {});
  const std::vector<Definition> definitions = lower_all(module, {}, graph);
  const Substituted read = substitute(graph, {{definitions[0].node, "kept"}});
  EXPECT_EQ(to_string(read.graph, read.node_of[definitions[0].node]), "kept");
  EXPECT_EQ(to_string(read.graph, read.node_of[definitions[1].node]), "kept / close - kept[-1]");
  EXPECT_EQ(read.graph[read.node_of[definitions[1].node]].reach.lookback, 1);
}

TEST(Substitute, OfNothingIsTheSameGraph) {
  Graph graph;
  const Module module =
      Module::parse("x = where(close > open, cs_rank(rsi(close, 14)), nan)\n", "text", {});
  const std::vector<Definition> definitions = lower_all(module, {}, graph);
  const Substituted same = substitute(graph, {});
  ASSERT_EQ(same.graph.size(), graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) EXPECT_EQ(same.node_of[id], id);
  EXPECT_EQ(to_string(same.graph, definitions[0].node), to_string(graph, definitions[0].node));
}

TEST(LowerImported, FindsWhatTheOutputsUse) {
  static const std::string kShared =
      "_half = close / 2\nused = _half + 1\nindirect = used * 2\nunused = close * 3\n"
      "label later = close[+1]\ntwice(x) = 2 * x\n";
  ParseOptions options;
  options.catalogue = [](std::string_view name) { return name == "shared" ? &kShared : nullptr; };
  const Module module =
      Module::parse("import shared\nown = close\nlong = twice(indirect) > own\n", "text", options);
  Graph graph;
  lower_all(module, {}, graph);
  const std::size_t size = graph.size();
  std::vector<std::string> names;
  for (const Definition& definition : lower_imported(module, {}, graph)) {
    names.push_back(definition.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"used", "indirect"}));
  EXPECT_EQ(graph.size(), size);
}

}  // namespace
}  // namespace tickwerk::expr
