#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/graph.h"
#include "tickwerk/expr/precedence.h"

namespace tickwerk::expr {
namespace {

// A graph of n nodes may be text of 2^n characters.
constexpr std::size_t kMaxText = std::size_t{1} << 20;

struct Symbol {
  std::string_view op;
  std::string_view text;
  Level level;
  Level left;
  Level right;
};

constexpr Symbol kSymbols[] = {
    {"$or", " or ", kOrLevel, kOrLevel, kAndLevel},
    {"$and", " and ", kAndLevel, kAndLevel, kNotLevel},
    {"$less", " < ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$less_equal", " <= ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$greater", " > ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$greater_equal", " >= ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$equal", " == ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$not_equal", " != ", kComparisonLevel, kSumLevel, kSumLevel},
    {"$add", " + ", kSumLevel, kSumLevel, kProductLevel},
    {"$subtract", " - ", kSumLevel, kSumLevel, kProductLevel},
    {"$multiply", " * ", kProductLevel, kProductLevel, kSignLevel},
    {"$divide", " / ", kProductLevel, kProductLevel, kSignLevel},
    {"$power", "^", kPowerLevel, kPostfixLevel, kSignLevel},
};

const Symbol* symbol_of(const Operator& op) {
  for (const Symbol& symbol : kSymbols) {
    if (symbol.op == op.name) return &symbol;
  }
  return nullptr;
}

Level level_of(const Node& node) {
  if (node.kind == NodeKind::kField) return kPostfixLevel;
  if (node.kind == NodeKind::kConstant) {
    const bool condition = node.type == ResultType::kCondition;
    if (std::isnan(node.value)) return condition ? kComparisonLevel : kPostfixLevel;
    if (condition) return kPostfixLevel;
    if (std::isinf(node.value)) return kProductLevel;
    return std::signbit(node.value) ? kSignLevel : kPostfixLevel;
  }
  if (const Symbol* symbol = symbol_of(*node.op)) return symbol->level;
  if (node.op->name == "$not") return kNotLevel;
  if (node.op->name == "$negate") return kSignLevel;
  return kPostfixLevel;
}

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "1 / 0" : "-1 / 0";
  return fmt::format("{}", value);
}

std::string constant_text(const Node& node) {
  if (node.type != ResultType::kCondition) return number_text(node.value);
  if (std::isnan(node.value)) return "nan > 0";
  return node.value != 0 ? "true" : "false";
}

/// Writes with a stack of its own, so that the depth of the graph does not matter.
class Writer {
 public:
  /// `known`: the texts of nodes from the first one on, cut after more than `max_bytes`.
  explicit Writer(const Graph& graph,
                  std::size_t max_bytes = kMaxText,
                  std::span<const std::string> known = {})
      : graph_(graph), max_bytes_(max_bytes), known_(known) {}

  std::string write(NodeId id) {
    push(id, kAnyLevel);
    while (!open_.empty()) {
      const Piece piece = std::move(open_.back());
      open_.pop_back();
      if (text_.size() > max_bytes_) return text_ + "...";
      if (!piece.node) {
        text_ += piece.text;
      } else {
        node(*piece.node, piece.level);
      }
    }
    return text_;
  }

 private:
  struct Piece {
    std::optional<NodeId> node;
    Level level = kAnyLevel;
    std::string text;
  };

  void push(std::string text) { open_.push_back({std::nullopt, kAnyLevel, std::move(text)}); }
  void push(NodeId id, Level level) { open_.push_back({id, level, {}}); }

  // What is written last is pushed first.
  void node(NodeId id, Level wanted) {
    const Node& node = graph_[id];
    const bool parentheses = level_of(node) < wanted;
    if (parentheses) push(")");
    if (id < known_.size()) {
      push(known_[id]);
    } else if (node.kind == NodeKind::kConstant) {
      push(constant_text(node));
    } else if (node.kind == NodeKind::kField) {
      push(node.field);
    } else if (const Symbol* symbol = symbol_of(*node.op)) {
      push(node.inputs[1], symbol->right);
      push(std::string(symbol->text));
      push(node.inputs[0], symbol->left);
    } else if (node.op->name == "$not" || node.op->name == "$negate") {
      const bool negation = node.op->name == "$negate";
      push(node.inputs[0], negation ? kSignLevel : kNotLevel);
      push(negation ? "-" : "not ");
    } else if (node.op->name == "$offset") {
      push(fmt::format("[{:+}]", static_cast<std::int64_t>(node.constants[0])));
      push(node.inputs[0], kPostfixLevel);
    } else {
      call(node);
    }
    if (parentheses) push("(");
  }

  void call(const Node& node) {
    const Operator& op = *node.op;
    std::string_view name = op.name;
    const bool by_group = name.starts_with('$') && name.ends_with("_by");
    if (by_group) name = name.substr(1, name.size() - 4);
    std::size_t inputs_left = node.inputs.size();
    for (const Parameter& parameter : op.parameters) {
      if (takes_input(parameter) && !parameter.optional && !parameter.repeats) --inputs_left;
    }
    std::vector<Piece> pieces;
    std::optional<Piece> group;
    std::size_t input = 0, constant = 0;
    for (const Parameter& parameter : op.parameters) {
      if (!takes_input(parameter)) {
        add_number(node, parameter, constant++, pieces);
        continue;
      }
      std::size_t count = 1;
      if (parameter.repeats || parameter.optional) {
        count = parameter.repeats ? inputs_left : std::min<std::size_t>(inputs_left, 1);
        inputs_left -= count;
      }
      for (; count > 0; --count) {
        const Piece piece{node.inputs[input++], kAnyLevel, {}};
        if (parameter.kind == ParameterKind::kGroup && (by_group || parameter.optional)) {
          group = piece;
        } else {
          pieces.push_back(piece);
        }
      }
    }
    push(")");
    if (group) {
      open_.push_back(*group);
      push(", by=");
    }
    for (std::size_t i = pieces.size(); i-- > 0;) {
      open_.push_back(std::move(pieces[i]));
      if (i > 0) push(", ");
    }
    push(fmt::format("{}(", name));
  }

  /// A number that has a default is named, and left out where it is the default.
  static void add_number(const Node& node,
                         const Parameter& parameter,
                         std::size_t index,
                         std::vector<Piece>& pieces) {
    std::string text = number_text(node.constants[index]);
    if (parameter.default_text.empty()) {
      pieces.push_back({std::nullopt, kAnyLevel, std::move(text)});
      return;
    }
    std::string standard(parameter.default_text);
    std::size_t earlier = 0;
    for (const Parameter& other : node.op->parameters) {
      if (takes_input(other)) continue;
      if (other.name == parameter.default_text && earlier < index) {
        standard = number_text(node.constants[earlier]);
      }
      ++earlier;
    }
    if (text == standard) return;
    pieces.push_back({std::nullopt, kAnyLevel, fmt::format("{}={}", parameter.name, text)});
  }

  static bool takes_input(const Parameter& parameter) {
    return parameter.kind == ParameterKind::kSeries ||
           parameter.kind == ParameterKind::kCondition || parameter.kind == ParameterKind::kGroup;
  }

  const Graph& graph_;
  std::size_t max_bytes_;
  std::span<const std::string> known_;
  std::vector<Piece> open_;
  std::string text_;
};

}  // namespace

std::string to_string(const Graph& graph, NodeId id) { return Writer(graph).write(id); }

std::vector<std::string> shortened_texts(const Graph& graph, std::size_t max_bytes) {
  constexpr std::string_view kMore = "...";
  TW_CHECK(max_bytes, >=, kMore.size());
  std::vector<std::string> texts;
  texts.reserve(graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    std::string text = Writer(graph, max_bytes, texts).write(id);
    // One byte too many marks what goes on: whoever begins with it goes on as well.
    text.resize(std::min(text.size(), max_bytes + 1));
    texts.push_back(std::move(text));
  }
  for (std::string& text : texts) {
    if (text.size() <= max_bytes) continue;
    text.resize(max_bytes - kMore.size());
    text += kMore;
  }
  return texts;
}

}  // namespace tickwerk::expr
