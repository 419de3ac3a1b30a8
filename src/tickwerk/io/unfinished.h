// The temporary files that are being written right now, so that a signal handler can remove them.
// Filled by AtomicFile; a file beyond the table's size is merely not removed when the process is
// interrupted.
#pragma once

namespace tickwerk::io {

/// Remembers a path while its file is written. `path` must live as long as this object.
class Unfinished {
 public:
  Unfinished() = default;
  /// Does not return when a signal handler is removing this very file: the process is about to end.
  ~Unfinished() { forget(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  void remember(const char* path) noexcept;
  void forget() noexcept;

 private:
  int slot_ = -1;
};

/// Unlinks all of them. Async-signal-safe; for a process that ends right after.
void remove_unfinished_files() noexcept;

}  // namespace tickwerk::io
