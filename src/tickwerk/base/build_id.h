// Which build of the program runs, to the byte: the hash of its code that the linker leaves in it.
// Used where values of another build must not be taken for values of this one.
#pragma once

#include <string>

namespace tickwerk {

/// Hexadecimal digits of the GNU build id; empty when the program has none.
std::string build_id();

}  // namespace tickwerk
