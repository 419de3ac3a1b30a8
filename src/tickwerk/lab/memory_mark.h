// The kernel's mark of this process's largest resident memory (VmHWM), which can be set back to
// what is resident now. Used around steps; keeps its files open so that reading costs about ten
// microseconds.
#pragma once

#include <optional>

namespace tickwerk::lab {

class MemoryMark {
 public:
  MemoryMark() noexcept;
  ~MemoryMark();
  MemoryMark(const MemoryMark&) = delete;
  MemoryMark& operator=(const MemoryMark&) = delete;

  enum class Reset { kDone, kRefused };
  Reset reset() noexcept;

  /// Bytes; empty where the kernel does not tell.
  std::optional<double> read() const noexcept;

 private:
  int status_;
  int clear_refs_;
};

}  // namespace tickwerk::lab
