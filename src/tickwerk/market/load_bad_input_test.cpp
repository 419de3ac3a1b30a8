// Every bad input ends in one sentence that names the file and, where there is one, the row, column
// and value.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <random>

#include "tickwerk/base/error.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/market/load_fixture.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::market {
namespace {

class LoadRefuses : public LoadFixture {
 protected:
  /// Expects an error of `code` whose message holds every one of `words`.
  static void expect(const LoadConfig& config, Code code, const std::vector<std::string>& words) {
    try {
      load(config);
      ADD_FAILURE() << "no error; expected " << words.front();
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.code(), code) << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      for (const std::string& word : words) {
        EXPECT_NE(message.find(word), std::string::npos) << "'" << word << "' in: " << message;
      }
    }
  }
  void expect_text(std::string_view text, const std::vector<std::string>& words) const {
    LoadConfig config;
    config.prices = file("p.csv", text);
    expect(config, Code::kCorruptData, words);
  }
};

TEST_F(LoadRefuses, MissingFile) {
  LoadConfig config;
  config.prices = folder() / "none.csv";
  expect(config, Code::kNotFound, {"must exist", "none.csv"});
}

TEST_F(LoadRefuses, NoPathAndPathsThatAreNoFile) {
  LoadConfig config;
  expect(config, Code::kInvalidArgument, {"--prices must name a file"});
  config.prices = "/dev/null";
  expect(config, Code::kUnsupported, {"regular file", "/dev/null"});
}

TEST_F(LoadRefuses, EmptyFileAndHeaderOnly) {
  expect_text("", {"must have a header", "p.csv"});
  expect_text("date,symbol,close\n", {"a row after the header", "p.csv"});
}

TEST_F(LoadRefuses, UnknownColumnsNamingThoseFoundAndThoseAccepted) {
  expect_text("when,symbol,close\n1,2,3\n",
              {"timestamp", "accepted: timestamp, date", "found when, symbol, close", "row 1"});
  expect_text("date,symbol,price\n1,2,3\n", {"column close", "found date, symbol, price"});
  expect_text("date,time,symbol,close\n1,2,3,4\n", {"one column may mean timestamp"});
  expect_text("date,open,adj close\n2024-01-02,1,1\n",
              {"adj_close with open must come with close"});
}

TEST_F(LoadRefuses, TextInAPriceColumnWithRowColumnAndValue) {
  expect_text("date,symbol,Close\n2024-01-02,A,1\n2024-01-03,A,abc\n",
              {"must be a number", "'abc'", "p.csv, row 3, column Close"});
}

TEST_F(LoadRefuses, RowNumbersCountOverPieces) {
  std::string text = "date,symbol,close\n";
  std::size_t row = 1;
  for (int i = 0; i < 200'000; ++i, ++row) text += "2024-01-02,A,1\n";
  text += "2024-01-02,A,x\n";
  ASSERT_GT(text.size(), 2u << 20);
  expect_text(text, {fmt::format("row {}, column close", row + 1)});
}

TEST_F(LoadRefuses, RowWithAnotherNumberOfFields) {
  expect_text("date,symbol,close\n2024-01-02,A\n", {"3 fields like the header, found 2", "row 2"});
}

TEST_F(LoadRefuses, DateThatIsNone) {
  expect_text("date,symbol,close\n2024-02-30,A,1\n", {"'2024-02-30'", "row 2, column date"});
  expect_text("date,symbol,close\n19000,A,1\n", {"19000", "falls into 1970", "row 2"});
  expect_text("date,symbol,close\n,A,1\n", {"found none", "row 2"});
}

TEST_F(LoadRefuses, EpochUnitsThatMix) {
  expect_text("date,symbol,close\n1709199000,A,1\n1709285400000,A,1\n",
              {"epoch seconds (row 2)", "epoch milliseconds (row 3)"});
}

TEST_F(LoadRefuses, EmptySymbol) {
  expect_text("date,symbol,close\n2024-01-02,,1\n", {"symbol must not be empty", "row 2"});
}

TEST_F(LoadRefuses, AllPricesMissing) {
  expect_text("date,symbol,close\n2024-01-02,A,\n2024-01-03,A,NaN\n",
              {"found none in 2 sessions of 1 symbol"});
}

TEST_F(LoadRefuses, BarsOfWhichNoneCanBeTrueUnlessTheyAreOnlyJudged) {
  const char* text =
      "date,symbol,open,high,low,close\n2024-01-02,A,1,1,2,1\n2024-01-03,A,1,1,1,0\n";
  expect_text(text, {"found 2 bars that cannot be true", "p.csv",
                     "first: A 2024-01-02: high_below_low, high 1 < low 2 (row 2)"});
  LoadConfig config;
  config.prices = file("p.csv", text);
  config.strictness = Strictness::kJudgeOnly;
  EXPECT_EQ(load(config).validation.num_masked, 2u);
}

TEST_F(LoadRefuses, DuplicateKeysWithOtherValuesListed) {
  expect_text("date,symbol,close\n2024-01-02,A,1\n2024-01-02,A,2\n2024-01-02,A,3\n",
              {"found 2 rows with different values", "A 2024-01-02 (rows 2 and 3: close 1 and 2)",
               "in " + (folder() / "p.csv").string(), "--on-duplicate first or last"});
  file("d/a.csv", "date,symbol,close\n2024-01-02,A,1\n");
  file("d/b.csv", "date,symbol,close\n2024-01-02,A,2\n");
  LoadConfig config;
  config.prices = folder() / "d";
  expect(config, Code::kCorruptData,
         {"found 1 row with different values", "a.csv row 2 and b.csv row 2: close 1 and 2",
          "in " + (folder() / "d").string()});
}

TEST_F(LoadRefuses, IntradayBarsAsDailyAndDailyAsIntraday) {
  expect_text("time,symbol,close\n2024-01-02T09:30:00Z,A,1\n2024-01-02T09:35:00Z,A,2\n",
              {"daily bars must be one a day", "09:30:00 and 09:35:00", "--freq 5min"});
  LoadConfig config;
  config.frequency = Frequency::kFiveMinutes;
  config.prices = file("d.csv", "date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,2\n");
  expect(config, Code::kCorruptData, {"daily bars", "--freq 1d"});
  config.prices =
      file("m.csv", "date,symbol,close\n2024-01-02T09:30:00Z,A,1\n2024-01-02T09:31:00Z,A,2\n");
  expect(config, Code::kCorruptData, {"multiples of 5 minutes", "09:31:00Z"});
}

TEST_F(LoadRefuses, BinaryRubbish) {
  expect_text(std::string("\x00\x01\x02\xff\xfe rubbish", 12),
              {"must be text", "0x00", "offset 0"});
  std::mt19937 random(3);
  std::string rubbish(5000, '\0');
  for (char& c : rubbish) c = static_cast<char>(random());
  for (const char* name : {"r.csv", "r.parquet", "r.csv.gz"}) {
    LoadConfig config;
    config.prices = file(name, rubbish);
    expect(config, Code::kCorruptData, {name});
  }
}

TEST_F(LoadRefuses, UnclosedQuote) {
  expect_text("date,symbol,close\n2024-01-02,\"A,1\n", {"must end with a quote", "row 2"});
}

TEST_F(LoadRefuses, GzThatIsCut) {
  std::string text = "date,symbol,close\n";
  for (int i = 0; i < 150'000; ++i) text += fmt::format("2024-01-02,S{},{}\n", i, i + 1);
  const auto path = folder() / "whole.csv.gz";
  const gzFile packed = gzopen(path.c_str(), "wb");
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  EXPECT_EQ(load_path(path).bars.num_symbols(), 150'000u);
  const std::string whole = bytes_of(path);
  LoadConfig config;
  config.prices = file("cut.csv.gz", whole.substr(0, whole.size() / 2));
  expect(config, Code::kCorruptData, {"a gz file must be whole", "cut.csv.gz"});
}

TEST_F(LoadRefuses, ParquetThatIsCut) {
  const LoadedBars loaded = load_text("date,symbol,close\n2024-01-02,A,1\n");
  write_parquet(loaded.bars, folder() / "whole.parquet");
  const std::string whole = bytes_of(folder() / "whole.parquet");
  LoadConfig config;
  config.prices = file("cut.parquet", whole.substr(0, whole.size() - 20));
  expect(config, Code::kCorruptData, {"a Parquet file must be whole", "cut.parquet"});
}

TEST_F(LoadRefuses, ParquetTimestampsTakenInAWrongUnit) {
  const auto path = folder() / "p.parquet";
  {
    io::ParquetWriter writer(path, {{"timestamp", io::ColumnKind::kInstant},
                                    {"symbol", io::ColumnKind::kText},
                                    {"close", io::ColumnKind::kNumber}});
    writer.begin_group(1);
    writer.add_integers(std::vector<std::int64_t>{1'709'199'000});  // seconds stored as nanoseconds
    writer.add_text(std::vector<std::uint32_t>{0}, Names{"A"});
    writer.add_numbers(std::vector<double>{1.0});
    writer.commit();
  }
  LoadConfig config;
  config.prices = path;
  expect(config, Code::kCorruptData, {"wrong unit", "1970-01-01", "p.parquet"});
}

TEST_F(LoadRefuses, ParquetPriceColumnOfText) {
  const auto path = folder() / "p.parquet";
  {
    io::ParquetWriter writer(
        path, {{"timestamp", io::ColumnKind::kDate}, {"close", io::ColumnKind::kText}});
    writer.begin_group(1);
    writer.add_integers(std::vector<std::int64_t>{19'000});
    writer.add_text(std::vector<std::uint32_t>{0}, Names{"A"});
    writer.commit();
  }
  LoadConfig config;
  config.prices = path;
  expect(config, Code::kCorruptData, {"column close must hold numbers", "p.parquet"});
}

TEST_F(LoadRefuses, FolderWithoutDataFiles) {
  file("d/readme.txt", "nothing");
  LoadConfig config;
  config.prices = folder() / "d";
  expect(config, Code::kNotFound, {"found none in"});
}

TEST_F(LoadRefuses, FolderWithALinkThatLeadsNowhereOrAPipe) {
  file("d/B.csv", "date,close\n2024-01-02,1\n");
  std::filesystem::create_symlink(folder() / "gone.csv", folder() / "d" / "A.csv");
  std::filesystem::create_directory(folder() / "d" / "folder.csv");  // no file, not looked into
  LoadConfig config;
  config.prices = folder() / "d";
  expect(config, Code::kNotFound, {"must exist", "A.csv"});
  std::filesystem::remove(folder() / "d" / "A.csv");
  ASSERT_EQ(::mkfifo((folder() / "d" / "C.csv").c_str(), 0600), 0);
  expect(config, Code::kIo, {"regular file", "C.csv"});
}

TEST_F(LoadRefuses, TheFirstOfSeveralBadFilesWhateverTheThreads) {
  for (int i = 10; i < 40; ++i) file(fmt::format("d/S{}.csv", i), "date,close\n2024-01-02,1\n");
  for (int i = 17; i < 40; ++i) file(fmt::format("d/S{}.csv", i), "");
  LoadConfig config;
  config.prices = folder() / "d";
  for (int round = 0; round < 10; ++round) expect(config, Code::kCorruptData, {"S17.csv"});
}

TEST_F(LoadRefuses, FilesThatDisagreeOnAdjustment) {
  file("d/A.csv", "date,close,adj close\n2024-01-02,2,1\n");
  file("d/B.csv", "date,close\n2024-01-02,2\n");
  LoadConfig config;
  config.prices = folder() / "d";
  expect(config, Code::kCorruptData, {"adj_close", "A.csv", "B.csv"});
}

TEST_F(LoadRefuses, FileWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  LoadConfig config;
  config.prices = file("p.csv", "date,symbol,close\n2024-01-02,A,1\n");
  std::filesystem::permissions(config.prices, std::filesystem::perms::none);
  expect(config, Code::kIo, {"Permission denied", "p.csv"});
}

TEST_F(LoadRefuses, UnknownSymbolOfferingTheNearest) {
  LoadConfig config;
  config.prices =
      file("p.csv", "date,symbol,close\n2024-01-02,AAPL,1\n2024-01-02,MSFT,1\n2024-01-05,LATE,1\n");
  config.symbols = {"MSFT", "APPL"};
  expect(config, Code::kNotFound, {"found no APPL", "nearest: AAPL"});
  config.symbols = {"LATE"};
  config.to = make_date(2024, 1, 2);
  expect(config, Code::kNotFound, {"must have a bar up to 2024-01-02", "LATE"});
}

TEST_F(LoadRefuses, UniverseWithoutAKnownSymbolOrWithABadLine) {
  LoadConfig config;
  config.prices = file("p.csv", "date,symbol,close\n2024-01-02,A,1\n");
  config.universe = file("u.txt", "X\nY\n");
  expect(config, Code::kNotFound, {"found none of its 2", "u.txt"});
  config.universe = file("u.txt", "symbol,start\nA,soon\n");
  expect(config, Code::kCorruptData, {"ISO day", "'soon'", "u.txt, row 2"});
  config.universe = file("u.txt", "A,2024-01-02,2023-01-02\n");
  expect(config, Code::kCorruptData, {"end at or after its start", "row 1"});
  config.universe = file("u.txt", "# nobody\n");
  expect(config, Code::kCorruptData, {"must name a symbol"});
  config.universe = folder() / "none.txt";
  expect(config, Code::kNotFound, {"none.txt"});
}

TEST_F(LoadRefuses, RangesThatHoldNothing) {
  LoadConfig config;
  config.prices = file("p.csv", "date,symbol,close\n2024-01-02,A,1\n");
  config.to = make_date(2020, 1, 1);
  expect(config, Code::kInvalidArgument,
         {"--to, --as-of and --date must not be before the first bar", "2020-01-01"});
  config.from = make_date(2021, 1, 1);
  expect(config, Code::kInvalidArgument, {"--from must be at or before --to"});
  config.to.reset();
  config.from = make_date(2025, 1, 1);
  expect(config, Code::kInvalidArgument,
         {"--from must be at or before the last bar", "2025-01-01"});
  config.from.reset();
  config.max_symbols = 0;
  expect(config, Code::kInvalidArgument, {"--max-symbols must be at least 1"});
}

TEST_F(LoadRefuses, AnyMutatedCsvOrReadsIt) {
  const std::string base =
      "timestamp,symbol,open,high,low,close,volume\n2024-01-02,A,1,2,0.5,1.5,100\n"
      "2024-01-03,\"B\",1,2,0.5,1.5,100\n1709199000,A,1,2,0.5,1.5,\n";
  std::mt19937 random(17);
  const std::string bytes("\",\n\r\0 a9-.\xff", 11);
  LoadConfig config;
  config.prices = folder() / "p.csv";
  for (int round = 0; round < 3000; ++round) {
    std::string text = base;
    for (unsigned edit = 0; edit < 1 + random() % 4; ++edit) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = bytes[random() % bytes.size()];
      } else {
        text.insert(at, 1, bytes[random() % bytes.size()]);
      }
    }
    file("p.csv", text);
    try {
      load(config);
    } catch (const Error& error) {
      ASSERT_NE(error.code(), Code::kInternal) << error.what() << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace tickwerk::market
