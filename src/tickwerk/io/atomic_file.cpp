#include "tickwerk/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::io {
namespace {

namespace fs = std::filesystem;

fs::path followed(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real;
}

fs::path beside(const fs::path& target) {
  static std::atomic<unsigned> serial{0};
  return target.parent_path() /
         fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), serial++);
}

}  // namespace

AtomicFile::AtomicFile(fs::path path, Durability durability)
    : path_(std::move(path)), target_(followed(path_)), durability_(durability) {
  std::error_code error;
  const fs::file_status status = fs::status(target_, error);
  if (fs::is_directory(status)) fail(EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  if (target_.has_parent_path()) {
    fs::create_directories(target_.parent_path(), error);
    if (error) fail(error.value());
  }
  temporary_ = beside(target_);
  unfinished_.remember(
      temporary_.c_str());  // first: a signal may come as soon as the file is there
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(errno);
  // A file keeps who may read it when it is replaced.
  struct stat old{};
  if (::stat(target_.c_str(), &old) == 0) ::fchmod(descriptor_, old.st_mode & 07777);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail(errno);
    }
    const auto size = static_cast<std::size_t>(written);
    num_bytes_ += size;
    trace::count(trace::Counter::kBytesWritten, size);
    bytes.remove_prefix(size);
  }
}

void AtomicFile::commit() {
  if (durability_ == Durability::kSynced && !temporary_.empty() && ::fsync(descriptor_) != 0) {
    fail(errno);
  }
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) fail(errno);
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  unfinished_.forget();
  temporary_.clear();
  if (durability_ == Durability::kSynced) {
    const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) fail(errno);
    const int synced = ::fsync(opened);
    const int reason = errno;
    ::close(opened);
    if (synced != 0) fail(reason);
  }
}

void AtomicFile::fail(int error) const {
  throw Error(Code::kIo, fmt::format("a file must be writable, found: {}, writing {}",
                                     std::generic_category().message(error), path_.string()));
}

void write_file(const fs::path& path, std::string_view bytes, Durability durability) {
  AtomicFile file(path, durability);
  file.write(bytes);
  file.commit();
}

}  // namespace tickwerk::io
