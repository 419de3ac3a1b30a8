#include "tickwerk/io/gzip.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <string>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"

namespace tickwerk::io {
namespace {

std::string packed(std::string text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::filesystem::path written(const std::string& bytes) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "." +
       std::to_string(::getpid()) + ".gz");
  write_file(path, bytes);
  return path;
}

std::string unpacked(const std::filesystem::path& path, std::size_t step) {
  GzipReader reader(path);
  std::string text;
  std::string buffer(step, '\0');
  while (const std::size_t size = reader.read(buffer)) text.append(buffer, 0, size);
  return text;
}

std::string sample() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919) + ",";
  return text;
}

TEST(GzipReader, GivesTheTextInStepsOfAnySize) {
  const auto path = written(packed(sample()));
  for (const std::size_t step : {1u, 1000u, 1u << 20}) EXPECT_EQ(unpacked(path, step), sample());
}

TEST(GzipReader, ReadsMembersAfterEachOtherAndPaddingAsOneText) {
  const auto path = written(packed("one\n") + packed("two\n") + std::string(100, '\0'));
  EXPECT_EQ(unpacked(path, 64), "one\ntwo\n");
}

TEST(GzipReader, RefusesAFileThatIsCutAnywhere) {
  const std::string whole = packed(sample());
  for (const std::size_t size : {whole.size() - 1, whole.size() - 8, whole.size() / 2}) {
    const auto path = written(whole.substr(0, size));
    try {
      unpacked(path, 1 << 16);
      FAIL() << size;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kCorruptData);
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
    }
  }
}

TEST(GzipReader, RefusesDamageAndTrailingRubbish) {
  std::string damaged = packed(sample());
  damaged[damaged.size() - 6] ^= 0x40;  // in the check value
  EXPECT_THROW(unpacked(written(damaged), 1 << 16), Error);
  EXPECT_THROW(unpacked(written(packed("a") + "rubbish"), 64), Error);
}

}  // namespace
}  // namespace tickwerk::io
