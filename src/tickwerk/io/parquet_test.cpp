#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/io/parquet_writer.h"

namespace tickwerk::io {
namespace {

namespace fs = std::filesystem;

fs::path path_of_test() {
  return fs::path(testing::TempDir()) /
         (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "." +
          std::to_string(::getpid()) + ".parquet");
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One column, written by Arrow itself.
fs::path written(const std::string& name, const std::shared_ptr<arrow::Array>& array) {
  const fs::path path = path_of_test();
  const auto table =
      arrow::Table::Make(arrow::schema({arrow::field(name, array->type())}), {array});
  auto sink = arrow::io::FileOutputStream::Open(path.string()).ValueOrDie();
  const auto arrow_schema = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, 1 << 20,
                                         parquet::default_writer_properties(), arrow_schema)
                  .ok());
  EXPECT_TRUE(sink->Close().ok());
  return path;
}

template <class Builder, class... Values>
std::shared_ptr<arrow::Array> array(Builder&& builder, const Values&... values) {
  (static_cast<void>(builder.Append(values)), ...);
  static_cast<void>(builder.AppendNull());
  return builder.Finish().ValueOrDie();
}

std::vector<double> numbers(const ParquetReader& reader) {
  std::vector<double> result;
  reader.read_numbers(0, 0, [&](std::size_t first, std::span<const double> values) {
    EXPECT_EQ(first, result.size());
    result.insert(result.end(), values.begin(), values.end());
  });
  return result;
}

TEST(ParquetReader, ReadsNumbersOfEveryWidthAndNullAsNaN) {
  const auto expect = [](const std::shared_ptr<arrow::Array>& values, double first, double second) {
    const ParquetReader reader(written("x", values));
    const std::vector<double> found = numbers(reader);
    ASSERT_EQ(found.size(), 3u) << values->type()->ToString();
    EXPECT_EQ(found[0], first) << values->type()->ToString();
    EXPECT_EQ(found[1], second) << values->type()->ToString();
    EXPECT_TRUE(std::isnan(found[2])) << values->type()->ToString();
  };
  expect(array(arrow::DoubleBuilder(), 0.1, -2.5), 0.1, -2.5);
  expect(array(arrow::FloatBuilder(), 0.5f, -2.5f), 0.5, -2.5);
  expect(array(arrow::Int8Builder(), std::int8_t{-3}, std::int8_t{4}), -3, 4);
  expect(array(arrow::Int32Builder(), -3, 4), -3, 4);
  expect(array(arrow::UInt32Builder(), 4'000'000'000u, 4u), 4e9, 4);
  expect(array(arrow::Int64Builder(), std::int64_t{-3}, std::int64_t{1} << 40), -3,
         1099511627776.0);
  expect(array(arrow::Decimal128Builder(arrow::decimal128(20, 2)), arrow::Decimal128(-12345),
               arrow::Decimal128(7)),
         -123.45, 0.07);
}

TEST(ParquetReader, ReadsTimestampsOfEveryUnitAsNanoseconds) {
  for (const auto unit : {arrow::TimeUnit::MILLI, arrow::TimeUnit::MICRO, arrow::TimeUnit::NANO}) {
    const std::int64_t per_second = unit == arrow::TimeUnit::MILLI   ? 1'000
                                    : unit == arrow::TimeUnit::MICRO ? 1'000'000
                                                                     : 1'000'000'000;
    const auto type = arrow::timestamp(unit, "Asia/Tokyo");
    const ParquetReader reader(
        written("t", array(arrow::TimestampBuilder(type, arrow::default_memory_pool()),
                           1'600'000'000 * per_second)));
    EXPECT_EQ(reader.columns()[0].kind, ColumnKind::kInstant);
    EXPECT_EQ(reader.columns()[0].zone, "Asia/Tokyo");
    EXPECT_EQ(reader.read_integers(0, 0),
              (std::vector<std::int64_t>{1'600'000'000'000'000'000, kNoInteger}));
    const auto range = reader.integer_range(0, 0);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->second, 1'600'000'000'000'000'000);
  }
}

TEST(ParquetReader, ReadsDatesAsDays) {
  const ParquetReader reader(written("d", array(arrow::Date32Builder(), 19'000, -5)));
  EXPECT_EQ(reader.columns()[0].kind, ColumnKind::kDate);
  EXPECT_EQ(reader.read_integers(0, 0), (std::vector<std::int64_t>{19'000, -5, kNoInteger}));
}

TEST(ParquetReader, ReadsTextOfEveryKind) {
  const auto expect = [](const std::shared_ptr<arrow::Array>& values) {
    const ParquetReader reader(written("s", values));
    ASSERT_EQ(reader.columns()[0].kind, ColumnKind::kText) << values->type()->ToString();
    const TextColumn text = reader.read_text(0, 0);
    ASSERT_EQ(text.ids.size(), 5u);
    std::string joined;
    for (const std::uint32_t id : text.ids) joined += id == kNoText ? "|" : text.values[id];
    EXPECT_EQ(joined, "ABCABC|") << values->type()->ToString();
    const auto range = reader.text_range(0, 0);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first, "A");
    EXPECT_EQ(range->second, "BC");
  };
  expect(array(arrow::StringBuilder(), "A", "BC", "A", "BC"));
  expect(array(arrow::LargeStringBuilder(), "A", "BC", "A", "BC"));
  expect(array(arrow::StringDictionaryBuilder(), "A", "BC", "A", "BC"));
}

TEST(ParquetReader, NestedBooleanAndTooWideColumnsAreOther) {
  EXPECT_EQ(ParquetReader(written("b", array(arrow::BooleanBuilder(), true))).columns()[0].kind,
            ColumnKind::kOther);
  const auto wide = array(arrow::Decimal256Builder(arrow::decimal256(50, 2)), arrow::Decimal256(7));
  EXPECT_EQ(ParquetReader(written("d", wide)).columns()[0].kind, ColumnKind::kOther);
  auto values = std::make_shared<arrow::DoubleBuilder>();
  arrow::ListBuilder list(arrow::default_memory_pool(), values);
  ASSERT_TRUE(list.Append().ok());
  ASSERT_TRUE(values->Append(1.0).ok());
  EXPECT_EQ(ParquetReader(written("l", list.Finish().ValueOrDie())).columns()[0].kind,
            ColumnKind::kOther);
}

void write_sample(const fs::path& path, std::size_t num_rows) {
  ParquetWriter writer(path, {{"t", ColumnKind::kDate},
                              {"at", ColumnKind::kInstant},
                              {"s", ColumnKind::kText},
                              {"x", ColumnKind::kNumber}});
  const std::vector<std::string> names = {"A", "B", "C"};
  for (int group = 0; group < 2; ++group) {
    std::vector<std::int64_t> days, instants;
    std::vector<std::uint32_t> ids;
    std::vector<double> values;
    for (std::size_t i = 0; i < num_rows; ++i) {
      days.push_back(18'000 + group);
      instants.push_back(1'600'000'000'000'000'000 + static_cast<std::int64_t>(i));
      ids.push_back(static_cast<std::uint32_t>(i % 3));
      values.push_back(i % 10 == 0 ? std::nan("") : std::sqrt(static_cast<double>(i)));
    }
    writer.begin_group(num_rows);
    writer.add_integers(days);
    writer.add_integers(instants);
    writer.add_text(ids, names);
    writer.add_numbers(values);
  }
  writer.commit();
}

TEST(ParquetWriter, WritesWhatTheReaderReads) {
  const fs::path path = path_of_test();
  write_sample(path, 20'000);
  const ParquetReader reader(path);
  ASSERT_EQ(reader.num_row_groups(), 2u);
  ASSERT_EQ(reader.num_rows(1), 20'000u);
  EXPECT_EQ(reader.columns()[0].kind, ColumnKind::kDate);
  EXPECT_EQ(reader.columns()[1].kind, ColumnKind::kInstant);
  EXPECT_EQ(reader.columns()[1].zone, "UTC");
  EXPECT_EQ(reader.read_integers(1, 0)[7], 18'001);
  EXPECT_EQ(reader.read_integers(1, 1)[7], 1'600'000'000'000'000'007);
  const TextColumn text = reader.read_text(0, 2);
  EXPECT_EQ(text.values[text.ids[5]], "C");
  std::size_t rows = 0;
  reader.read_numbers(0, 3, [&](std::size_t first, std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i, ++rows) {
      const std::size_t row = first + i;
      if (row % 10 == 0) {
        ASSERT_TRUE(std::isnan(values[i]));
      } else {
        ASSERT_EQ(values[i], std::sqrt(static_cast<double>(row)));
      }
    }
  });
  EXPECT_EQ(rows, 20'000u);
}

TEST(ParquetWriter, EqualInputGivesEqualBytes) {
  const fs::path path = path_of_test();
  write_sample(path, 5000);
  const std::string first = bytes_of(path);
  write_sample(path, 5000);
  EXPECT_EQ(bytes_of(path), first);
}

TEST(ParquetWriter, AbandonedFileLeavesNothing) {
  const fs::path path = path_of_test();
  fs::remove(path);
  {
    ParquetWriter writer(path, {{"x", ColumnKind::kNumber}});
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(ParquetWriter, FileThatMayNotGrowIsAnErrorWithTheReason) {
  const fs::path path = path_of_test();
  fs::remove(path);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 10'000;
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  Code code = Code::kInternal;
  try {
    write_sample(path, 50'000);
  } catch (const Error& error) {
    message = error.what();
    code = error.code();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, previous);
  EXPECT_EQ(code, Code::kIo);
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_FALSE(fs::exists(path));
}

TEST(ParquetReader, RefusesACutFileNamingIt) {
  const fs::path path = path_of_test();
  write_sample(path, 5000);
  const std::string whole = bytes_of(path);
  for (const std::size_t size :
       {whole.size() - 1, whole.size() / 2, std::size_t{5}, std::size_t{0}}) {
    write_file(path, whole.substr(0, size));
    try {
      const ParquetReader reader(path);
      FAIL() << size;
    } catch (const Error& error) {
      const std::string said = error.what();
      EXPECT_EQ(error.code(), Code::kCorruptData);
      EXPECT_NE(said.find(path.string()), std::string::npos);
      EXPECT_EQ(said.find("found an empty file") != std::string::npos, size == 0) << said;
    }
  }
}

TEST(ParquetReader, DamagedPagesEndInAnErrorOrInNumbers) {
  const fs::path path = path_of_test();
  write_sample(path, 2000);
  const std::string whole = bytes_of(path);
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole;
    // The footer is Arrow's to check; the pages are what a bad disk hits.
    const std::size_t pages = whole.size() / 2;
    for (int edit = 0; edit < 3; ++edit)
      damaged[4 + random() % pages] ^= static_cast<char>(1 + random() % 255);
    write_file(path, damaged);
    try {
      const ParquetReader reader(path);
      reader.read_integers(0, 0);
      reader.read_text(0, 2);
      reader.read_numbers(0, 3, [](std::size_t, std::span<const double>) {});
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), Code::kCorruptData);
    }
  }
}

TEST(ParquetWriter, WideGroupsHaveTheSameBytesForAnyNumberOfThreads) {
  const fs::path path = path_of_test();
  const auto value = [](std::size_t k, std::size_t row) {
    return row % 7 == 0 ? std::nan("") : static_cast<double>(row * (k + 1)) / 3;
  };
  std::vector<ParquetField> fields = {{"day", ColumnKind::kDate}, {"name", ColumnKind::kText}};
  for (int k = 0; k < 9; ++k) fields.push_back({"x" + std::to_string(k)});
  std::string bytes;
  const int threads = num_threads();
  for (const int used : {1, 4}) {
    set_num_threads(used);
    ParquetWriter writer(path, fields, NumberEncoding::kByteStreamSplit);
    for (const std::size_t num_rows : {40'000, 3}) {
      const std::vector<std::uint32_t> ids(num_rows, 0);
      writer.begin_wide_group(num_rows);
      writer.add_integers(std::vector<std::int64_t>(num_rows, 20'000));
      writer.add_text(ids, std::vector<std::string>{"A"});
      writer.add_all_numbers([&](std::size_t k, std::span<double> out) {
        for (std::size_t row = 0; row < out.size(); ++row) out[row] = value(k, row);
      });
    }
    writer.commit();
    if (used == 1) bytes = bytes_of(path);
  }
  set_num_threads(threads);
  EXPECT_EQ(bytes, bytes_of(path));
  const ParquetReader reader(path);
  for (std::size_t k = 0; k < 9; ++k) {
    reader.read_numbers(0, k + 2, [&](std::size_t first, std::span<const double> values) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = value(k, first + i);
        ASSERT_TRUE(values[i] == expected || (values[i] != values[i] && expected != expected));
      }
    });
  }
  const std::string_view footer = reader.footer_bytes();
  EXPECT_EQ(footer, std::string_view(bytes).substr(bytes.size() - footer.size()));
  for (std::size_t group = 0; group < 2; ++group) {
    for (std::size_t k = 0; k < fields.size(); ++k) {
      EXPECT_NE(bytes.find(reader.column_bytes(group, k)), std::string::npos);
    }
  }
}

TEST(ParquetReader, MissingFileIsNotFound) {
  try {
    const ParquetReader reader("/nowhere/prices.parquet");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
  }
}

}  // namespace
}  // namespace tickwerk::io
