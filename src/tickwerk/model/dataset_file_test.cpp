#include "tickwerk/model/dataset_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/model/dataset_builder.h"
#include "tickwerk/model/dataset_fixture.h"

namespace tickwerk::model {
namespace {

class DatasetFileTest : public testing::Test {
 protected:
  DatasetFileTest() { std::filesystem::create_directories(folder_); }
  ~DatasetFileTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path written(const Dataset& dataset, const std::string& name = "d.parquet") {
    const std::filesystem::path path = folder_ / name;
    write_dataset(path, dataset, description_of(dataset), dataset_fingerprint(dataset));
    return path;
  }

  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static std::string why(const std::filesystem::path& path,
                         const std::vector<std::string>& features = {}) {
    try {
      read_dataset(path, features);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("dataset.{}.{}",
                  testing::UnitTest::GetInstance()->current_test_info()->name(),
                  ::getpid());
};

TEST_F(DatasetFileTest, ComesBackAsItWas) {
  for (const Frequency frequency : {Frequency::kDaily, Frequency::kFiveMinutes}) {
    const Dataset dataset = small_dataset(frequency);
    const DatasetFile file = read_dataset(written(dataset));
    expect_equal(file.dataset, dataset);
    EXPECT_EQ(file.fingerprint, dataset_fingerprint(dataset));
    const DatasetDescription expected = description_of(dataset);
    EXPECT_EQ(file.description.config, expected.config);
    EXPECT_EQ(file.description.classes, expected.classes);
    EXPECT_EQ(file.description.label_text, expected.label_text);
    EXPECT_EQ(file.description.data_fingerprint, "bars");
    EXPECT_EQ(file.description.features[1].reach.lookback, 20);
  }
}

TEST_F(DatasetFileTest, LargerThanAGroupComesBackAsItWas) {
  const Dataset dataset = random_dataset(300'000, 3);
  expect_equal(read_dataset(written(dataset)).dataset, dataset);
}

TEST_F(DatasetFileTest, WithoutExitsComesBackWithout) {
  Dataset dataset = small_dataset();
  dataset.exit_bar.clear();
  expect_equal(read_dataset(written(dataset)).dataset, dataset);
}

TEST_F(DatasetFileTest, EqualDatasetsAreEqualBytes) {
  EXPECT_EQ(bytes_of(written(small_dataset(), "a")), bytes_of(written(small_dataset(), "b")));
}

TEST_F(DatasetFileTest, SomeFeaturesComeInTheOrderAskedFor) {
  const Dataset dataset = small_dataset();
  const Dataset one = read_dataset(written(dataset), {"g"}).dataset;
  EXPECT_EQ(one.feature_names, std::vector<std::string>{"g"});
  EXPECT_EQ(one.features(0, 2), dataset.features(1, 2));
}

TEST_F(DatasetFileTest, WhatKnowsTheFutureIsNoFeature) {
  const std::filesystem::path path = written(small_dataset());
  for (const char* name : {"label", "realized_return", "label_end", "exit_time"}) {
    EXPECT_NE(why(path, {name}).find("a feature must not read the future"), std::string::npos);
  }
  EXPECT_NE(why(path, {"h"}).find("found h; it has f, g"), std::string::npos);
}

TEST_F(DatasetFileTest, EveryChangeOfContentIsFound) {
  const auto changed = [this](const auto& change) {
    const Dataset dataset = small_dataset();
    Dataset other = small_dataset();
    change(other);
    const std::filesystem::path path = folder_ / "changed";
    write_dataset(path, other, description_of(other), dataset_fingerprint(dataset));
    return why(path);
  };
  EXPECT_EQ(changed([](Dataset&) {}), "no error");
  const std::string expected = "a dataset must be as it was written";
  EXPECT_EQ(changed([](Dataset& d) { d.features(0, 1) += 1e-15; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.label[0] = 1 - d.label[0]; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.realized_return[0] = 0; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.label_end[0] = 2; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.exit_bar[0] = 1; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.label_reach = 9; }).find(expected), 0u);
  EXPECT_EQ(changed([](Dataset& d) { d.feature_names[0] = "h"; }).find(expected), 0u);
}

TEST_F(DatasetFileTest, AKeyGivenTwiceOrOutOfOrderIsNamed) {
  Dataset twice = small_dataset();
  twice.symbol[1] = twice.symbol[0];
  EXPECT_NE(why(written(twice)).find("2024-01-02 A twice"), std::string::npos);
  Dataset unsorted = small_dataset();
  std::swap(unsorted.symbol[0], unsorted.symbol[1]);
  EXPECT_NE(why(written(unsorted)).find("2024-01-02 A after a later one"), std::string::npos);
}

TEST_F(DatasetFileTest, OtherFilesAreRefused) {
  EXPECT_NE(why(folder_ / "none").find("none"), std::string::npos);
  {
    io::ParquetWriter writer(folder_ / "plain", {{.name = "x"}});
    writer.begin_group(1);
    writer.add_numbers(std::vector<double>{1});
    writer.commit();
  }
  EXPECT_NE(why(folder_ / "plain").find("without the key tickwerk"), std::string::npos);
  for (const char* text : {"{", "[]", "{\"format\": \"tickwerk panel 1\"}"}) {
    io::ParquetWriter writer(folder_ / "other", {{.name = "x"}});
    writer.set_metadata({{"tickwerk", text}});
    writer.commit();
    EXPECT_NE(why(folder_ / "other").find("'tickwerk dataset 1'"), std::string::npos) << text;
  }
  io::ParquetWriter writer(folder_ / "empty", {{.name = "x"}});
  writer.set_metadata({{"tickwerk", "{\"format\": \"tickwerk dataset 1\"}"}});
  writer.commit();
  EXPECT_NE(why(folder_ / "empty").find("describe itself"), std::string::npos);
}

TEST_F(DatasetFileTest, BarsThatGoBackOrBeyondTimeAreCorrupt) {
  Dataset back = small_dataset();
  std::swap(back.times[3], back.times[4]);
  EXPECT_NE(why(written(back)).find("bars that go forward"), std::string::npos);
  std::string bytes = bytes_of(written(small_dataset()));
  const std::string unit = "\"unit_ns\":86400000000000", first = "\"first\":19723";
  ASSERT_NE(bytes.find(unit), std::string::npos);
  ASSERT_NE(bytes.find(first), std::string::npos);
  bytes.replace(bytes.find(unit), unit.size(), "\"unit_ns\":99999999999999");
  bytes.replace(bytes.find(first), first.size(), "\"first\":99999");
  std::ofstream(folder_ / "beyond", std::ios::binary) << bytes;
  EXPECT_NE(why(folder_ / "beyond").find("between 1677 and 2262"), std::string::npos);
}

TEST_F(DatasetFileTest, ACutFileIsCorrupt) {
  const std::string bytes = bytes_of(written(small_dataset()));
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{5}}) {
    std::ofstream(folder_ / "cut", std::ios::binary) << bytes.substr(0, size);
    try {
      read_dataset(folder_ / "cut");
      ADD_FAILURE() << size;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kCorruptData);
    }
  }
}

TEST(DatasetFileName, HoldsNameFrequencyAndFingerprint) {
  EXPECT_EQ(dataset_file_name("my trend", Frequency::kDaily, "0123456789abcdef"),
            "dataset_my_trend_1d_0123456789ab.parquet");
}

}  // namespace
}  // namespace tickwerk::model
