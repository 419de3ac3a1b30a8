#include "tickwerk/lab/memory_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

namespace tickwerk::lab {

MemoryMark::MemoryMark() noexcept
    : status_(open("/proc/self/status", O_RDONLY | O_CLOEXEC)),
      clear_refs_(open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)) {}

MemoryMark::~MemoryMark() {
  if (status_ >= 0) close(status_);
  if (clear_refs_ >= 0) close(clear_refs_);
}

MemoryMark::Reset MemoryMark::reset() noexcept {
  // 5 resets the peak: Linux, Documentation/filesystems/proc.rst, table 1-1, clear_refs.
  return clear_refs_ >= 0 && pwrite(clear_refs_, "5", 1, 0) == 1 ? Reset::kDone : Reset::kRefused;
}

std::optional<double> MemoryMark::read() const noexcept {
  constexpr std::string_view kKey = "VmHWM:";
  std::array<char, 4096> buffer;
  const ssize_t size = status_ < 0 ? -1 : pread(status_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return {};
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const auto key = text.find(kKey);
  if (key == std::string_view::npos) return {};
  const auto digits = text.find_first_of("0123456789", key);
  if (digits == std::string_view::npos) return {};
  double kib = 0;
  if (std::from_chars(text.data() + digits, text.data() + text.size(), kib).ec != std::errc{}) {
    return {};
  }
  return 1024 * kib;
}

}  // namespace tickwerk::lab
