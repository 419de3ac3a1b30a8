// Sites for zones whose name is only known at run time (a job, a user's block). Everything else
// uses TW_ZONE.
#pragma once

#include <string_view>

#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {

/// The one site of (name, file, line); it stays as long as the process, so names must come from a
/// small set. Cost: a lock and a look-up, about 0.2 us. Throws std::bad_alloc only.
const ZoneSite& named_site(std::string_view name, std::string_view file = "~", int line = 0);

}  // namespace tickwerk::trace
