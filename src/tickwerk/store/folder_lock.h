// One writer at a time in a folder of the store: an advisory lock (flock) between processes and
// threads, with the name of its holder in the file, given back by the kernel however the process
// ends. Readers need none.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "tickwerk/base/time.h"

namespace tickwerk::store {

class FolderLock {
 public:
  /// Makes the folder. Waits while another writer holds it; `waiting` is called once before, with
  /// who that is. Throws kIo where the folder cannot be written.
  FolderLock(const std::filesystem::path& folder,
             Timestamp now,
             const std::function<void(const std::string& holder)>& waiting);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace tickwerk::store
