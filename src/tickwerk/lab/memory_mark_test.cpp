#include "tickwerk/lab/memory_mark.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>

namespace tickwerk::lab {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 20;

void touch_and_release() {
  void* block = mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(block, MAP_FAILED);
  std::memset(block, 1, kBlock);
  munmap(block, kBlock);
}

TEST(MemoryMark, RemembersMemoryThatWasGivenBack) {
  const MemoryMark mark;
  const auto before = mark.read();
  if (!before) GTEST_SKIP() << "the kernel does not tell VmHWM";
  touch_and_release();
  EXPECT_GE(*mark.read(), *before);
  EXPECT_GE(*mark.read(), static_cast<double>(kBlock));
}

TEST(MemoryMark, ForgetsItAfterAReset) {
  MemoryMark mark;
  touch_and_release();
  const auto before = mark.read();
  if (!before || mark.reset() != MemoryMark::Reset::kDone) {
    GTEST_SKIP() << "the kernel refuses to reset VmHWM";
  }
  EXPECT_LE(*mark.read(), *before - 0.9 * static_cast<double>(kBlock));
}

}  // namespace
}  // namespace tickwerk::lab
