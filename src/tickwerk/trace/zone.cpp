#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {

void set_zones(Switch) noexcept {}
Zone::Zone(const ZoneSite&) noexcept : node_(nullptr), begin_(0) {}
Zone::~Zone() = default;
void count(Counter, std::uint64_t) noexcept {}
ZoneHandle current_zone() noexcept { return {}; }
AdoptedZone::AdoptedZone(ZoneHandle) noexcept : previous_(nullptr) {}
AdoptedZone::~AdoptedZone() = default;

}  // namespace tickwerk::trace
