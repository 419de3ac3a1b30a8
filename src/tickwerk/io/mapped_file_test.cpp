#include "tickwerk/io/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "tickwerk/base/error.h"
#include "tickwerk/io/atomic_file.h"

namespace tickwerk::io {
namespace {

std::filesystem::path path_of_test() {
  return std::filesystem::path(testing::TempDir()) /
         fmt::format("mapped.{}.{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                     ::getpid());
}

void expect_refused(const std::filesystem::path& path, Code code, std::string_view why) {
  const auto check = [&](const auto& read) {
    try {
      read();
      ADD_FAILURE() << "no error for " << path;
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.code(), code) << message;
      EXPECT_NE(message.find(why), std::string::npos) << message;
      EXPECT_NE(message.find(path.string()), std::string::npos) << message;
    }
  };
  check([&] { MappedFile{path}; });
  check([&] { first_bytes(path, 4); });
}

TEST(MappedFile, HasTheBytesOfTheFileAndMovesThem) {
  const auto path = path_of_test();
  write_file(path, std::string_view("PAR1\0\n", 6));
  MappedFile file(path);
  EXPECT_EQ(file.bytes(), std::string_view("PAR1\0\n", 6));
  EXPECT_EQ(first_bytes(path, 4), "PAR1");
  EXPECT_EQ(first_bytes(path, 100).size(), 6u);
  const MappedFile other = std::move(file);
  EXPECT_EQ(other.bytes().size(), 6u);
  write_file(path, "replaced");  // what is mapped stays what it was
  EXPECT_EQ(other.bytes().substr(0, 4), "PAR1");
}

TEST(MappedFile, OfNoByteIsEmpty) {
  write_file(path_of_test(), "");
  EXPECT_TRUE(MappedFile(path_of_test()).bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const auto pipe = path_of_test();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  expect_refused(pipe, Code::kIo, "must be a regular file");
  ::unlink(pipe.c_str());
  expect_refused("/dev/null", Code::kIo, "must be a regular file");
  expect_refused(testing::TempDir(), Code::kInvalidArgument, "found a folder");
}

TEST(MappedFile, MissingFileIsNotFound) {
  expect_refused("/nowhere/prices.csv", Code::kNotFound, "must exist");
}

}  // namespace
}  // namespace tickwerk::io
