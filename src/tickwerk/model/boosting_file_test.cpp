#include "tickwerk/model/boosting_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tickwerk/base/random.h"
#include "tickwerk/model/boosting_rows.h"

namespace tickwerk::model {
namespace {

class BoostingFile : public ::testing::Test {
 protected:
  BoostingFile() : rows_(random_rows({.num_features = 3, .num_rows = 400})) {
    rows_.names = {"ret(close, 5)", "rsi_14", "vol < 20"};
    model_ = fit_boosting({.name = "boosting", .trees = {.num_trees = 6, .max_depth = 4}},
                          Target::kBinary, rows_.binary());
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("tickwerk_boosting_{}_{}.ubj", ::getpid(),
                        ::testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  ~BoostingFile() override { std::filesystem::remove(path_); }

  Rows rows_;
  std::unique_ptr<BoostingModel> model_;
  std::filesystem::path path_;
};

Error failure_of(std::string_view bytes) {
  try {
    parse_boosting(bytes, "meta.ubj");
  } catch (const Error& error) {
    return error;
  }
  return {Code::kInternal, "must throw"};
}

TEST_F(BoostingFile, KeepsPredictionsNamesAndCounts) {
  save_boosting(*model_, path_);
  const auto loaded = load_boosting(path_);
  EXPECT_EQ(rows_.predicted_by(*loaded), rows_.predicted_by(*model_));
  EXPECT_EQ(loaded->feature_names(), rows_.names);
  EXPECT_EQ(loaded->num_trees(), 6u);
  EXPECT_EQ(loaded->num_features(), 3u);
  EXPECT_EQ(loaded->target(), Target::kBinary);
  EXPECT_EQ(loaded->importance()[1].value, model_->importance()[1].value);
  EXPECT_EQ(loaded->bytes(), model_->bytes());
}

TEST_F(BoostingFile, KeepsAForestAsOneRound) {
  const auto forest =
      fit_boosting({.name = "forest", .kind = ModelKind::kRandomForest, .trees = {.num_trees = 7}},
                   Target::kValue, rows_.training());
  const auto loaded = parse_boosting(forest->bytes(), "forest");
  EXPECT_EQ(loaded->num_trees(), 7u);
  EXPECT_EQ(loaded->trees_per_round(), 7u);
  EXPECT_EQ(rows_.predicted_by(*loaded), rows_.predicted_by(*forest));
}

TEST_F(BoostingFile, MissingFileIsNotFound) {
  try {
    load_boosting(path_);
    ADD_FAILURE() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
  }
}

TEST_F(BoostingFile, DamageNamesTheFile) {
  const std::string bytes = model_->bytes();
  for (const std::string& damaged : {std::string(), std::string("{}"), std::string("not a model"),
                                     bytes.substr(0, bytes.size() / 2), bytes + "x"}) {
    const Error error = failure_of(damaged);
    EXPECT_EQ(error.code(), Code::kCorruptData) << error.what();
    EXPECT_NE(std::string(error.what()).find("while reading meta.ubj"), std::string::npos);
  }
}

TEST_F(BoostingFile, AnyTruncationIsCorrupt) {
  const std::string bytes = model_->bytes();
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    ASSERT_EQ(failure_of(std::string_view(bytes).substr(0, size)).code(), Code::kCorruptData);
  }
}

TEST_F(BoostingFile, FlippedBytesNeverBreakThePrediction) {
  const std::string bytes = model_->bytes();
  const RandomStream random{.seed = 11};
  std::size_t num_refused = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    std::string damaged = bytes;
    damaged[random.bits(2 * i) % bytes.size()] ^=
        static_cast<char>(1 + random.bits(2 * i + 1) % 255);
    try {
      // What still reads as trees is used: every value then comes from some leaf.
      const auto model = parse_boosting(damaged, "damaged");
      if (model->num_features() == 3) {
        rows_.predicted_by(*model);
        model->importance();
        model->predict_contributions(rows_.features.view(), std::vector<RowRange>{{0, 2}});
      }
    } catch (const Error& error) {
      ++num_refused;
      ASSERT_TRUE(error.code() == Code::kCorruptData || error.code() == Code::kUnsupported)
          << error.what();
    }
  }
  EXPECT_GT(num_refused, 100u);
}

TEST_F(BoostingFile, RefusesAnotherObjective) {
  std::string bytes = model_->bytes();
  const std::size_t place = bytes.find("binary:logistic");
  ASSERT_NE(place, std::string::npos);
  bytes.replace(place, 15, "binary:logitraw");
  const Error error = failure_of(bytes);
  EXPECT_EQ(error.code(), Code::kUnsupported);
  EXPECT_NE(std::string(error.what()).find("found binary:logitraw"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::model
