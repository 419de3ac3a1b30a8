#include "tickwerk/panel/panel.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace tickwerk::detail {
namespace {

constexpr std::size_t kHugePage = 2 << 20;

std::size_t rounded(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

void* allocate_panel(std::size_t bytes) {
  // A fresh panel costs a page fault per page: with huge pages 512 times fewer of them.
  const std::size_t unit = bytes >= kHugePage ? kHugePage : kVectorBytes;
  void* memory = std::aligned_alloc(unit, rounded(bytes, unit));
  if (memory == nullptr) throw std::bad_alloc();
  if (unit == kHugePage) ::madvise(memory, rounded(bytes, unit), MADV_HUGEPAGE);
  std::memset(memory, 0, bytes);
  return memory;
}

void free_panel(void* memory) noexcept { std::free(memory); }

}  // namespace tickwerk::detail
