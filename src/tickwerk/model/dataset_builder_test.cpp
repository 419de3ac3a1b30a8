#include "tickwerk/model/dataset_builder.h"

#include <gtest/gtest.h>

#include "tickwerk/backtest/market_fixture.h"
#include "tickwerk/model/dataset_summary.h"

namespace tickwerk::model {
namespace {

market::Bars two_symbols() {
  const backtest::Rows rows = {{1, 2}, {3, 4}, {5, 6}};
  return backtest::bars_of(rows, rows);
}

LabeledRows three_rows() {
  LabeledRows rows;
  rows.bar = {0, 1, 1};
  rows.symbol = {1, 0, 1};
  rows.exit_bar = {1, 2, 2};
  rows.label_end = {2, 2, 2};
  rows.realized_return = {0.1, -0.3, 0.04};
  rows.label = {1, 0, 1};
  rows.reach = 1;
  rows.num_candidates = 5;
  rows.left_out.num_unfinished = 2;
  return rows;
}

std::vector<FeaturePanel> features() {
  std::vector<FeaturePanel> made(2);
  made[0] = {"of_symbols", backtest::panel_of({{1, 2}, {3, 4}, {5, 6}})};
  made[1] = {"of_days", backtest::panel_of({{10}, {kNaN}, {30}})};
  return made;
}

std::string why(std::vector<FeaturePanel> panels,
                LabeledRows rows,
                const LabelColumn& label = {.name = "success_1"}) {
  try {
    build_dataset(two_symbols(), std::move(panels), std::move(rows), label);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(BuildDataset, TakesTheFeaturesOfEachRowsBarAndSymbol) {
  const Dataset dataset =
      build_dataset(two_symbols(), features(), three_rows(), {.name = "success_1"});
  EXPECT_EQ(dataset.feature_names, (std::vector<std::string>{"of_symbols", "of_days"}));
  EXPECT_EQ(dataset.features(0, 0), 2);
  EXPECT_EQ(dataset.features(0, 1), 3);
  EXPECT_EQ(dataset.features(0, 2), 4);
  EXPECT_EQ(dataset.features(1, 0), 10);
  EXPECT_NE(dataset.features(1, 1), dataset.features(1, 1));
  EXPECT_EQ(dataset.label_kind, LabelKind::kBinary);
  EXPECT_EQ(dataset.label, (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(dataset.label_reach, 1u);
  EXPECT_EQ(dataset.times, two_symbols().times);
}

TEST(BuildDataset, RefusesOneClassAndNoRow) {
  LabeledRows one_class = three_rows();
  one_class.label = {1, 1, 1};
  EXPECT_NE(why(features(), std::move(one_class)).find("3 rows, all 'success', in success_1"),
            std::string::npos);
  LabeledRows empty;
  empty.num_candidates = 7;
  empty.left_out.num_no_label = 7;
  EXPECT_NE(why(features(), std::move(empty)).find("7 candidates"), std::string::npos);
  LabeledRows numbers = three_rows();
  numbers.label = {1, 1, 1};
  EXPECT_EQ(why(features(), std::move(numbers), {.name = "r", .rule = LabelRule::kReturn}),
            "no error");
}

TEST(BuildDataset, RefusesNamesThatTheFileNeeds) {
  for (const std::string& name : reserved_names()) {
    std::vector<FeaturePanel> panels = features();
    panels[0].name = name;
    EXPECT_NE(why(std::move(panels), three_rows()).find("another name"), std::string::npos);
  }
  std::vector<FeaturePanel> twice = features();
  twice[1].name = twice[0].name;
  EXPECT_NE(why(std::move(twice), three_rows()).find("found of_symbols twice"), std::string::npos);
  EXPECT_NE(why({}, three_rows()).find("must have a feature"), std::string::npos);
}

TEST(SummarizeDataset, CountsClassesYearsAndWhatIsMissing) {
  Dataset dataset = build_dataset(two_symbols(), features(), three_rows(), {.name = "success_1"});
  dataset.times[1] = midnight(make_date(2025, 3, 1));
  dataset.features(0, 0) = std::numeric_limits<double>::infinity();
  const DatasetSummary summary =
      summarize(dataset, class_names(LabelRule::kSuccess), 5, {.num_unfinished = 2});
  EXPECT_EQ(summary.num_rows, 3u);
  EXPECT_EQ(summary.num_symbols, 2u);
  EXPECT_EQ(summary.num_bars, 2u);
  EXPECT_EQ(summary.num_complete, 0u);  // infinite on row 0, no value on rows 1 and 2
  EXPECT_EQ(summary.classes[0].num_rows, 1u);
  EXPECT_EQ(summary.classes[1].num_rows, 2u);
  EXPECT_DOUBLE_EQ(summary.classes[1].mean_return, 0.07);
  ASSERT_EQ(summary.years.size(), 2u);
  EXPECT_EQ(summary.years[0].year, 2024);
  EXPECT_EQ(summary.years[1].by_class, (std::vector<std::size_t>{1, 1}));
  EXPECT_DOUBLE_EQ(summary.years[1].mean_return, -0.13);
  EXPECT_DOUBLE_EQ(summary.features[0].infinite, 1.0 / 3);
  EXPECT_DOUBLE_EQ(summary.features[0].missing, 0);
  EXPECT_DOUBLE_EQ(summary.features[1].missing, 2.0 / 3);
}

}  // namespace
}  // namespace tickwerk::model
