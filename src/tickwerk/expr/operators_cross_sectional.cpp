#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

std::vector<Operator> cross_sectional_operators() { return {}; }

}  // namespace tickwerk::expr
