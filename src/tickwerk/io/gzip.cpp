#include "tickwerk/io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "tickwerk/base/error.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::io {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, with the header and check of gzip
constexpr std::size_t kMaxStep = std::numeric_limits<uInt>::max();

}  // namespace

struct GzipReader::State {
  explicit State(const std::filesystem::path& from) : path(from), file(from), rest(file.bytes()) {
    if (::inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~State() { ::inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[noreturn]] void fail(std::string_view found) const {
    throw Error(Code::kCorruptData,
                fmt::format("a gz file must be whole, found {} after {} bytes of text, reading {}",
                            found, num_bytes, path.string()));
  }

  std::filesystem::path path;
  MappedFile file;
  std::string_view rest;
  z_stream stream{};
  std::uint64_t num_bytes = 0;
  enum class Member { kOpen, kEnded } member = Member::kOpen;
};

GzipReader::GzipReader(const std::filesystem::path& path) : state_(std::make_unique<State>(path)) {}
GzipReader::~GzipReader() = default;
GzipReader::GzipReader(GzipReader&&) noexcept = default;

std::size_t GzipReader::read(std::span<char> buffer) {
  State& s = *state_;
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    if (s.member == State::Member::kEnded) {
      // Some tools pad the file with zeros.
      if (s.rest.find_first_not_of('\0') == std::string_view::npos) break;
      if (!s.rest.starts_with("\x1f\x8b")) s.fail("bytes that are no gz");
      ::inflateReset(&s.stream);
      s.member = State::Member::kOpen;
    }
    if (s.rest.empty()) s.fail("its end");
    const std::size_t input = std::min(s.rest.size(), kMaxStep);
    const std::size_t room = std::min(buffer.size() - filled, kMaxStep);
    s.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(s.rest.data()));
    s.stream.avail_in = static_cast<uInt>(input);
    s.stream.next_out = reinterpret_cast<Bytef*>(buffer.data() + filled);
    s.stream.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&s.stream, Z_NO_FLUSH);
    const std::size_t used = input - s.stream.avail_in;
    const std::size_t made = room - s.stream.avail_out;
    trace::count(trace::Counter::kBytesRead, used);
    s.rest.remove_prefix(used);
    filled += made;
    s.num_bytes += made;
    if (status == Z_STREAM_END) {
      s.member = State::Member::kEnded;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      s.fail(s.stream.msg != nullptr ? s.stream.msg : "damaged bytes");
    }
  }
  return filled;
}

}  // namespace tickwerk::io
