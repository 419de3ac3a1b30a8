#include "tickwerk/io/unfinished.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <utility>

namespace tickwerk::io {
namespace {

// A path belongs to whoever exchanges it out of its slot: its owner, or the signal handler.
std::array<std::atomic<const char*>, 64> slots{};
static_assert(std::atomic<const char*>::is_always_lock_free);

}  // namespace

void Unfinished::remember(const char* path) noexcept {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const char* empty = nullptr;
    if (slots[i].compare_exchange_strong(empty, path)) {
      slot_ = static_cast<int>(i);
      return;
    }
  }
}

void Unfinished::forget() noexcept {
  const int slot = std::exchange(slot_, -1);
  if (slot < 0) return;
  if (slots[static_cast<std::size_t>(slot)].exchange(nullptr) != nullptr) return;
  // The handler holds the path: it must stay readable until the process has ended.
  while (true) ::pause();
}

void remove_unfinished_files() noexcept {
  for (std::atomic<const char*>& slot : slots) {
    const char* path = slot.exchange(nullptr);
    if (path != nullptr) ::unlink(path);
  }
}

}  // namespace tickwerk::io
