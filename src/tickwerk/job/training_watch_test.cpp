#include "tickwerk/job/training_watch.h"

#include <gtest/gtest.h>

namespace tickwerk::job {
namespace {

model::Fold fold_of(std::size_t split) {
  model::Fold fold{.split = split, .num_train = 1, .num_test = 1};
  fold.predicted = {0.5};
  return fold;
}

TEST(TrainingWatch, FoldsThatWereThereTakeNoTimeAndAreKept) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "watched";
  model::FoldFiles(root, "key").keep("trees", fold_of(0));
  model::FoldFiles folds(root, "key");
  std::vector<TrainingState> said;
  const TrainingWatch watch = [&](const TrainingState& state) { said.push_back(state); };
  const model::ValidationProgress progress = watched_by(watch, folds);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].done, 0);
  EXPECT_EQ(said[0].kept_in, root / "key");
  said.clear();
  ASSERT_TRUE(folds.find("trees", 0));
  progress(0.25, "trees, fold 1 of 4");
  ASSERT_FALSE(folds.find("trees", 1));
  progress(0.375, "trees, fold 2 of 4");
  folds.keep("trees", fold_of(1));
  progress(0.5, "trees, fold 2 of 4");
  remove_folds(folds, watch);
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(said[0].num_kept, 1u);
  EXPECT_EQ(said[1].num_kept, 1u);
  EXPECT_EQ(said[2].num_kept, 2u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(said[k].done_before, 0.25) << k;
    EXPECT_EQ(said[k].kept_in, root / "key") << k;
  }
  EXPECT_EQ(said[2].done, 0.5);
  EXPECT_EQ(said[2].what, "trees, fold 2 of 4");
  EXPECT_TRUE(said[3].kept_in.empty());
  EXPECT_EQ(said[3].num_kept, 0u);
  EXPECT_FALSE(std::filesystem::exists(root));
}

TEST(TrainingWatch, NobodyIsToldNothing) {
  const model::FoldFiles folds("nowhere", "key");
  EXPECT_FALSE(watched_by({}, folds));
}

}  // namespace
}  // namespace tickwerk::job
