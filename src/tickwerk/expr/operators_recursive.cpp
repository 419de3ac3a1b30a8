#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

std::vector<Operator> recursive_operators() { return {}; }

}  // namespace tickwerk::expr
