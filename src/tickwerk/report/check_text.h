// The result of `tickwerk check` as a table with a sentence for each leak, and as JSON. Judges
// nothing: see factor/check.h.
#pragma once

#include <string>

#include "tickwerk/factor/check.h"

namespace tickwerk::report {

/// `bars` are those that were checked on.
std::string check_text(const factor::CheckResult& result, const market::Bars& bars);
std::string check_json(const factor::CheckResult& result, const market::Bars& bars);

/// What a leak is, in a sentence without its definition.
std::string leak_text(const factor::Leak& leak, const market::Bars& bars);

}  // namespace tickwerk::report
