#include "tickwerk/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::io {
namespace {

[[noreturn]] void fail(int error, const std::filesystem::path& path) {
  if (error == ENOENT || error == ENOTDIR) {
    throw Error(Code::kNotFound, fmt::format("an input file must exist: {}", path.string()));
  }
  throw Error(Code::kIo, fmt::format("an input file must be readable, found: {}, reading {}",
                                     std::generic_category().message(error), path.string()));
}

/// A regular file, open while its bytes are mapped or read.
class RegularFile {
 public:
  // Without waiting: opening a pipe that nobody writes to would never return.
  explicit RegularFile(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) fail(errno, path);
    struct stat status{};
    const int error = ::fstat(descriptor_, &status) != 0 ? errno : 0;
    if (error == 0 && S_ISREG(status.st_mode)) {
      size_ = static_cast<std::size_t>(status.st_size);
      return;
    }
    ::close(descriptor_);
    if (error != 0) fail(error, path);
    if (S_ISDIR(status.st_mode)) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("an input file must be a file, found a folder: {}", path.string()));
    }
    throw Error(Code::kIo, fmt::format("an input file must be a regular file, found a pipe or "
                                       "device, reading {}",
                                       path.string()));
  }
  ~RegularFile() { ::close(descriptor_); }
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  std::size_t size() const noexcept { return size_; }

 private:
  int descriptor_;
  std::size_t size_ = 0;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const RegularFile file(path);
  if (file.size() == 0) return;
  void* memory = ::mmap(nullptr, file.size(), PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (memory == MAP_FAILED) fail(errno, path);
  ::madvise(memory, file.size(), MADV_SEQUENTIAL);
  bytes_ = {static_cast<const char*>(memory), file.size()};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

std::string first_bytes(const std::filesystem::path& path, std::size_t size) {
  const RegularFile file(path);
  std::string bytes(size, '\0');
  const ssize_t found = ::pread(file.descriptor(), bytes.data(), size, 0);
  if (found < 0) fail(errno, path);
  bytes.resize(static_cast<std::size_t>(found));
  return bytes;
}

}  // namespace tickwerk::io
