#include "tickwerk/risk/gates.h"

#include <algorithm>
#include <cmath>

namespace tickwerk::risk {

std::string_view to_string(GateStatus status) noexcept {
  switch (status) {
    case GateStatus::kNotAvailable:
      return "not available";
    case GateStatus::kOk:
      return "ok";
    case GateStatus::kWarning:
      return "warning";
    case GateStatus::kBlock:
      break;
  }
  return "block";
}

GateResult judge(const Gate& gate, std::optional<double> value) noexcept {
  if (!value || std::isnan(*value)) return {gate, {}, GateStatus::kNotAvailable};
  const auto passes = [&](double threshold) {
    return gate.good == GoodSide::kAtLeast ? *value >= threshold : *value <= threshold;
  };
  const GateStatus status = passes(gate.ok)        ? GateStatus::kOk
                            : passes(gate.warning) ? GateStatus::kWarning
                                                   : GateStatus::kBlock;
  return {gate, value, status};
}

GateStatus overall(std::span<const GateResult> results) noexcept {
  GateStatus worst = GateStatus::kNotAvailable;
  std::size_t num_judged = 0;
  for (const GateResult& result : results) {
    worst = std::max(worst, result.status);
    num_judged += result.status != GateStatus::kNotAvailable ? 1 : 0;
  }
  const bool too_few = 2 * num_judged < results.size();
  return worst == GateStatus::kOk && too_few ? GateStatus::kNotAvailable : worst;
}

}  // namespace tickwerk::risk
