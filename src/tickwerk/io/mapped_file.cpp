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

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (value_ < 0) fail(errno, path);
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const noexcept { return value_; }

 private:
  int value_;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path);
  struct stat status{};
  if (::fstat(file.value(), &status) != 0) fail(errno, path);
  if (S_ISDIR(status.st_mode)) fail(EISDIR, path);
  if (status.st_size == 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.value(), 0);
  if (memory == MAP_FAILED) fail(errno, path);
  ::madvise(memory, size, MADV_SEQUENTIAL);
  bytes_ = {static_cast<const char*>(memory), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

std::string first_bytes(const std::filesystem::path& path, std::size_t size) {
  const Descriptor file(path);
  std::string bytes(size, '\0');
  const ssize_t found = ::pread(file.value(), bytes.data(), size, 0);
  if (found < 0) fail(errno, path);
  bytes.resize(static_cast<std::size_t>(found));
  return bytes;
}

}  // namespace tickwerk::io
