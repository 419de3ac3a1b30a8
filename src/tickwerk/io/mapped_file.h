// The bytes of an input file, mapped read-only. Used by the readers of CSV and gz; does not
// interpret them.
#pragma once

#include <filesystem>
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
