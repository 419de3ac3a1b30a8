#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

std::vector<Operator> window_operators() { return {}; }

}  // namespace tickwerk::expr
