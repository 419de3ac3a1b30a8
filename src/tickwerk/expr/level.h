// Whether an expression depends on the level of prices: adjusted history knows future splits and
// dividends, so that it must not be trusted there. Found from how every operator passes on a factor
// on all prices of one symbol (Scaling). Errs on the side of "depends".
#pragma once

#include <unordered_map>

#include "tickwerk/expr/graph.h"

namespace tickwerk::expr {

/// Answers for the nodes of one graph, each worked out once.
class Levels {
 public:
  explicit Levels(const Graph& graph) : graph_(graph) {}

  /// True when the value changes as all prices of a symbol are multiplied by a factor (and its
  /// volume divided by it).
  bool depends(NodeId id);

 private:
  struct Scale {
    enum class Kind {
      kAny,      // 0, NaN, infinity: multiplied by whatever, it stays
      kPower,    // multiplied by the factor to the power `amount`
      kShift,    // `amount` times the logarithm of the factor is added
      kDepends,  // anything else
    };
    Kind kind = Kind::kPower;
    double amount = 0;
  };
  static constexpr Scale kDepends{Scale::Kind::kDepends, 0};

  static bool same(const Scale& a, const Scale& b);
  static bool fixed(const Scale& scale);
  static Scale shift(double amount);

  Scale scale_of(const Node& node) const;
  Scale operator_scale(const Node& node) const;
  Scale input_scale(const Node& node, std::size_t index) const;
  Scale by_rule(const Node& node, std::size_t first) const;
  Scale alike(const Node& node, std::size_t first) const;
  Scale sum(const Node& node) const;
  Scale product(const Node& node, std::size_t first) const;
  Scale multiplied_shift(const Node& node, std::size_t index) const;
  Scale quotient(const Node& node, std::size_t first) const;
  Scale power(const Node& node, const Scale& base) const;

  const Graph& graph_;
  std::unordered_map<NodeId, Scale> known_;
};

}  // namespace tickwerk::expr
