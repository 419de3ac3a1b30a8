// What may happen to a folder: writers that are killed at every step, two of them, a full disk, no
// right to write, files that were cut, changed or lost. Values stay right, and the store mends.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/store/metadata.h"
#include "tickwerk/store/store_fixture.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::store {
namespace {

class Faults : public StoreTest {
 protected:
  /// Runs in a process of its own, without threads, and kills it at the `end`-th step. False when
  /// it had fewer steps.
  bool is_killed(const market::Bars& bars, int end) {
    const pid_t child = fork();
    if (child == 0) {
      int steps = 0;
      config_.at_step = [&](WriteStep) {
        if (++steps == end) ::raise(SIGKILL);
      };
      const expr::Inputs inputs = inputs_of(bars);
      read_or_evaluate({bars, inputs, expressions_.graph, expressions_.columns}, config_);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  }
  std::vector<std::filesystem::path> versions() const {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(folder() / "_versions")) {
      files.push_back(file.path());
    }
    std::ranges::sort(files);
    return files;
  }
};

TEST_F(Faults, AWriterKilledAtAnyStepLeavesTheOldOrTheNewStore) {
  // Threads do not survive a fork.
  set_num_threads(1);
  const market::Bars before = first_rows(market_, 790);
  market::Bars after = copy_of(market_);
  after.fields.find("close")->second(300, 4) *= 1.1;
  ASSERT_NE(fingerprint(after), fingerprint(market_));
  run(before, expressions_);
  std::filesystem::copy(
      root_ / "test", root_ / "saved",
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  const std::string old_metadata = read_bytes(metadata_file(folder()));
  int end = 1, num_old = 0, num_new = 0;
  while (true) {
    SCOPED_TRACE(end);
    std::filesystem::remove_all(root_ / "test");
    std::filesystem::copy(
        root_ / "saved", root_ / "test",
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    if (!is_killed(after, end)) break;
    const bool is_old = read_bytes(metadata_file(folder())) == old_metadata;
    (is_old ? num_old : num_new) += 1;
    EXPECT_TRUE(verify(folder()).damaged.empty());
    if (is_old) {
      const Result result = run(before, expressions_);
      EXPECT_EQ(count(result, Outcome::kHit), result.findings.size());
    }
    const Result result = run(after, expressions_);
    EXPECT_TRUE(result.warnings.empty());
    if (!is_old) {
      EXPECT_EQ(count(result, Outcome::kHit), result.findings.size());
    }
    collect_garbage(folder(), {.keep_since = {}, .now = config_.now, .waiting = {}});
    const Verification verified = verify(folder());
    EXPECT_TRUE(verified.damaged.empty());
    EXPECT_TRUE(verified.leftover.empty());
    ++end;
  }
  EXPECT_GE(num_old, 12);
  EXPECT_GE(num_new, 2);
}

TEST_F(Faults, AFullDiskChangesNothing) {
  set_num_threads(1);
  run(first_rows(market_, 790), expressions_);
  const std::string before = read_bytes(metadata_file(folder()));
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  for (const rlim_t limit : {0, 1000, 20'000, 40'000, 200'000}) {
    struct rlimit small = old;
    small.rlim_cur = limit;
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Result result = run(market_, expressions_);
    ::setrlimit(RLIMIT_FSIZE, &old);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_TRUE(result.warnings[0].starts_with("nothing was stored: ")) << result.warnings[0];
    EXPECT_EQ(read_bytes(metadata_file(folder())), before);
    EXPECT_TRUE(verify(folder()).damaged.empty());
    EXPECT_TRUE(verify(folder()).leftover.empty());
  }
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(run(market_, expressions_).warnings.empty());
}

TEST_F(Faults, WithoutARightToWriteValuesAreEvaluated) {
  if (::geteuid() == 0) {
    // Root may write everywhere; a file in the place of the folder stops it too.
    write_bytes(root_ / "test", "not a folder");
  } else {
    std::filesystem::permissions(
        root_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  }
  const Result result = run(market_, expressions_);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_TRUE(result.warnings[0].starts_with("nothing was stored: "));
  std::filesystem::permissions(root_, std::filesystem::perms::owner_all);
}

TEST_F(Faults, EveryFileThatIsCutChangedOrLostIsMended) {
  run(market_, expressions_);
  const std::size_t num_files = versions().size();
  for (std::size_t i = 0; i < num_files; ++i) {
    for (const char* damage : {"cut", "changed", "lost", "emptied"}) {
      const std::filesystem::path file = versions()[i];
      SCOPED_TRACE(file.filename().string() + " " + damage);
      std::string bytes = read_bytes(file);
      if (damage[0] == 'c' && damage[1] == 'u') {
        write_bytes(file, bytes.substr(0, bytes.size() * 2 / 3));
      } else if (damage[0] == 'c') {
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        write_bytes(file, bytes);
      } else if (damage[0] == 'l') {
        std::filesystem::remove(file);
      } else {
        write_bytes(file, "");
      }
      EXPECT_EQ(verify(folder()).damaged.size(), 1U);
      const Result result = run(market_, expressions_);
      if (file.extension() == ".parquet" || file.extension() == ".prints") {
        ASSERT_EQ(result.warnings.size(), 1U);
        EXPECT_NE(result.warnings[0].find(file.filename().string()), std::string::npos);
        EXPECT_EQ(count(result, Outcome::kMiss), expressions_.columns.size());
        EXPECT_TRUE(verify(folder()).damaged.empty());
      } else {
        config_.rebuild = Rebuild::kAll;
        run(market_, expressions_);
        config_.rebuild = Rebuild::kStale;
      }
    }
  }
}

TEST_F(Faults, AnyBitOfAFileOfValuesThatChangesIsFoundByARun) {
  run(market_, expressions_);
  const std::string first = read_metadata(folder())->years[0].file.name;
  const std::size_t size = read_bytes(folder() / first).size();
  std::vector<std::size_t> places = {0, 3, 4, 100, 640, 1500, size - 1, size - 5, size - 9};
  for (std::size_t at = 2000; at < size; at += size / 20) places.push_back(at);
  for (const std::size_t at : places) {
    SCOPED_TRACE(at);
    const std::string name = read_metadata(folder())->years[0].file.name;
    std::string bytes = read_bytes(folder() / name);
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    write_bytes(folder() / name, bytes);
    const Result result = run(market_, expressions_);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_NE(result.warnings[0].find(name), std::string::npos) << result.warnings[0];
    EXPECT_EQ(count(result, Outcome::kMiss), expressions_.columns.size());
    EXPECT_TRUE(verify(folder()).damaged.empty());
  }
}

TEST_F(Faults, OneColumnIsReadOnlyBesideSoundTimesAndSymbols) {
  run(market_, expressions_);
  const std::string name = read_metadata(folder())->years[1].file.name;
  std::string bytes = read_bytes(folder() / name);
  bytes[640] = static_cast<char>(bytes[640] ^ 1);
  write_bytes(folder() / name, bytes);
  const Result result = run(market_, Expressions("spread = (high - low) / close\n"));
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("found other times or symbols"), std::string::npos);
  EXPECT_TRUE(verify(folder()).damaged.empty());
}

TEST_F(Faults, AFileWithoutAChecksumOfItsKeysIsReadAgainstThatOfAllItsBytes) {
  run(market_, expressions_);
  Metadata metadata = *read_metadata(folder());
  for (YearEntry& entry : metadata.years) entry.keys.clear();
  write_bytes(metadata_file(folder()), to_json(metadata));
  EXPECT_TRUE(run(market_, expressions_).warnings.empty());
  const std::string name = metadata.years[0].file.name;
  std::string bytes = read_bytes(folder() / name);
  bytes[640] = static_cast<char>(bytes[640] ^ 1);
  write_bytes(folder() / name, bytes);
  EXPECT_EQ(run(market_, expressions_).warnings.size(), 1U);
  EXPECT_FALSE(read_metadata(folder())->years[0].keys.empty());
}

TEST_F(Faults, VerifyNamesTheRemedyOfEveryKindOfFile) {
  run(first_rows(market_, 790), expressions_);
  market::Bars revised = copy_of(market_);
  revised.fields.find("close")->second(30, 4) *= 1.1;
  config_.now = midnight(make_date(2025, 2, 15));
  run(revised, expressions_);
  std::map<std::string, std::string> remedies;
  const Info before = info(folder());
  const auto keep_list = [&](const auto& file) {
    return before.metadata.superseded->name.ends_with(file.filename().string());
  };
  for (const auto& file : versions()) {
    if (!keep_list(file)) write_bytes(file, "none");
  }
  for (const Problem& one : verify(folder()).damaged) remedies[one.file] = one.remedy;
  const Metadata metadata = *read_metadata(folder());
  EXPECT_EQ(remedies.at(metadata.years[0].file.name),
            "the next run that reads it evaluates the year anew, as does --rebuild");
  EXPECT_EQ(remedies.at(before.replaced.at(0).file.name),
            "it is lost for as-of reads; tickwerk store gc --keep-since 2025-02-16 forgets it");
  EXPECT_TRUE(remedies.at(metadata.state->file.name).starts_with("the next run that goes on"));
  write_bytes(folder() / metadata.superseded->name, "none");
  for (const Problem& one : verify(folder()).damaged) remedies[one.file] = one.remedy;
  EXPECT_TRUE(
      remedies.at(metadata.superseded->name).ends_with("tickwerk store rm removes the rest"));
  write_bytes(metadata_file(folder()), "none");
  EXPECT_EQ(verify(folder()).damaged.at(0).remedy, "the next run begins the store anew");
}

TEST_F(Faults, ADamagedStateIsSaidAndDoneWithout) {
  run(first_rows(market_, 799), expressions_);
  for (const auto& file : versions()) {
    if (file.filename().string().starts_with("state")) write_bytes(file, "TWSTATE1 nonsense");
  }
  const Result result = run(market_, expressions_);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_TRUE(result.warnings[0].starts_with("recursive columns run from the first bar: "));
  EXPECT_TRUE(verify(folder()).damaged.empty());
}

TEST_F(Faults, LostOrHalfMetadataBeginAnew) {
  run(market_, expressions_);
  const std::string whole = read_bytes(metadata_file(folder()));
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
    write_bytes(metadata_file(folder()), whole.substr(0, size));
    const Result result = run(market_, expressions_);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_TRUE(result.warnings[0].starts_with("the store begins anew: "));
    EXPECT_TRUE(verify(folder()).damaged.empty());
  }
  std::filesystem::remove(metadata_file(folder()));
  EXPECT_EQ(count(run(market_, expressions_), Outcome::kHit), 0U);
}

TEST_F(Faults, ALaterSchemaIsLeftAlone) {
  run(market_, expressions_);
  std::string text = read_bytes(metadata_file(folder()));
  text.replace(text.find("\"schema\": 1"), 11, "\"schema\": 7");
  const std::size_t body = text.find('\n', text.find("checksum")) + 1;
  text.replace(text.find("\": \"") + 4, 32, checksum_of(text.substr(body)));
  write_bytes(metadata_file(folder()), text);
  const Result result = run(market_, expressions_);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("computed without the store: a store must have schema 1 or "
                                    "older, found 7"),
            std::string::npos)
      << result.warnings[0];
  EXPECT_EQ(read_bytes(metadata_file(folder())), text);
  try {
    info(folder());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnsupported);
  }
}

TEST_F(Faults, DamagedPrintsAreFoundByAnyRunNamedAndReplaced) {
  run(market_, expressions_);
  const YearEntry entry = read_metadata(folder())->years[1];
  for (const char* damage : {"changed", "lost"}) {
    SCOPED_TRACE(damage);
    const std::string name = read_metadata(folder())->years[1].prints.name;
    std::filesystem::remove(folder() / name);
    if (damage[0] == 'c') write_bytes(folder() / name, "TWPRINT1 and what is none");
    ASSERT_EQ(verify(folder()).damaged.size(), 1U);
    const Result result = run(market_, expressions_);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_NE(result.warnings[0].find(name), std::string::npos) << result.warnings[0];
    EXPECT_EQ(count(result, Outcome::kMiss), expressions_.columns.size());
    EXPECT_TRUE(verify(folder()).damaged.empty());
    EXPECT_EQ(read_metadata(folder())->years[1].recorded, entry.recorded);
    EXPECT_TRUE(info(folder()).replaced.empty());
    EXPECT_TRUE(run(market_, expressions_).warnings.empty());
  }
}

TEST_F(Faults, DamagedPrintsDoNotLoseTheVersionThatOtherBarsReplace) {
  run(market_, expressions_);
  const YearEntry entry = read_metadata(folder())->years[1];
  std::filesystem::remove(folder() / entry.prints.name);
  market::Bars revised = copy_of(market_);
  const std::size_t row = revised.first_row_at(entry.first) + 3;
  for (std::size_t s = 0; s < revised.num_symbols(); ++s) {
    revised.fields.find("close")->second(row, s) *= 1.01;
  }
  config_.now = midnight(make_date(2025, 2, 15));
  run(revised, expressions_);
  const Info known = info(folder());
  EXPECT_TRUE(std::ranges::any_of(
      known.replaced, [&](const YearEntry& one) { return one.file.name == entry.file.name; }));
  EXPECT_TRUE(verify(folder()).damaged.empty());
  EXPECT_TRUE(verify(folder()).leftover.empty());
}

TEST_F(Faults, DamagedPrintsDoNotLetShorterBarsCutAYear) {
  run(market_, expressions_);
  const YearEntry entry = read_metadata(folder())->years.back();
  write_bytes(folder() / entry.prints.name, "none");
  run(first_rows(market_, market_.num_rows() - 5), expressions_);
  EXPECT_EQ(read_metadata(folder())->years.back().num_sessions, entry.num_sessions);
  run(market_, expressions_);
  EXPECT_TRUE(verify(folder()).damaged.empty());
}

TEST_F(Faults, AClockThatGoesBackIsSaidAndOrdersNothingAnew) {
  run(first_rows(market_, 790), expressions_);
  config_.now = midnight(make_date(2020, 1, 1));
  const Result result = run(market_, expressions_);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_TRUE(result.notes[0].starts_with("the clock went back: "));
  EXPECT_EQ(read_metadata(folder())->updated, midnight(make_date(2025, 1, 15)));
}

TEST_F(Faults, ARunThatBeganSecondsBeforeTheLastWriterIsNoClockThatWentBack) {
  run(first_rows(market_, 790), expressions_);
  config_.now.ns -= 5'000'000'000;
  EXPECT_TRUE(run(market_, expressions_).notes.empty());
  EXPECT_EQ(read_metadata(folder())->updated, midnight(make_date(2025, 1, 15)));
}

TEST_F(Faults, AWriterWaitsForAnotherAndSaysForWhom) {
  std::filesystem::create_directories(folder() / "_versions");
  const int held = ::open((folder() / "_lock").c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  ASSERT_EQ(::write(held, "process 7", 9), 9);
  std::string holder;
  config_.waiting = [&](const std::string& who) {
    holder = who;
    ::close(held);
  };
  run(market_, expressions_);
  EXPECT_EQ(holder, "process 7");
}

TEST_F(Faults, WritersAndReadersAtOnceAllGetTheirValues) {
  const market::Bars before = first_rows(market_, 795);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 4; ++round) {
        const Result result = run((i + round) % 2 == 0 ? before : market_, expressions_);
        EXPECT_TRUE(result.warnings.empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(verify(folder()).damaged.empty());
  EXPECT_TRUE(verify(folder()).leftover.empty());
}

}  // namespace
}  // namespace tickwerk::store
