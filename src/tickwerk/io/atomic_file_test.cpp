#include "tickwerk/io/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "tickwerk/base/error.h"

namespace tickwerk::io {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("atomic_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string read(const fs::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t num_files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(AtomicFileTest, WritesAndReplaces) {
  const fs::path path = folder_ / "a.csv";
  write_file(path, "one");
  write_file(path, "two\n", Durability::kSynced);
  EXPECT_EQ(read(path), "two\n");
  EXPECT_EQ(num_files(), 1u);
}

TEST_F(AtomicFileTest, MakesParentFolders) {
  write_file(folder_ / "x" / "y" / "a.csv", "one");
  EXPECT_EQ(read(folder_ / "x" / "y" / "a.csv"), "one");
}

TEST_F(AtomicFileTest, AbandonedWriteLeavesTheOldFileAndNothingElse) {
  const fs::path path = folder_ / "a.csv";
  write_file(path, "old");
  {
    AtomicFile file(path);
    file.write("half");
  }
  EXPECT_EQ(read(path), "old");
  EXPECT_EQ(num_files(), 1u);
}

TEST_F(AtomicFileTest, FollowsASymbolicLink) {
  write_file(folder_ / "real.csv", "old");
  fs::create_symlink(folder_ / "real.csv", folder_ / "link.csv");
  write_file(folder_ / "link.csv", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(read(folder_ / "real.csv"), "new");
}

TEST_F(AtomicFileTest, WritesIntoADeviceDirectly) {
  EXPECT_NO_THROW(write_file("/dev/null", "gone"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(AtomicFileTest, FolderAsPathIsAnErrorThatNamesIt) {
  try {
    write_file(folder_, "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kIo);
    EXPECT_NE(std::string(error.what()).find(folder_.string()), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("Is a directory"), std::string::npos);
  }
}

TEST_F(AtomicFileTest, FileThatMayNotGrowIsAnErrorAndLeavesNothing) {
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 1000;
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    write_file(folder_ / "big.csv", std::string(5000, 'x'));
  } catch (const Error& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, previous);
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_EQ(num_files(), 0u);
}

TEST_F(AtomicFileTest, FullDiskIsAnErrorWithTheReason) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "/dev/full is absent";
  try {
    write_file("/dev/full", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos);
  }
}

}  // namespace
}  // namespace tickwerk::io
