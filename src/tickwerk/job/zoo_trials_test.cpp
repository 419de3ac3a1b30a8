#include "tickwerk/job/zoo_trials.h"

#include "tickwerk/job/job_fixture.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kReach = 20;

/// One model whose portfolio returned 1 %, -1 %, 2 % a day, trained on folds of a dataset.
class ZooTrials : public JobFixture {
 protected:
  ZooTrials() {
    trained_.built.fingerprint = "rows";
    trained_.built.loaded.fingerprint = "0123456789abcdef0123456789abcdef";
    trained_.rows.rows.label_reach = kReach;
    model::ZooModel model;
    model.spec = {.name = "ridge_1", .kind = model::ModelKind::kRidge, .alpha = 1};
    model.scores.long_short = {0.01, -0.01, 0.02};
    model.scores.long_short_summary = {.num_returns = 3, .sharpe = 1};
    zoo_.models.push_back(std::move(model));
    config_.trials = TrialRecord::kKeep;
    config_.zoo.splits.scheme = model::SplitScheme::kPurgedKFold;
  }

  void SetUp() override {
    JobFixture::SetUp();
    config_.output = folder();
  }

  std::size_t record() { return record_zoo(config_, trained_, zoo_).num_trials; }

  RunConfig config_;
  TrainedZoo trained_;
  model::Zoo zoo_;
};

TEST_F(ZooTrials, AnEmbargoThatIsTheDefaultIsNoOtherTrial) {
  EXPECT_EQ(record(), 1u);
  config_.zoo.splits.embargo = kReach;
  EXPECT_EQ(record(), 1u);
  config_.zoo.splits.embargo = 0;
  EXPECT_EQ(record(), 2u);
}

TEST_F(ZooTrials, OtherRowsSplitsHorizonsOrParametersAreOtherTrials) {
  EXPECT_EQ(record(), 1u);
  config_.zoo.splits.num_splits = 6;
  EXPECT_EQ(record(), 2u);
  trained_.built.fingerprint = "other rows";
  EXPECT_EQ(record(), 3u);
  config_.zoo.horizon = 5;
  EXPECT_EQ(record(), 4u);
  zoo_.models.front().spec.alpha = 2;
  EXPECT_EQ(record(), 5u);
  EXPECT_EQ(record(), 5u);
}

TEST_F(ZooTrials, OnlyModelsThatDrawAreOthersByTheirSeed) {
  EXPECT_EQ(record(), 1u);
  zoo_.models.front().spec.seed = 7;
  EXPECT_EQ(record(), 1u);
  zoo_.models.front().spec.kind = model::ModelKind::kRandomForest;
  EXPECT_EQ(record(), 2u);
  zoo_.models.front().spec.seed = 8;
  EXPECT_EQ(record(), 3u);
}

TEST_F(ZooTrials, AModelWithoutPortfolioIsNoTrial) {
  zoo_.models.push_back(zoo_.models.front());
  zoo_.models.back().spec.alpha = 2;
  zoo_.models.back().scores.long_short_summary.reset();
  EXPECT_EQ(record(), 1u);
}

TEST_F(ZooTrials, NothingIsKeptWithoutThePurgeOrUnderMeasurement) {
  config_.zoo.splits.purge = model::Purge::kNone;
  EXPECT_EQ(record(), 0u);
  config_.zoo.splits.purge = model::Purge::kByReach;
  config_.trials = TrialRecord::kOff;
  EXPECT_EQ(record(), 0u);
  EXPECT_FALSE(std::filesystem::exists(folder() / "trials"));
}

}  // namespace
}  // namespace tickwerk::job
