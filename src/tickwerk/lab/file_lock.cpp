#include "tickwerk/lab/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tickwerk/base/error.h"

namespace tickwerk::lab {

FileLock::FileLock(const std::filesystem::path& file_or_folder,
                   const std::function<void()>& waiting)
    : descriptor_(open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC)) {
  int result = descriptor_;
  if (descriptor_ >= 0) result = flock(descriptor_, LOCK_EX | LOCK_NB);
  if (descriptor_ >= 0 && result != 0 && errno == EWOULDBLOCK) {
    waiting();
    do {
      result = flock(descriptor_, LOCK_EX);
    } while (result != 0 && errno == EINTR);
  }
  if (result < 0) {
    const int error = errno;
    if (descriptor_ >= 0) close(descriptor_);
    throw Error(Code::kIo, fmt::format("a result must be lockable, found {}: {}",
                                       std::strerror(error), file_or_folder.string()));
  }
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace tickwerk::lab
