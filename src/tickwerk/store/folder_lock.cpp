#include "tickwerk/store/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "tickwerk/base/error.h"
#include "tickwerk/store/layout.h"

namespace tickwerk::store {
namespace {

[[noreturn]] void fail(const std::filesystem::path& folder, int error) {
  throw Error(Code::kIo,
              fmt::format("a folder of the store must be writable, found: {}, locking {}",
                          std::generic_category().message(error), folder.string()));
}

std::string holder_of(int descriptor) {
  std::array<char, 200> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size))
                  : std::string("another writer");
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder,
                       Timestamp now,
                       const std::function<void(const std::string& holder)>& waiting)
    : descriptor_(-1) {
  std::error_code error;
  std::filesystem::create_directories(folder / kVersionsFolder, error);
  if (error) fail(folder, error.value());
  if (::access((folder / kVersionsFolder).c_str(), W_OK) != 0) fail(folder, errno);
  descriptor_ = ::open((folder / kLockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(folder, errno);
  int result = ::flock(descriptor_, LOCK_EX | LOCK_NB);
  if (result != 0 && errno == EWOULDBLOCK) {
    if (waiting) waiting(holder_of(descriptor_));
    do {
      result = ::flock(descriptor_, LOCK_EX);
    } while (result != 0 && errno == EINTR);
  }
  if (result != 0) {
    const int reason = errno;
    ::close(descriptor_);
    fail(folder, reason);
  }
  const std::string holder =
      fmt::format("process {} since {}", ::getpid(), to_string(now, Frequency::kFiveMinutes));
  // Only said to others: a full disk must not keep a writer from finding out by itself.
  if (::ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, holder.data(), holder.size(), 0);
  }
}

FolderLock::~FolderLock() {
  [[maybe_unused]] const int emptied = ::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

}  // namespace tickwerk::store
