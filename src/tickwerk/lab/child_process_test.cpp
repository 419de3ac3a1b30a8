#include "tickwerk/lab/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

ChildOutcome shell(const std::string& script) {
  Interrupts interrupts;
  return run_child("/bin/sh", {"-c", script}, interrupts);
}

TEST(RunChild, TellsTheExitCodeAndTheResult) {
  const ChildOutcome outcome = shell("printf hello > /dev/fd/3; exit 7");
  EXPECT_EQ(outcome.end, ChildEnd::kExited);
  EXPECT_EQ(outcome.status, 7);
  EXPECT_EQ(outcome.result, "hello");
}

TEST(RunChild, TellsTheSignalThatKilledIt) {
  const ChildOutcome outcome = shell("kill -9 $$");
  EXPECT_EQ(outcome.end, ChildEnd::kKilled);
  EXPECT_EQ(outcome.status, SIGKILL);
}

TEST(RunChild, GivesEachChildAResultOfItsOwn) {
  EXPECT_EQ(shell("printf long_result > /dev/fd/3").result, "long_result");
  EXPECT_EQ(shell("true").result, "");
}

TEST(RunChild, CountsItsProcessorTime) {
  const ChildOutcome outcome = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
  EXPECT_GT(outcome.use.user_sec + outcome.use.system_sec, 0.0);
  EXPECT_GE(outcome.use.wall_sec, 0.0);
  EXPECT_GT(outcome.use.minor_faults, 0);
}

TEST(RunChild, RefusesAProgramThatIsNotThere) {
  Interrupts interrupts;
  EXPECT_THROW(run_child("/nonexistent/program", {}, interrupts), Error);
}

/// Gone, or dead and waiting for a parent that does not care.
bool has_ended(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string text;
  std::getline(in, text);
  const auto state = text.find(") ");
  return state == std::string::npos || text[state + 2] == 'Z' || text[state + 2] == 'X';
}

TEST(RunChild, EndsTheWholeGroupWhenInterrupted) {
  Interrupts interrupts;
  const ChildOutcome outcome = run_child(
      "/bin/sh",
      {"-c", fmt::format("sleep 600 & echo $! > /dev/fd/3; kill -INT {}; wait", getpid())},
      interrupts);
  EXPECT_EQ(outcome.end, ChildEnd::kInterrupted);
  EXPECT_TRUE(interrupts.pending());
  const std::string sleeper = outcome.result.substr(0, outcome.result.find('\n'));
  ASSERT_FALSE(sleeper.empty());
  while (!has_ended(sleeper))
    std::this_thread::yield();  // else the time limit of the tests ends us
}

class RemoveUnfinishedFiles : public FolderTest {};

TEST_F(RemoveUnfinishedFiles, TakesThoseOfOneProcessOnly) {
  for (const char* name :
       {".a.csv.12-0.tmp", "data/.b.csv.12-3.tmp", ".a.csv.112-0.tmp", "a.csv"}) {
    write(name, "x");
  }
  remove_unfinished_files(folder_, 12);
  EXPECT_FALSE(fs::exists(folder_ / ".a.csv.12-0.tmp"));
  EXPECT_FALSE(fs::exists(folder_ / "data/.b.csv.12-3.tmp"));
  EXPECT_TRUE(fs::exists(folder_ / ".a.csv.112-0.tmp"));
  EXPECT_TRUE(fs::exists(folder_ / "a.csv"));
}

}  // namespace
}  // namespace tickwerk::lab
