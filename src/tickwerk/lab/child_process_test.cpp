#include "tickwerk/lab/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tickwerk/base/error.h"

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

TEST(RunChild, EndsTheWholeGroupWhenInterrupted) {
  Interrupts interrupts;
  const ChildOutcome outcome = run_child(
      "/bin/sh", {"-c", "sleep 60 & kill -INT " + std::to_string(getpid()) + "; wait"}, interrupts);
  EXPECT_EQ(outcome.end, ChildEnd::kInterrupted);
  EXPECT_TRUE(interrupts.pending());
  EXPECT_LT(outcome.use.wall_sec, 30.0);
}

TEST(RemoveUnfinishedFiles, TakesThoseOfOneProcessOnly) {
  const fs::path folder = fs::path(testing::TempDir()) / "unfinished_files";
  fs::remove_all(folder);
  fs::create_directories(folder / "data");
  for (const char* name :
       {".a.csv.12-0.tmp", "data/.b.csv.12-3.tmp", ".a.csv.112-0.tmp", "a.csv"}) {
    std::ofstream(folder / name) << "x";
  }
  remove_unfinished_files(folder, 12);
  EXPECT_FALSE(fs::exists(folder / ".a.csv.12-0.tmp"));
  EXPECT_FALSE(fs::exists(folder / "data/.b.csv.12-3.tmp"));
  EXPECT_TRUE(fs::exists(folder / ".a.csv.112-0.tmp"));
  EXPECT_TRUE(fs::exists(folder / "a.csv"));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace tickwerk::lab
