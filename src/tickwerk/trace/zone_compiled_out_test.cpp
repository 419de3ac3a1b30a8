// The option as zone.h names it.
#define TICKWERK_NO_ZONES  // NOLINT(readability-identifier-naming)

#include <gtest/gtest.h>

#include "tickwerk/trace/recorded_test.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {
namespace {

constexpr int with_zone() {
  TW_ZONE("compiled out");
  return 42;
}

// A constant expression can hold no object with a destructor that does something: the zone is
// nothing.
static_assert(with_zone() == 42);

class ZoneCompiledOut : public Recorded {};

TEST_F(ZoneCompiledOut, LeavesNoNode) {
  EXPECT_EQ(with_zone(), 42);
  EXPECT_TRUE(collect().main.children.empty());
}

}  // namespace
}  // namespace tickwerk::trace
