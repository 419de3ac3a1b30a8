#include "tickwerk/lab/document.h"

#include <gtest/gtest.h>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kArtefacts[] = {"metrics.json"};
constexpr std::string_view kSteps[] = {"load_data"};
const job::Job kJob{.name = "J",
                    .description = "A job of the tests.",
                    .data = "none",
                    .use_case = "to be described",
                    .artefacts = kArtefacts,
                    .steps = kSteps,
                    .default_config = [] { return job::RunConfig{}; },
                    .parameters = [](const job::RunConfig& config) -> job::Parameters {
                      return {{"title", config.title}};
                    },
                    .prepare = nullptr,
                    .run = nullptr};

/// A run of J on `day` of January 2026 that took `total_sec`, all of it in the function `load`.
RunRecord record(int day, double total_sec, const std::string& phase = "") {
  RunRecord made;
  made.run_id = fmt::format("J-202601{:02}T030405Z-abcdef", day);
  made.job_name = "J";
  made.timestamp = fmt::format("2026-01-{:02}T03:04:05Z", day);
  made.phase = phase;
  made.total_sec = total_sec;
  made.peak_rss_mb = 12.5;
  made.mad_sec = 0;
  made.samples.resize(1);
  trace::CallNode load;
  load.name = "load";
  load.file = "l.cpp";
  load.calls = 1;
  load.total_ns = load.self_ns = static_cast<std::uint64_t>(1e9 * total_sec);
  made.trees.main.name = "<job:J>";
  made.trees.main.file = "~";
  made.trees.main.total_ns = load.total_ns;
  made.trees.main.children = {load};
  return made;
}

std::string document(std::string_view text, const std::vector<RunRecord>& records) {
  return document_text(text, {&kJob, 1}, records);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(Document, IsMadeFromNothing) {
  const std::string text = document("", {record(2, 0.5)});
  EXPECT_TRUE(contains(text, "Last updated: 2026-01-02\n"));
  EXPECT_TRUE(contains(text, "| Run ID | Date | Runtime (s) | Memory Peak (MB) | Notes |\n"));
  EXPECT_TRUE(contains(text, "| J-20260102T030405Z-abcdef | 2026-01-02 | 0.5000 | 12.5 | |\n"));
  EXPECT_TRUE(contains(text, "| J-20260102T030405Z-abcdef | `load` 0.5000 s, 100.0 % | | |\n"));
  EXPECT_TRUE(contains(text, "### J\n\nA job of the tests.\n"));
}

TEST(Document, HasTheSameBytesWhenMadeTwice) {
  const std::vector<RunRecord> records{record(2, 0.5, "Before"), record(3, 0.25, "After")};
  const std::string once = document("", records);
  EXPECT_EQ(document(once, records), once);
}

TEST(Document, DoesNotDependOnTheOrderOfTheRecords) {
  EXPECT_EQ(document("", {record(3, 0.25), record(2, 0.5)}),
            document("", {record(2, 0.5), record(3, 0.25)}));
}

TEST(Document, GrowsAsIfMadeAtOnce) {
  const std::string first = document("", {record(3, 0.25)});
  EXPECT_EQ(document(first, {record(2, 0.5), record(3, 0.25)}),
            document("", {record(2, 0.5), record(3, 0.25)}));
}

TEST(Document, LeavesTheRestOfTheFileAlone) {
  const std::string once = document("", {record(2, 0.5)});
  const std::string edited = "front matter\n" +
                             replaced(once, "## Runtimes", "## Times\n\nMine.\t") +
                             "the end, without a line feed";
  const std::string twice = document(edited, {record(2, 0.5)});
  EXPECT_EQ(twice, edited);
}

TEST(Document, KeepsANoteThatAPersonWrote) {
  const std::string once = document("", {record(2, 0.5)});
  const std::string edited = replaced(once, "| 12.5 | |\n", "| 12.5 | on battery |\n");
  EXPECT_EQ(document(edited, {record(2, 0.5)}), edited);
  EXPECT_TRUE(contains(document(edited, {record(2, 0.5), record(3, 0.25)}), "| on battery |\n"));
}

TEST(Document, KeepsANoteWithABareBar) {
  const std::string once = document("", {record(2, 0.5)});
  const std::string edited = replaced(once, "| 12.5 | |\n", "| 12.5 | a | b |\n");
  const std::string mended = document(edited, {record(2, 0.5)});
  EXPECT_TRUE(contains(mended, "| 12.5 | a \\| b |\n"));
  EXPECT_EQ(document(mended, {record(2, 0.5)}), mended);
}

TEST(Document, ShowsTheNoteOfTheRecord) {
  RunRecord noted = record(2, 0.5);
  noted.note = "cold | cache";
  EXPECT_TRUE(contains(document("", {noted}), "| 12.5 | cold \\| cache |\n"));
}

TEST(Document, KeepsRowsWithoutARecord) {
  const std::string row = "|J-20260101T000000Z-ffffff|2026-01-01|   9.0|1 |elsewhere|";
  const std::string once = document("", {record(2, 0.5)});
  const std::string rule = "| --- | --- | --- | --- | --- |\n";
  const std::string edited = replaced(once, rule, rule + row + "\n");
  EXPECT_EQ(document(edited, {record(2, 0.5)}), edited);
  const std::string none = document(edited, {});
  EXPECT_TRUE(contains(none, row + "\n"));
  EXPECT_TRUE(contains(none, "Last updated: 2026-01-02"));
}

TEST(Document, ListsTheParametersThatTheJobSaysItReads) {
  EXPECT_TRUE(contains(document("", {record(2, 0.5)}),
                       "| Parameter | Default |\n| --- | --- |\n| title | backtest |\n"));
}

TEST(Document, DoesNotShowFailedRuns) {
  RunRecord failed = record(3, 0.25, "After");
  failed.status = RunStatus::kFailed;
  failed.total_sec.reset();
  EXPECT_EQ(document("", {record(2, 0.5), failed}), document("", {record(2, 0.5)}));
}

TEST(Document, RatioIsToTheFirstPhaseOfTheJob) {
  const std::string text = document("", {record(2, 0.5, "Before"), record(3, 0.25, "After")});
  EXPECT_TRUE(contains(text,
                       "| J-20260102T030405Z-abcdef | Before | 2026-01-02 | 0.5000 | `load` 0.5000 "
                       "s, 100.0 % | | | 1.00 (reference) | |\n"));
  EXPECT_TRUE(contains(text, "| 0.50 (unpaired) | |\n"));
}

TEST(Document, RatioSaysWhatElseDiffers) {
  RunRecord after = record(3, 1.0, "After");
  after.machine.machine_id = "other";
  after.data_fingerprint = "other";
  EXPECT_TRUE(contains(document("", {record(2, 0.5, "Before"), after}),
                       "| 2.00 (unpaired, other machine, other data) |"));
}

TEST(Document, RatioReachesARowWithoutARecord) {
  const std::string both = document("", {record(2, 0.5, "Before"), record(3, 0.25, "After")});
  EXPECT_TRUE(contains(document(both, {record(3, 0.25, "After")}), "| 0.50 (unpaired) |"));
}

TEST(Document, KeepsTheLineEndsOfItsMarkers) {
  const std::string once = document("", {record(2, 0.5)});
  std::string crlf;
  for (const char c : once) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(document(crlf, {record(2, 0.5)}), crlf);
}

class DamagedDocument : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(DamagedDocument, IsRefusedWithTheLinesThatMendIt) {
  const std::string text =
      replaced(document("", {record(2, 0.5)}), GetParam().first, GetParam().second);
  try {
    document(text, {record(2, 0.5)});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kCorruptData);
    EXPECT_TRUE(contains(error.what(), "to mend it")) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Markers,
    DamagedDocument,
    testing::Values(
        std::pair("<!-- tickwerk:end runtime -->\n", ""),
        std::pair("<!-- tickwerk:begin runtime -->\n", ""),
        std::pair("<!-- tickwerk:begin phases -->", "<!-- tickwerk:begin runtime -->"),
        std::pair("<!-- tickwerk:begin machine -->", "<!-- tickwerk:begin machin -->"),
        std::pair("<!-- tickwerk:end machine -->", "<!-- tickwerk:end jobs -->"),
        std::pair("<!-- tickwerk:begin machine -->\n",
                  "<!-- tickwerk:begin machine -->\n<!-- tickwerk:begin machine -->\n")));

TEST(Document, OfSomebodyElseIsRefused) {
  EXPECT_THROW(document("# My page\n", {record(2, 0.5)}), Error);
}

class UpdateDocument : public FolderTest {
 protected:
  std::vector<std::string> update(const fs::path& path) {
    return update_document(folder_ / path, folder_ / "output", {&kJob, 1});
  }
};

TEST_F(UpdateDocument, LeavesADamagedFileUntouched) {
  write("p.md", "# My page\n");
  EXPECT_THROW(update("p.md"), Error);
  EXPECT_EQ(read("p.md"), "# My page\n");
}

TEST_F(UpdateDocument, NamesFilesThatAreNoRecords) {
  write("output/perf_runs/x.json", "{}");
  write("output/perf_runs/y.json", R"({"schema": "tickwerk.run_record", "schema_version": 99})");
  const auto problems = update("docs/p.md");
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_TRUE(contains(problems[0], "x.json"));
  EXPECT_TRUE(contains(problems[1], "found 99"));
  EXPECT_TRUE(fs::exists(folder_ / "docs/p.md"));
}

TEST_F(UpdateDocument, MakesTheSameFileTwiceFromTheSameRecords) {
  write("output/perf_runs/a.json", record_text(record(2, 0.5, "Before")));
  write("output/perf_runs/b.json", record_text(record(3, 0.25, "After")));
  update("p.md");
  const std::string once = read("p.md");
  update("p.md");
  EXPECT_EQ(read("p.md"), once);
}

TEST_F(UpdateDocument, CheckRefusesWhatCouldNotBeWritten) {
  write("file", "");
  EXPECT_THROW(check_document(folder_ / "file/p.md"), Error);
  EXPECT_THROW(check_document(folder_), Error);
  EXPECT_NO_THROW(check_document(folder_ / "not/there/yet/p.md"));
  EXPECT_NO_THROW(check_document("p.md"));
}

}  // namespace
}  // namespace tickwerk::lab
