#include "tickwerk/kernel/row_groups.h"

#include <gtest/gtest.h>

#include <map>

#include "tickwerk/kernel/row_fixture.h"
#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"

namespace tickwerk::kernel {
namespace {

template <RowKernel kernel>
void by_group(const RowArgs& args) noexcept {
  row_by_group(args, kernel);
}

TEST(RowByGroup, RunsTheKernelOnEachGroupAlone) {
  const RowCall demean{by_group<row_demean>, group_scratch_rows(2)};
  EXPECT_EQ(demean({{7, 3, 7, 3, 9}, {1, 10, 3, 40, 5}}), (Values{-1, -15, 1, 15, 0}));
}

TEST(RowByGroup, GivesNaNWithoutAGroup) {
  const RowCall demean{by_group<row_demean>, group_scratch_rows(2)};
  const Values found = demean({{1, kNaN, 1, kNaN}, {2, 4, 8, 16}});
  EXPECT_EQ(found[0], -3);
  EXPECT_TRUE(std::isnan(found[1]));
  EXPECT_EQ(found[2], 3);
  EXPECT_TRUE(std::isnan(found[3]));
  for (const double value : demean({Values(20, kNaN), Values(20, 1.0)})) {
    EXPECT_TRUE(std::isnan(value));
  }
}

TEST(RowByGroup, TakesAnyNumbersForCodes) {
  const RowCall count{by_group<row_order>, group_scratch_rows(2) + kOrderScratchRows};
  EXPECT_EQ(count({{-0.0, 0.0, 1e300, 0.5, 1e300, kInf}, {2, 1, 4, 3, 5, 0}}),
            (Values{1, 0, 0, 0, 1, 0}));
}

TEST(RowByGroup, GivesTheBitsOfTheKernelOnEachGroup) {
  const RowCall grouped{by_group<row_zscore>, group_scratch_rows(2), {1}};
  const RowCall alone{row_zscore, 0, {1}};
  for (const std::size_t size : kSizes) {
    for (const double num_groups : {1.0, 4.0, 60.0, 1e9}) {
      const Values row = random_row(Shape::kContinuous, size, size);
      const RandomStream random{.seed = 9, .stream = size};
      Values codes(size);
      std::map<double, std::pair<Values, std::vector<std::size_t>>> groups;
      for (std::size_t i = 0; i < size; ++i) {
        codes[i] = std::floor(random.uniform(i) * num_groups) * 1000;
        if (random.uniform(size + i) < 0.05) codes[i] = kNaN;
        if (std::isnan(codes[i])) continue;
        groups[codes[i]].first.push_back(row[i]);
        groups[codes[i]].second.push_back(i);
      }
      const Values found = grouped({codes, row});
      ASSERT_EQ(found.size(), size);
      for (const auto& [code, group] : groups) {
        const Values expected = alone({group.first});
        for (std::size_t k = 0; k < expected.size(); ++k) {
          const double value = found[group.second[k]];
          ASSERT_TRUE(value == expected[k] || (std::isnan(value) && std::isnan(expected[k])));
        }
      }
    }
  }
}

}  // namespace
}  // namespace tickwerk::kernel
