#include "tickwerk/lab/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/folder_test.h"
#include "tickwerk/lab/run_files.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

job::Job test_job() {
  return {.name = "J",
          .description = {},
          .data = {},
          .use_case = {},
          .artefacts = {},
          .steps = {},
          .default_config = [] { return job::RunConfig{}; },
          .parameters = nullptr,
          .prepare = [](job::RunConfig&) {},
          .run = nullptr};
}

/// Iterations are shell scripts in the place of the program.
class ProfileTest : public FolderTest {
 protected:
  /// What an iteration hands over that wrote `orders.csv` and took `total_sec`.
  std::string result(double total_sec) {
    MeasuredRun run;
    run.total_sec = total_sec;
    run.result.files = {"orders.csv"};
    return to_json(run).dump();
  }

  /// Writes `orders` to orders.csv and hands over a result.
  std::string script(const std::string& orders) {
    write("result.json", result(0.25));
    return fmt::format("printf {} > '{}/orders.csv'; cat '{}/result.json' > /dev/fd/3", orders,
                       folder_.string(), folder_.string());
  }

  ProfileResult run(const std::string& shell_script, int iterations = 1) {
    ProfileConfig config;
    config.job = &job_;
    config.run.output = folder_;
    config.executable = "/bin/sh";
    config.arguments = {"-c", shell_script};
    config.iterations = iterations;
    auto done = profile(config);
    EXPECT_TRUE(done.has_value());
    return std::move(*done);
  }

  /// The one record that lies in the folder.
  RunRecord recorded() {
    const RecordFolder found = read_records(folder_ / "perf_runs");
    EXPECT_EQ(found.records.size(), 1U);
    return found.records.at(0);
  }

  std::size_t num_summary_lines() {
    const std::string text = read("perf_profiles/perf_summary.csv");
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  job::Job job_ = test_job();
};

TEST_F(ProfileTest, EqualOutputsOfAllIterationsAreARunThatIsOk) {
  const ProfileResult done = run(script("abc"), 3);
  EXPECT_FALSE(done.failure.has_value());
  EXPECT_EQ(recorded().total_sec, 0.25);
  EXPECT_EQ(recorded().samples.size(), 3U);
  EXPECT_EQ(num_summary_lines(), 2U);
}

TEST_F(ProfileTest, IterationsWhoseOutputsDifferAreAFailedRun) {
  const ProfileResult done = run(script("$$"), 3);  // $$ is another number in every process
  ASSERT_TRUE(done.failure.has_value());
  EXPECT_EQ(done.failure->code, Code::kInternal);
  EXPECT_NE(done.failure->message.find("(iteration 2 of 3)"), std::string::npos);
  EXPECT_EQ(recorded().status, RunStatus::kFailed);
  EXPECT_EQ(recorded().error, done.failure->message);
  EXPECT_FALSE(recorded().total_sec.has_value());
}

TEST_F(ProfileTest, AnIterationWithoutAResultIsAFailedRun) {
  EXPECT_EQ(run("exit 9").failure->message,
            "the process of the job must hand over its result, found none and exit code 9");
  EXPECT_EQ(recorded().status, RunStatus::kFailed);
}

TEST_F(ProfileTest, AResultThatIsNoneIsAFailedRun) {
  EXPECT_EQ(run("echo {} > /dev/fd/3").failure->code, Code::kCorruptData);
  EXPECT_EQ(recorded().status, RunStatus::kFailed);
}

TEST_F(ProfileTest, AnOutputThatIsNotThereIsAFailedRun) {
  write("result.json", result(0.25));
  const ProfileResult done = run(fmt::format("cat '{}/result.json' > /dev/fd/3", folder_.string()));
  EXPECT_EQ(done.failure->code, Code::kNotFound);
  EXPECT_EQ(recorded().status, RunStatus::kFailed);
}

TEST_F(ProfileTest, APreparationThatFailsIsAFailedRunWithoutIterations) {
  job_.prepare = [](job::RunConfig&) { throw Error(Code::kIo, "the disk must have room"); };
  const ProfileResult done = run("exit 0");
  EXPECT_EQ(done.failure->message, "the disk must have room");
  EXPECT_EQ(recorded().error, "the disk must have room");
  EXPECT_TRUE(recorded().samples.empty());
  EXPECT_EQ(num_summary_lines(), 2U);
}

TEST_F(ProfileTest, AFolderThatCannotTakeTheResultsIsFoundBeforeTheJobRuns) {
  for (const char* name : {"perf_logs", "perf_profiles", "perf_runs"}) {
    write(name, "a file");
    EXPECT_THROW(run(script("abc")), Error) << name;
    EXPECT_FALSE(fs::exists(folder_ / "orders.csv"));
    fs::remove(folder_ / name);
  }
}

TEST_F(ProfileTest, FilesOfARunThatCannotBeRecordedAreTakenBack) {
  // The summary becomes a folder while the job runs.
  fs::create_directories(folder_ / "perf_profiles");
  const std::string spoil =
      fmt::format("; mkdir '{}/perf_profiles/perf_summary.csv'", folder_.string());
  EXPECT_THROW(run(script("abc") + spoil), Error);
  EXPECT_TRUE(fs::exists(folder_ / "orders.csv"));
  EXPECT_TRUE(fs::is_empty(folder_ / "perf_logs"));
  EXPECT_TRUE(fs::is_empty(folder_ / "perf_runs"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "perf_profiles"), {}), 1);
}

TEST_F(ProfileTest, AFailureThatCannotBeRecordedIsSaidAllTheSame) {
  fs::create_directories(folder_ / "perf_profiles");
  try {
    run(fmt::format("mkdir '{}/perf_profiles/perf_summary.csv'; exit 9", folder_.string()));
    FAIL() << "recorded";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("exit code 9"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("perf_summary.csv"), std::string::npos);
  }
}

class RunPathsTest : public FolderTest {};

TEST_F(RunPathsTest, TakeTheSuffixWhenAnotherRunHasTheSecond) {
  RunRecord record;
  record.job_name = "J";
  record.run_id = "J-20260102T030405Z-abcdef";
  RunPaths paths = run_paths(folder_, record);
  EXPECT_EQ(paths.log, "perf_logs/perf_J_20260102T030405Z.log");
  EXPECT_EQ(paths.profile, "perf_profiles/profile_J_20260102T030405Z");
  EXPECT_EQ(paths.record, "perf_runs/J-20260102T030405Z-abcdef.json");
  write(paths.log, "");
  paths = run_paths(folder_, record);
  EXPECT_EQ(paths.log, "perf_logs/perf_J_20260102T030405Z_abcdef.log");
  EXPECT_EQ(paths.profile, "perf_profiles/profile_J_20260102T030405Z_abcdef");
}

}  // namespace
}  // namespace tickwerk::lab
