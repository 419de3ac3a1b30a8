#include "tickwerk/expr/operator.h"

namespace tickwerk::expr {

std::vector<Operator> element_wise_operators() { return {}; }

}  // namespace tickwerk::expr
