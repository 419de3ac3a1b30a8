#include "tickwerk/kernel/tile_vec.h"

#include <algorithm>
#include <atomic>

namespace tickwerk::kernel {
namespace {

VectorWidth of_processor() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return VectorWidth::kEight;
  if (__builtin_cpu_supports("x86-64-v3")) return VectorWidth::kFour;
#endif
  return VectorWidth::kTwo;
}

std::atomic<VectorWidth>& chosen() noexcept {
  static std::atomic<VectorWidth> width{of_processor()};
  return width;
}

}  // namespace

VectorWidth vector_width() noexcept { return chosen().load(std::memory_order_relaxed); }

void limit_vector_width(VectorWidth widest) noexcept {
  chosen().store(std::min(widest, of_processor()), std::memory_order_relaxed);
}

}  // namespace tickwerk::kernel
