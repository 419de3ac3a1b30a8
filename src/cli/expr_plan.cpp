#include <nlohmann/json.hpp>

#include "cli/expressions.h"
#include "tickwerk/expr/run.h"
#include "tickwerk/factor/check.h"
#include "tickwerk/factor/evaluate.h"

namespace tickwerk::cli {
namespace {

constexpr std::size_t kMaxText = 1000;  // bytes of a node; its inputs say the rest

nlohmann::json document(const factor::Evaluation& compiled,
                        const std::string& plan,
                        const std::vector<double>& node_ns) {
  nlohmann::json definitions = nlohmann::json::array();
  for (const expr::Definition& definition : compiled.definitions) {
    const expr::Reach& reach = compiled.graph[definition.node].reach;
    definitions.push_back({{"name", definition.name},
                           {"text", definition.text},
                           {"node", definition.node},
                           {"lookback", reach.lookback},
                           {"lookahead", reach.lookahead},
                           {"all_history", reach.all_history},
                           {"cost_ns", factor::cost_ns(compiled.graph, definition.node)}});
  }
  nlohmann::json nodes = nlohmann::json::array();
  const std::vector<std::string> texts = expr::shortened_texts(compiled.graph, kMaxText);
  for (expr::NodeId id = 0; id < compiled.graph.size(); ++id) {
    nodes.push_back({{"text", texts[id]}, {"inputs", compiled.graph[id].inputs}});
    if (!node_ns.empty()) nodes.back()["measured_ns"] = node_ns[id];
  }
  return {{"definitions", std::move(definitions)},
          {"nodes", std::move(nodes)},
          {"plan", plan},
          {"warnings", compiled.warnings}};
}

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const Expressions expressions = read_expressions(settings, settings.text("file"));
  const ExpressionData data = load_data(invocation);
  const factor::Evaluation compiled =
      factor::compile(data.sources(), expressions.module,
                      {.params = expressions.params, .names = expressions.names, .run = {}});
  say_warnings(invocation, compiled.warnings);
  const factor::InputPanels panels(data.sources(), compiled.graph);
  std::vector<expr::Request> requests;
  for (const expr::Definition& definition : compiled.definitions) {
    requests.push_back({.node = definition.node});
  }
  std::vector<double> node_ns;
  if (settings.on("run")) {
    expr::evaluate(compiled.graph, requests, panels.inputs(), {.node_ns = &node_ns});
  }
  const std::string plan = expr::describe_plan(compiled.graph, requests, panels.inputs(), node_ns);
  invocation.output.result(invocation.output.format() == Format::kJson
                               ? document(compiled, plan, node_ns).dump(2)
                               : plan);
  return 0;
}

}  // namespace

Command expr_plan_command() {
  std::vector<FlagGroup> groups = expression_groups();
  groups[0].flags.push_back({.key = "run",
                             .kind = Kind::kSwitch,
                             .text = "evaluate, and show the measured time of every node"});
  return {.name = "expr plan",
          .summary = "how expressions would be computed: nodes, reach, stages, bytes, cost",
          .groups = std::move(groups),
          .run = run};
}

}  // namespace tickwerk::cli
