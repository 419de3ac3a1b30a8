// Words for what bars say of themselves, as files and messages have them.
#pragma once

#include <string_view>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// `adjusted`, `raw`, `unknown`.
std::string_view to_string(Adjustment adjustment) noexcept;

}  // namespace tickwerk::market
