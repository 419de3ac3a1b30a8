// A metric as JSON: what metrics.json and the summaries for programs agree on. Counts and texts
// need none of it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace tickwerk::report {

/// Rounded to 12 significant digits, never -0; null for what is missing or not finite.
nlohmann::json json_number(std::optional<double> value);

}  // namespace tickwerk::report
