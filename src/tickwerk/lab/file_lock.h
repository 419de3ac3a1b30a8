// An exclusive lock between processes while several of them write the same results: advisory
// (flock), on a file or a folder that exists, given back by the kernel when the process ends in any
// way. Used by the summary, the names of a run's files and the document.
#pragma once

#include <filesystem>

namespace tickwerk::lab {

class FileLock {
 public:
  /// Waits until nobody else holds the lock. Throws kIo.
  explicit FileLock(const std::filesystem::path& file_or_folder);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace tickwerk::lab
