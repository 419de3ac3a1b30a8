// The version of this build, as `tickwerk --version` and reports name it.
#pragma once

#include <string_view>

namespace tickwerk {

inline constexpr std::string_view kVersion = TICKWERK_VERSION;

}  // namespace tickwerk
