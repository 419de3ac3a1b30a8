// Unpacks gz files as a stream, so that the whole text never stands in memory. Refuses files that
// are cut or damaged, naming the file. Used for CSV.gz; does not write gz.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

namespace tickwerk::io {

class GzipReader {
 public:
  /// Throws as MappedFile.
  explicit GzipReader(const std::filesystem::path& path);
  ~GzipReader();
  GzipReader(GzipReader&&) noexcept;

  /// Fills `buffer` from its start with the next bytes of the text; fewer than its size only at the
  /// end of the file, after which it returns 0. Several members after each other are one text.
  /// Throws Error kCorruptData.
  std::size_t read(std::span<char> buffer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tickwerk::io
