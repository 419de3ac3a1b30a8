// One child process after another, each with its use of the machine: how the runner keeps
// iterations apart. The child has a process group of its own, so an interruption ends it with all
// it started, and nothing else.
#pragma once

#include <sys/types.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tickwerk::lab {

/// What the kernel says a process used, from its start to its end.
struct ProcessUse {
  double wall_sec = 0;
  double user_sec = 0;
  double system_sec = 0;
  std::int64_t minor_faults = 0;
  std::int64_t major_faults = 0;
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;
  std::int64_t blocks_read = 0;  // of 512 bytes, that reached a device
  std::int64_t blocks_written = 0;

  bool operator==(const ProcessUse&) const = default;
};

enum class ChildEnd { kExited, kKilled, kInterrupted };

struct ChildOutcome {
  ChildEnd end = ChildEnd::kExited;
  int status = 0;  // exit code, or the signal that killed it
  pid_t pid = 0;
  ProcessUse use;
  std::string result;  // what it wrote to `/dev/fd/3`
};

/// While it lives, SIGINT, SIGTERM and SIGHUP are noticed instead of ending this process. One at a
/// time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Whether one has arrived.
  bool pending() const noexcept;

  /// Waits until a child has ended, a signal has arrived or the time is over; may return early.
  void wait(int timeout_ms) noexcept;

 private:
  std::array<struct sigaction, 4> before_;
};

/// The path by which a child names its result.
inline constexpr const char* kChildResult = "/dev/fd/3";

/// Runs `executable` to its end. Its stdin is empty, its stdout goes to stderr, and it may write a
/// result to kChildResult, which lives in memory only. When `interrupts` notices a signal, the
/// child's group is ended (SIGTERM, after two seconds SIGKILL) and the outcome is kInterrupted.
/// Throws kIo when the process cannot be started.
ChildOutcome run_child(const std::filesystem::path& executable,
                       const std::vector<std::string>& arguments,
                       Interrupts& interrupts);

/// Called first by such a child: it ends when its parent does, however that ends.
void end_with_parent() noexcept;

/// Removes files that process `pid` had begun below `folder` and not finished (io/atomic_file.h
/// names them).
void remove_unfinished_files(const std::filesystem::path& folder, pid_t pid);

}  // namespace tickwerk::lab
