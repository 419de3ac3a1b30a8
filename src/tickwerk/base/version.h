// The version of this build, as `tickwerk --version`, reports and run records name it. The number
// stands in CMakeLists.txt alone.
#pragma once

#include <string_view>

namespace tickwerk {

inline constexpr std::string_view kVersion = TICKWERK_VERSION;

}  // namespace tickwerk
