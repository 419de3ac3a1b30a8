// Calls of every operator of the registry, as text, made from the descriptions of its parameters:
// what the tests of properties evaluate. An operator added tomorrow is called without another line.
// Not part of the program.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/operator.h"
#include "tickwerk/expr/parameter.h"

namespace tickwerk::expr {

/// What a call is made with.
struct CallChoice {
  std::vector<std::string> series;      // for the series, in turn
  std::vector<std::string> conditions;  // for the conditions, in turn
  std::string group;                    // for groups; none where empty
  double window = 5;                    // later windows are longer by 3 each
  bool few_values = false;              // a small min_count in place of the default
  std::size_t num_repeated = 1;         // arguments for a parameter that repeats
  std::size_t which = 0;                // 0, 1, 2, ...: other numbers inside the bounds
};

inline std::string number_text(const Parameter& parameter,
                               const CallChoice& choice,
                               std::size_t index) {
  const Bounds bounds = bounds_of(parameter);
  if (parameter.kind == ParameterKind::kBars) {
    const double ahead = choice.which % 2 == 1 ? 1 : -1;
    return fmt::format("{:+}", ahead * choice.window);
  }
  if (parameter.kind == ParameterKind::kCount) {
    constexpr std::array<double, 3> kCounts = {3, 0, 1};
    return fmt::format("{}", std::clamp(kCounts[choice.which % 3], bounds.low, bounds.high));
  }
  // Rising, so that a lower bound stands before an upper one.
  constexpr std::array<double, 3> kFirst = {0.5, 0.25, 1};
  const double number = kFirst[choice.which % 3] * static_cast<double>(index + 1);
  return fmt::format("{}", std::clamp(number, bounds.low, bounds.high));
}

/// The operator that the user writes as a symbol, or an empty text.
inline std::string symbol_call(const Operator& op, const std::vector<std::string>& arguments) {
  if (op.name == "$offset") return fmt::format("({})[{}]", arguments[0], arguments[1]);
  const bool hidden = op.name.starts_with('$') && op.kind == OperatorKind::kElementWise;
  if (!hidden) return {};
  if (op.name == "$negate") return fmt::format("-({})", arguments[0]);
  if (op.parameters.size() == 1) return fmt::format("{} ({})", shown_name(op), arguments[0]);
  return fmt::format("({}) {} ({})", arguments[0], shown_name(op), arguments[1]);
}

/// A call as a user writes it; empty for an operator that stands in definitions only.
inline std::string call_text(const Operator& op, const CallChoice& choice) {
  std::vector<std::string> arguments;
  std::size_t num_series = 0, num_conditions = 0, num_windows = 0, num_numbers = 0;
  for (const Parameter& parameter : op.parameters) {
    const std::size_t times = parameter.repeats ? choice.num_repeated : 1;
    switch (parameter.kind) {
      case ParameterKind::kSeries:
        for (std::size_t i = 0; i < times; ++i) {
          arguments.push_back(choice.series[num_series++ % choice.series.size()]);
        }
        break;
      case ParameterKind::kCondition:
        arguments.push_back(choice.conditions[num_conditions++ % choice.conditions.size()]);
        break;
      case ParameterKind::kGroup:
        if (!choice.group.empty()) {
          arguments.push_back(fmt::format("{}={}", parameter.name, choice.group));
        }
        break;
      case ParameterKind::kWindow:
        arguments.push_back(fmt::format("{}{}",
                                        num_windows > 0 ? fmt::format("{}=", parameter.name) : "",
                                        choice.window + 3 * static_cast<double>(num_windows)));
        ++num_windows;
        break;
      default:
        if (parameter.default_text == "n") {
          if (choice.few_values) {
            arguments.push_back(
                fmt::format("{}={}", parameter.name, std::max(1.0, std::floor(choice.window / 3))));
          }
        } else {
          const std::string text = number_text(parameter, choice, num_numbers++);
          const bool named = !parameter.default_text.empty();
          arguments.push_back(named ? fmt::format("{}={}", parameter.name, text) : text);
        }
    }
  }
  // Arguments by name stand after those by position.
  std::stable_partition(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument.find('=') == std::string::npos || argument.front() == '(';
  });
  const std::string symbol = symbol_call(op, arguments);
  if (!symbol.empty()) return symbol;
  if (op.name.starts_with('$')) return {};
  return fmt::format("{}({})", op.name, fmt::join(arguments, ", "));
}

inline bool has_parameter(const Operator& op, ParameterKind kind) {
  return std::any_of(op.parameters.begin(), op.parameters.end(),
                     [&](const Parameter& parameter) { return parameter.kind == kind; });
}

/// Calls of one operator over these series: all windows, small counts, groups, one and two
/// arguments where they repeat, other numbers.
inline std::vector<std::string> calls_of(const Operator& op,
                                         const std::vector<std::string>& series,
                                         const std::vector<std::string>& conditions,
                                         const std::vector<double>& windows) {
  std::vector<std::string> calls;
  const bool by_window =
      has_parameter(op, ParameterKind::kWindow) || has_parameter(op, ParameterKind::kBars);
  for (std::size_t which = 0; which < 3; ++which) {
    for (const double window : by_window ? windows : std::vector<double>{5}) {
      CallChoice choice{.series = series,
                        .conditions = conditions,
                        .group = {},
                        .window = window,
                        .few_values = which == 1,
                        .num_repeated = 1 + which % 2,
                        .which = which};
      calls.push_back(call_text(op, choice));
      if (!has_parameter(op, ParameterKind::kGroup)) continue;
      choice.group = "sector";
      calls.push_back(call_text(op, choice));
    }
  }
  std::erase(calls, "");
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  return calls;
}

}  // namespace tickwerk::expr
