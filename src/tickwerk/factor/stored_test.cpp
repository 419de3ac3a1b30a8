#include "tickwerk/factor/stored.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::factor {
namespace {

class Stored : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("stored_{}_{}",
                          testing::UnitTest::GetInstance()->current_test_info()->name(), getpid());
    std::filesystem::create_directories(folder_);
    store_.root = folder_ / "store";
    store_.universe = "all";
    store_.now = midnight(make_date(2025, 1, 15));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Evaluation run(const Selection& selection, const std::optional<StoreConfig>& store) const {
    const SelectedExpressions chosen = select(selection);
    std::vector<std::string> names = chosen.names;
    names.insert(names.end(), chosen.labels.begin(), chosen.labels.end());
    return evaluate({.bars = bars_}, chosen.module,
                    {.params = {}, .names = names, .run = {}, .store = store});
  }

  const market::Bars bars_ = market::make_synthetic({.num_symbols = 24, .num_sessions = 400});
  std::filesystem::path folder_;
  StoreConfig store_;
};

void expect_same(const Evaluation& a, const Evaluation& b) {
  ASSERT_EQ(a.values.size(), b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    ASSERT_EQ(a.definitions[i].name, b.definitions[i].name);
    ASSERT_EQ(a.values[i].num_symbols(), b.values[i].num_symbols()) << a.definitions[i].name;
    for (std::size_t t = 0; t < a.values[i].num_rows(); ++t) {
      ASSERT_EQ(std::memcmp(a.values[i].row(t), b.values[i].row(t),
                            a.values[i].num_symbols() * sizeof(double)),
                0)
          << a.definitions[i].name << ", row " << t;
    }
  }
}

TEST_F(Stored, ValuesHaveTheBitsOfEvaluatedOnes) {
  const Selection selection{
      .catalogue = "core+breadth", .lines = "own = cs_zscore(ema(close, 20))", .horizons = {5}};
  const Evaluation direct = run(selection, {});
  const Evaluation first = run(selection, store_);
  const Evaluation second = run(selection, store_);
  expect_same(direct, first);
  expect_same(direct, second);
  EXPECT_EQ(first.store.num_read, 0U);
  EXPECT_GT(first.store.num_evaluated, 0U);
  EXPECT_EQ(second.store.num_read, first.store.num_evaluated);
  EXPECT_EQ(second.store.num_evaluated, 0U);
  EXPECT_TRUE(direct.store.sentences().empty());
}

TEST_F(Stored, GroupsAreTheTextsThatDefine) {
  const std::filesystem::path file = folder_ / "my factors.expr";
  std::ofstream(file) << "mine = close / open\n";
  run({.catalogue = "core", .file = file, .lines = "own = close - open"}, store_);
  std::vector<std::string> groups;
  for (const auto& entry : std::filesystem::directory_iterator(store_.root)) {
    groups.push_back(entry.path().filename().string());
  }
  std::sort(groups.begin(), groups.end());
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0], "core");
  EXPECT_TRUE(groups[1].starts_with("file-")) << groups[1];
  EXPECT_EQ(groups[2], "lines");
}

TEST_F(Stored, AnotherFormulaIsEvaluatedAnewAndSaidToBe) {
  run({.lines = "own = close - open"}, store_);
  const Evaluation other = run({.lines = "own = close / open"}, store_);
  EXPECT_EQ(other.store.num_read, 0U);
  ASSERT_EQ(other.store.sentences().size(), 1U);
  EXPECT_NE(other.store.sentences()[0].find("0 of 2 columns of a year read, 2 evaluated: "),
            std::string::npos)
      << other.store.sentences()[0];
  expect_same(other, run({.lines = "own = close / open"}, {}));
}

TEST_F(Stored, NotesOfAnAsOfReadNameTheirStore) {
  run({.catalogue = "breadth", .lines = "own = close - open"}, store_);
  store_.as_of = make_date(2024, 6, 28);
  const auto& notes =
      run({.catalogue = "breadth", .lines = "own = close - open"}, store_).store.notes;
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_TRUE(notes[0].starts_with("store breadth: cut by event time only: ")) << notes[0];
  EXPECT_TRUE(notes[1].starts_with("store lines: cut by event time only: ")) << notes[1];
}

TEST(StoreSentence, TellsTheThreeCommonestReasonsAndCountsTheOthers) {
  StoreReport report;
  report.num_evaluated = 10;
  report.reasons = {{"a", 1}, {"b", 4}, {"c", 2}, {"d", 2}, {"e", 1}};
  EXPECT_EQ(report.sentences().at(0),
            "store: 0 of 10 columns of a year read, 10 evaluated: b; c; d; and 2 more reasons");
}

}  // namespace
}  // namespace tickwerk::factor
