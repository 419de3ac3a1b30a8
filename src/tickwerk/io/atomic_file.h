// Output files that are there whole or not at all: written beside their name, then renamed over it.
// Used by everything that writes a file. A failed or abandoned write removes what it wrote and
// leaves an older file alone. Errors name the path and the reason of the system; for a full disk or
// a size limit to be an error and not a signal, the program ignores SIGXFSZ.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "tickwerk/io/unfinished.h"

namespace tickwerk::io {

/// kSynced waits until the bytes are on the disk: for files that must survive a power cut.
enum class Durability { kRenamed, kSynced };

class AtomicFile {
 public:
  /// Makes missing parent folders. A device or pipe as `path` is written directly. Throws Error
  /// kIo.
  explicit AtomicFile(std::filesystem::path path, Durability durability = Durability::kRenamed);
  /// Removes the file beside the name unless commit() was called.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error kIo, for example when the disk is full.
  void write(std::string_view bytes);
  std::uint64_t num_bytes() const noexcept { return num_bytes_; }

  /// The bytes stand under the name from here on. Call once, last.
  void commit();

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;
  std::filesystem::path target_;     // `path_` with symbolic links followed
  std::filesystem::path temporary_;  // empty for a device or pipe, and when committed
  Unfinished unfinished_;            // destroyed before the path it remembers
  Durability durability_;
  int descriptor_ = -1;
  std::uint64_t num_bytes_ = 0;
};

/// Writes or replaces `path` with `bytes`, whole or not at all.
void write_file(const std::filesystem::path& path,
                std::string_view bytes,
                Durability durability = Durability::kRenamed);

}  // namespace tickwerk::io
