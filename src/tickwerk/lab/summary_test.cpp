#include "tickwerk/lab/summary.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

trace::CallNode node(const char* name, const char* file, int line, unsigned calls, unsigned ms) {
  trace::CallNode made;
  made.name = name;
  made.file = file;
  made.line = line;
  made.calls = calls;
  made.total_ns = ms * std::uint64_t{1'000'000};
  return made;
}

/// A job of two functions: load (0.5 s), and inside it read (0.25 s), 24 calls.
RunRecord example() {
  RunRecord record;
  record.run_id = "J-20260102T030405Z-abcdef";
  record.job_name = "J";
  record.timestamp = "2026-01-02T03:04:05Z";
  record.total_sec = 0.5;
  record.cpu_sec = 0.75;
  record.peak_rss_mb = 12.5;
  record.mad_sec = 0.125;
  record.iterations = 3;
  record.build.git_commit = "c0ffee";
  record.machine.machine_id = "0123456789abcdef";
  const trace::CallNode read = node("read", "r.cpp", 3, 24, 250);
  trace::CallNode load = node("load", "l.cpp", 7, 1, 500);
  load.children = {read};
  trace::CallNode step = node("<step:load_data>", "~", 0, 1, 500);
  step.children = {load};
  record.trees.main = node("<job:J>", "~", 0, 1, 500);
  record.trees.main.children = {step};
  return record;
}

class SummaryTest : public FolderTest {
 protected:
  std::string text() const { return read(path_); }
  void put(std::string_view text) { write(path_, text); }

  const fs::path path_ = folder_ / "perf_profiles" / "perf_summary.csv";
};

TEST(SummaryLine, HasTheFiguresInTheOrderOfTheHeader) {
  EXPECT_EQ(summary_line(example()),
            "2026-01-02T03:04:05Z,J,0.5,l.cpp:7(load),0.5,r.cpp:3(read),0.25,,,,0.75,12.5,3,0.125,"
            "c0ffee,0123456789abcdef,J-20260102T030405Z-abcdef,ok\n");
}

TEST(SummaryLine, QuotesWhatRfc4180Asks) {
  RunRecord record = example();
  record.phase = "Before \"P3\", again\nand again";
  EXPECT_NE(summary_line(record).find(",\"Before \"\"P3\"\", again\nand again\","),
            std::string::npos);
}

TEST(SummaryLine, OfAFailedRunHasNoFigures) {
  RunRecord record = example();
  record.status = RunStatus::kFailed;
  record.total_sec = record.cpu_sec = record.peak_rss_mb = record.mad_sec = std::nullopt;
  EXPECT_EQ(summary_line(record),
            "2026-01-02T03:04:05Z,J,,,,,,,,,,,3,,c0ffee,0123456789abcdef,"
            "J-20260102T030405Z-abcdef,failed\n");
}

TEST_F(SummaryTest, WritesTheHeaderOnce) {
  append_summary(path_, example());
  append_summary(path_, example());
  const std::string line = summary_line(example());
  EXPECT_EQ(text(), std::string(kSummaryHeader) + '\n' + line + line);
}

TEST_F(SummaryTest, LeavesAFileWithAnotherHeaderAsItIs) {
  put("a,b\n1,2\n");
  EXPECT_THROW(check_summary(path_), Error);
  EXPECT_THROW(append_summary(path_, example()), Error);
  EXPECT_EQ(text(), "a,b\n1,2\n");
}

TEST_F(SummaryTest, RefusesWhatIsNoFile) {
  fs::create_directories(path_);
  try {
    check_summary(path_);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kIo);
  }
}

TEST_F(SummaryTest, TakesAnEmptyFileForANewOne) {
  put("");
  append_summary(path_, example());
  EXPECT_TRUE(text().starts_with(std::string(kSummaryHeader) + '\n'));
}

TEST_F(SummaryTest, BeginsANewLineBehindOneThatWasCutOff) {
  put(std::string(kSummaryHeader) + "\n2026-01-01");
  append_summary(path_, example());
  EXPECT_EQ(text(), std::string(kSummaryHeader) + "\n2026-01-01\n" + summary_line(example()));
}

TEST_F(SummaryTest, TwoProcessesLoseNoLine) {
  constexpr int kLines = 50;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  for (int i = 0; i < kLines; ++i) append_summary(path_, example());
  if (child == 0) _exit(0);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  const std::string line = summary_line(example());
  std::string expected = std::string(kSummaryHeader) + '\n';
  for (int i = 0; i < 2 * kLines; ++i) expected += line;
  EXPECT_EQ(text(), expected);
}

}  // namespace
}  // namespace tickwerk::lab
