#include "tickwerk/io/csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tickwerk/base/error.h"

namespace tickwerk::io {
namespace {

using Record = std::vector<std::string>;

std::vector<Record> records(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::string_view> fields;
  std::vector<Record> result;
  while (reader.next(fields)) result.emplace_back(fields.begin(), fields.end());
  return result;
}

TEST(CsvReader, SplitsRecordsAndFields) {
  EXPECT_EQ(records("a,b\n1,\n"), (std::vector<Record>{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(records("a,b\r\n1,2"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(records("a,"), (std::vector<Record>{{"a", ""}}));
  EXPECT_TRUE(records("").empty());
}

TEST(CsvReader, BlankLineIsARecordOfOneEmptyField) {
  EXPECT_EQ(records("a\n\nb\n"), (std::vector<Record>{{"a"}, {""}, {"b"}}));
}

TEST(CsvReader, QuotedFieldHoldsCommasQuotesAndLineEnds) {
  EXPECT_EQ(records("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n1,2,3\n"),
            (std::vector<Record>{{"a,b", "say \"x\"", "two\nlines"}, {"1", "2", "3"}}));
}

TEST(CsvReader, RefusesBrokenQuotes) {
  EXPECT_THROW(records("\"abc"), Error);
  EXPECT_THROW(records("\"abc\"d,1"), Error);
  EXPECT_THROW(records("\"abc\"\rd"), Error);
}

TEST(SplitRecords, CutsAtLineEndsOutsideQuotesOnly) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 3 == 0 ? "\"a\nb\",1\n" : "x,2\n";
  const std::vector<Record> whole = records(text);
  for (std::size_t num_parts = 1; num_parts < 60; ++num_parts) {
    std::vector<Record> joined;
    for (const std::string_view part : split_records(text, num_parts)) {
      for (Record& record : records(part)) joined.push_back(std::move(record));
    }
    ASSERT_EQ(joined, whole) << num_parts;
  }
}

TEST(WholeRecords, EndWithTheLastLineEndOutsideQuotes) {
  EXPECT_EQ(whole_records("a\nb"), 2u);
  EXPECT_EQ(whole_records("a\n\"b\n"), 2u);
  EXPECT_EQ(whole_records("ab"), 0u);
}

TEST(ParseNumber, RoundsToTheNearestDouble) {
  EXPECT_EQ(parse_number("126.46337280331441"), 126.46337280331441);
  EXPECT_EQ(parse_number("-1.5e3"), -1500.0);
  EXPECT_EQ(parse_number(" +2 "), 2.0);
  // Halfway between two doubles goes to the even one: 2^53 + 1 is 2^53.
  EXPECT_EQ(parse_number("9007199254740993"), 9007199254740992.0);
}

TEST(ParseNumber, TakesWordsForAMissingValue) {
  for (const char* text : {"", "  ", "nan", "NaN", "NA", "n/a", "null", "None", "-"}) {
    const auto value = parse_number(text);
    ASSERT_TRUE(value) << text;
    EXPECT_TRUE(std::isnan(*value)) << text;
  }
}

TEST(ParseNumber, RefusesEverythingElse) {
  for (const char* text : {"1,000", "12x", "x", "1 2", "--1", "+-1", "0x10", "1e999", "$5"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(CsvReader, EndsOnMutatedBytesWithRecordsOrAnError) {
  const std::string base = "timestamp,symbol,close\r\n2024-01-02,\"A\"\"B\",1.5\n\n2024-01-03,C,\n";
  std::mt19937 random(11);
  const std::string bytes("\",\n\r\0 a9\xff", 9);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = base;
    for (int edit = 0; edit < 4; ++edit) {
      const std::size_t at = random() % text.size();
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.resize(at + 1);
      }
    }
    std::size_t size = 0;
    try {
      for (const Record& record : records(text)) {
        ASSERT_FALSE(record.empty());
        for (const std::string& field : record) {
          size += field.size();
          parse_number(field);
        }
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), Code::kCorruptData);
    }
    ASSERT_LE(size, text.size());
    ASSERT_LE(whole_records(text), text.size());
    std::size_t total = 0;
    for (const std::string_view part : split_records(text, 3)) total += part.size();
    ASSERT_EQ(total, text.size());
  }
}

}  // namespace
}  // namespace tickwerk::io
