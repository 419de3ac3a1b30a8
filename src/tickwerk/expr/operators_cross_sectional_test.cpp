// Cross-sectional operators as text, through front end and engine: against other libraries' numbers
// (tests/parity/cross_sectional_parity.py wrote them down; ctest says where they lie in
// TICKWERK_GOLDEN), and what they share.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"

namespace tickwerk::expr {
namespace {

using Row = std::vector<double>;

Panel one_row(const Row& values) {
  Panel panel(1, values.size(), kNaN);
  std::copy(values.begin(), values.end(), panel.row(0));
  return panel;
}

/// One day of named rows of symbols that all have a bar; `sector` is a group.
class Day {
 public:
  explicit Day(const std::map<std::string, Row>& rows) {
    const std::size_t size = rows.begin()->second.size();
    panels_.emplace("bar", one_row(Row(size, 1.0)));
    inputs_.num_rows = 1;
    inputs_.num_symbols = size;
    inputs_.bar = panels_.at("bar").view();
    for (const auto& [name, values] : rows) {
      const Panel& panel = panels_.emplace(name, one_row(values)).first->second;
      if (name == "in_universe") {
        inputs_.in_universe = panel.view();
        continue;
      }
      inputs_.fields[name] = panel.view();
      if (name == "sector") {
        options_.fields.groups[name] = "the test";
      } else {
        options_.fields.series[name] = Shape::kPanel;
      }
    }
  }

  /// A value per symbol, or one for the day.
  Row operator()(const std::string& text) {
    const NodeId node = lower(text);
    const Values values = evaluate(graph_, std::vector<Request>{{.node = node}}, inputs_);
    const Panel& panel = values.numbers.at(0);
    return {panel.row(0), panel.row(0) + panel.num_symbols()};
  }

  NodeId lower(const std::string& text) {
    return lower_expression(module_, text, "test", Role::kFactor, options_, graph_).node;
  }
  const Graph& graph() const { return graph_; }

 private:
  std::map<std::string, Panel> panels_;
  Inputs inputs_;
  Module module_ = Module::parse("", "test", {});
  LowerOptions options_;
  Graph graph_;
};

Row numbers(const std::string& text) {
  std::istringstream words(text);
  Row values;
  for (std::string word; words >> word;) values.push_back(std::stod(word));
  return values;
}

void expect_near(const Row& found, const Row& expected, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(found[i])) << what << ", symbol " << i << ": " << found[i];
    } else {
      EXPECT_NEAR(found[i], expected[i], 1e-12) << what << ", symbol " << i;
    }
  }
}

TEST(CrossSectionalParity, OperatorsEqualPandasScipyAndNumpy) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
  std::ifstream file(std::string(folder) + "/cross_sectional.txt");
  std::map<std::string, Row> rows;
  std::vector<std::pair<std::string, Row>> expectations;
  for (std::string line; std::getline(file, line);) {
    const std::size_t begin = line.find(' ') + 1;
    const std::size_t end = line.rfind(" = ");
    if (line.starts_with("#") || end == std::string::npos) continue;
    const std::string what = line.substr(begin, end - begin);
    const Row values = numbers(line.substr(end + 3));
    if (line.starts_with("row ")) rows[what] = values;
    if (line.starts_with("expect ")) expectations.emplace_back(what, values);
  }
  ASSERT_EQ(rows.size(), 6u);
  ASSERT_EQ(expectations.size(), 31u);
  Day day(rows);
  for (const auto& [text, values] : expectations) expect_near(day(text), values, text);
}

TEST(CrossSectional, OperatorsOnTheSameValuesShareOneSort) {
  Day day({{"x", {1, 2, 3}}, {"y", {1, 3, 2}}});
  for (const char* text : {"cs_rank(x)", "cs_quantile(x, 2)", "cs_winsorize(x)", "cs_median(x)",
                           "cs_spearman(x, y)", "cs_spearman(y, x)", "cs_rank(x + 0 * y)"}) {
    day.lower(text);
  }
  const auto sorts = std::count_if(
      day.graph().nodes().begin(), day.graph().nodes().end(),
      [](const Node& node) { return node.op != nullptr && node.op->name == "$cs_order"; });
  EXPECT_EQ(sorts, 3);  // of x, of y, of x + 0 * y
}

TEST(CrossSectional, OperatorsLookAtMembersOfTheDay) {
  Day day({{"x", {4, 1, 3, 2}}, {"y", {1, 9, 2, 3}}, {"in_universe", {1, 0, 1, 1}}});
  Row ranks = day("cs_rank(x)");
  EXPECT_EQ(ranks[0], 1.0);
  EXPECT_EQ(ranks[2], 2.0 / 3);
  EXPECT_EQ(ranks[3], 1.0 / 3);
  EXPECT_EQ(day("cs_count(x)"), Row{3});
  EXPECT_EQ(day("cs_mean(x)"), Row{3});
  EXPECT_EQ(day("cs_spearman(x, y)"), Row{-1});  // of the members: ranks 3, 2, 1 and 1, 2, 3
}

TEST(CrossSectional, ConditionsAreSummedAndCounted) {
  Day day({{"x", {4, 1, kNaN, 2}}});
  EXPECT_EQ(day("cs_sum(x > 1.5)"), Row{2});
  EXPECT_EQ(day("cs_count(x > 1.5)"), Row{3});
}

TEST(CrossSectional, EveryOperatorWithAGroupHasATwinThatRequiresItFirst) {
  int with_group = 0;
  for (const Operator& op : operators()) {
    std::vector<Parameter> expected = op.parameters;
    const auto group =
        std::find_if(expected.begin(), expected.end(), [](const Parameter& parameter) {
          return parameter.kind == ParameterKind::kGroup && parameter.optional;
        });
    if (group == expected.end()) continue;
    ++with_group;
    std::rotate(expected.begin(), group, group + 1);
    const Operator* twin = find_operator("$" + std::string(op.name) + "_by");
    ASSERT_NE(twin, nullptr) << op.name;
    ASSERT_EQ(twin->parameters.size(), expected.size()) << op.name;
    EXPECT_FALSE(twin->parameters[0].optional);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(twin->parameters[i].name, expected[i].name) << op.name;
      EXPECT_EQ(twin->parameters[i].kind, expected[i].kind) << op.name;
      EXPECT_EQ(twin->parameters[i].default_text, expected[i].default_text) << op.name;
    }
  }
  EXPECT_EQ(with_group, 7);
}

}  // namespace
}  // namespace tickwerk::expr
