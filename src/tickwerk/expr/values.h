// The values that stages read and write, by node: fields as they were given, what earlier stages
// kept, and the places of what is asked for. Internal to `expr`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/expr/run.h"

namespace tickwerk::expr {

/// Where the values of one node stand. Of a panel: `read`, and `write` while its stage runs; of a
/// daily node one column. `conditions` has data where the node is wanted as a condition too.
struct Place {
  PanelView read;
  PanelSpan write;
  BasicPanelSpan<std::int8_t> conditions;
};

/// One place per node of the graph.
using Places = std::vector<Place>;

}  // namespace tickwerk::expr
