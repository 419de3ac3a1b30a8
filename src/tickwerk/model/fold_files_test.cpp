#include "tickwerk/model/fold_files.h"

#include <gtest/gtest.h>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::model {
namespace {

Fold some_fold() {
  Fold fold{.split = 2, .num_train = 30, .num_test = 3};
  fold.predicted = {0.1, 1.0 / 3, kNaN};
  fold.train_loss = 0.7;
  fold.importance = {1, 2};
  fold.raw_importance = {-1, 2};
  fold.explanation.permutation = {0.25, -0.125};
  fold.explanation.contribution = {3, 4};
  fold.explanation.curve = {{10, 0.5, 0.6}, {20, 0.4, 0.7}};
  return fold;
}

TEST(FoldFiles, KeepEveryBitUntilTheyAreRemoved) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "folds_kept";
  FoldFiles files(root, "key");
  EXPECT_FALSE(files.find("trees", 2));
  EXPECT_FALSE(std::filesystem::exists(root));
  const Fold fold = some_fold();
  files.keep("trees", fold);
  FoldFiles later(root, "key");
  const std::optional<Fold> found = later.find("trees", 2);
  ASSERT_TRUE(found);
  EXPECT_EQ(later.num_found(), 1u);
  EXPECT_EQ(found->predicted[0], fold.predicted[0]);
  EXPECT_EQ(found->predicted[1], fold.predicted[1]);
  EXPECT_TRUE(std::isnan(found->predicted[2]));
  EXPECT_EQ(found->importance, fold.importance);
  EXPECT_EQ(found->raw_importance, fold.raw_importance);
  EXPECT_EQ(found->explanation.permutation, fold.explanation.permutation);
  EXPECT_EQ(found->explanation.contribution, fold.explanation.contribution);
  EXPECT_EQ(found->explanation.curve.at(1).num_trees, 20u);
  EXPECT_EQ(found->explanation.curve.at(1).test_loss, 0.7);
  EXPECT_FALSE(later.find("trees", 1));
  EXPECT_FALSE(FoldFiles(root, "other").find("trees", 2));
  later.remove();
  EXPECT_FALSE(std::filesystem::exists(root));
}

TEST(FoldFiles, DamageCountsAsNone) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "folds_damaged";
  FoldFiles files(root, "key");
  files.keep("trees", some_fold());
  const std::filesystem::path path = root / "key" / "trees_2.fold";
  const std::string bytes(io::MappedFile(path).bytes());
  for (std::size_t k = 0; k < bytes.size(); k += 7) {
    std::string changed = bytes;
    changed[k] = static_cast<char>(changed[k] ^ 4);
    io::write_file(path, changed);
    EXPECT_FALSE(files.find("trees", 2)) << k;
    io::write_file(path, bytes.substr(0, k));
    EXPECT_FALSE(files.find("trees", 2)) << k;
  }
  files.remove();
}

TEST(FoldKey, DependsOnDataParametersAndSplits) {
  const ValidationConfig config{.models = {{.name = "a"}}};
  const SplitConfig splits;
  const std::string key = fold_key("data", config, splits, "equal");
  EXPECT_EQ(key, fold_key("data", config, splits, "equal"));
  EXPECT_NE(key, fold_key("other", config, splits, "equal"));
  EXPECT_NE(key, fold_key("data", config, splits, "uniqueness"));
  ValidationConfig deeper = config;
  deeper.models[0].trees.max_depth = 7;
  EXPECT_NE(key, fold_key("data", deeper, splits, "equal"));
  SplitConfig more = splits;
  more.num_splits = 6;
  EXPECT_NE(key, fold_key("data", config, more, "equal"));
}

}  // namespace
}  // namespace tickwerk::model
