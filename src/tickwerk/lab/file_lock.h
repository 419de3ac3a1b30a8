// An exclusive lock between processes while several of them write the same results: advisory
// (flock), on a file or a folder that exists, given back by the kernel when the process ends in any
// way. Used by the runner, the summary, the names of a run's files and the document.
#pragma once

#include <filesystem>
#include <functional>

namespace tickwerk::lab {

class FileLock {
 public:
  /// Waits until nobody else holds the lock; `waiting` is called once before, if somebody does.
  /// Throws kIo.
  explicit FileLock(
      const std::filesystem::path& file_or_folder, const std::function<void()>& waiting = [] {});
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace tickwerk::lab
