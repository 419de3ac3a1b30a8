#include "tickwerk/lab/run_record.h"

#include <gtest/gtest.h>

#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

/// No two fields alike, so that a swap shows.
RunRecord full_record() {
  RunRecord record;
  record.run_id = "J-20260102T030405Z-abcdef";
  record.job_name = "J";
  record.timestamp = "2026-01-02T03:04:05Z";
  record.status = RunStatus::kOk;
  record.phase = "Before P3";
  record.note = "a note";
  record.command = {"tickwerk", "profile"};
  record.iterations = 3;
  record.warmup = 1;
  record.threads = 2;
  record.total_sec = 0.1;
  record.mad_sec = 0.01;
  record.cpu_sec = 0.2;
  record.peak_rss_mb = 80.5;
  Sample sample;
  sample.total_sec = 0.1;
  sample.peak_rss_bytes = 80.5e6;
  sample.memory_reset = MemoryReset::kRefused;
  sample.process = {.wall_sec = 0.3,
                    .user_sec = 0.15,
                    .system_sec = 0.05,
                    .minor_faults = 5,
                    .major_faults = 6,
                    .voluntary_switches = 7,
                    .involuntary_switches = 8,
                    .blocks_read = 9,
                    .blocks_written = 10};
  sample.steps = {{.name = "load_data", .wall_sec = 0.04, .cpu_sec = 0.05, .thread_cpu_sec = 0.03},
                  {.name = "run_backtest", .wall_sec = 0.06, .peak_rss_bytes = 70e6}};
  record.samples = {sample};
  record.trees.main.name = "<job:J>";
  record.trees.main.file = "~";
  record.trees.main.total_ns = 100;
  record.trees.workers.name = "<workers>";
  record.trees.workers.file = "~";
  record.configuration = {{"fill", "next_open"}, {"seed", "42"}};
  record.data_fingerprint = "data";
  record.output_digest = "output";
  record.outputs = {"metrics.json"};
  record.files = {"perf_logs/x.log"};
  record.notes = {"said once"};
  record.warnings = {"busy"};
  record.log_lines = {"TIMING | x | 0.1 sec"};
  record.build = {.version = "0.1.0",
                  .git_commit = "c0ffee",
                  .git_state = "clean",
                  .compiler = "GNU",
                  .flags = "-O3",
                  .build_type = "Release",
                  .sanitizers = "address",
                  .libraries = "arrow"};
  record.machine = {.cpu_model = "Abacus 9",
                    .cores = 2,
                    .memory_bytes = 1000,
                    .kernel_release = "6.1",
                    .governor = "performance",
                    .cpu_limit = 1.5,
                    .machine_id = "0123456789abcdef"};
  record.before = {.load_1 = 0.5, .cpu = Pressure{1, 2}};
  record.after = {.load_15 = 0.75, .io = Pressure{3, 4}};
  return record;
}

TEST(RunRecord, ComesBackFromItsJson) {
  const RunRecord record = full_record();
  EXPECT_EQ(run_record_from_json(to_json(record)), record);
}

TEST(RunRecord, OfAFailedRunComesBackToo) {
  RunRecord record = full_record();
  record.status = RunStatus::kFailed;
  record.error = "prices must exist";
  record.total_sec = record.mad_sec = record.cpu_sec = record.peak_rss_mb = std::nullopt;
  record.samples.clear();
  EXPECT_EQ(run_record_from_json(to_json(record)), record);
}

void count_digest_keys(const nlohmann::json& json, int& found) {
  for (const auto& [key, value] : json.items()) {
    if (json.is_object() && key.find("digest") != std::string::npos) ++found;
    if (value.is_structured()) count_digest_keys(value, found);
  }
}

TEST(RunRecord, HasOneKeyWithDigestInItsNameAtTheTop) {
  const nlohmann::json json = to_json(full_record());
  EXPECT_EQ(json.at("output_digest"), "output");
  int found = 0;
  count_digest_keys(json, found);
  EXPECT_EQ(found, 1);
}

TEST(RunRecord, OfANewerSchemaIsRefused) {
  nlohmann::json json = to_json(full_record());
  json["schema_version"] = kRunRecordVersion + 1;
  try {
    run_record_from_json(json);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnsupported);
  }
}

TEST(RunRecord, WithoutAKeyIsRefused) {
  const nlohmann::json whole = to_json(full_record());
  for (const auto& [key, value] : whole.items()) {
    if (key == "top_functions") continue;  // made from the zones
    nlohmann::json json = whole;
    json.erase(key);
    if (key == "git_commit") continue;  // stands in environment.build too
    EXPECT_THROW(run_record_from_json(json), Error) << key;
  }
}

class ReadRecords : public FolderTest {};

TEST_F(ReadRecords, OfAnAbsentFolderAreNone) {
  EXPECT_TRUE(read_records("/nonexistent/perf_runs").records.empty());
}

TEST_F(ReadRecords, StandInTheOrderOfTime) {
  RunRecord late = full_record();
  late.timestamp = "2026-01-03T00:00:00Z";
  write("a.json", record_text(late));
  write("b.json", record_text(full_record()));
  write(".c.json.12-0.tmp", "unfinished");
  const RecordFolder found = read_records(folder_);
  ASSERT_EQ(found.records.size(), 2U);
  EXPECT_EQ(found.records[1].timestamp, late.timestamp);
  EXPECT_TRUE(found.problems.empty());
}

}  // namespace
}  // namespace tickwerk::lab
