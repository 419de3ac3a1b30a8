// The bytes of an input file, mapped read-only: no descriptor stays open, so a folder may hold more
// files than a process may have open. Used by the readers of CSV, gz, Parquet and universes; does
// not interpret the bytes, and refuses pipes and devices, which cannot be mapped.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tickwerk::io {

class MappedFile {
 public:
  /// Throws Error kNotFound (no such file) or kIo (no permission, not a regular file), naming
  /// `path`.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  std::string_view bytes() const noexcept { return bytes_; }

 private:
  std::string_view bytes_;
};

/// The first bytes of a file, at most `size`: to tell formats apart. Throws as MappedFile.
std::string first_bytes(const std::filesystem::path& path, std::size_t size);

}  // namespace tickwerk::io
