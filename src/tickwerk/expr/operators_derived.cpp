#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

std::vector<Operator> derived_operators() { return {}; }

}  // namespace tickwerk::expr
