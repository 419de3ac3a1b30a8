#include "tickwerk/model/uniqueness.h"

#include <gtest/gtest.h>

#include "tickwerk/base/error.h"
#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

using Numbers = std::vector<std::uint32_t>;

std::vector<double> weigh(const Numbers& bar, const Numbers& end, const Numbers& symbol) {
  return average_uniqueness({bar, end, symbol});
}

TEST(AverageUniqueness, IsOneWhereNothingOverlaps) {
  // The first ends where the second is decided: they share a bar, not a return.
  EXPECT_EQ(weigh({0, 3}, {3, 6}, {0, 0}), (std::vector<double>{1, 1}));
}

TEST(AverageUniqueness, AveragesOneOverTheLabelsOfEachBar) {
  // Labels read bars 1-2, 2-3 and 3-4; bars 2 and 3 are read twice.
  const std::vector<double> weights = weigh({0, 1, 2}, {2, 3, 4}, {0, 0, 0});
  EXPECT_DOUBLE_EQ(weights[0], (1 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(weights[1], (0.5 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(weights[2], (0.5 + 1) / 2);
}

TEST(AverageUniqueness, LooksAtOneSymbolAtATime) {
  EXPECT_EQ(weigh({0, 0, 0}, {4, 4, 4}, {0, 2, 2}), (std::vector<double>{1, 0.5, 0.5}));
}

TEST(AverageUniqueness, OfALabelWithoutReachIsThatOfItsBar) {
  EXPECT_EQ(weigh({5, 6}, {5, 6}, {0, 0}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(weigh({}, {}, {}).empty());
}

TEST(AverageUniqueness, AgreesWithCountingEveryBar) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomSequence random({seed, 5});
    Numbers bar, end, symbol;
    for (std::uint32_t r = 0; r < 80; ++r) {
      bar.push_back(static_cast<std::uint32_t>(random.below(50)));
      end.push_back(bar.back() + 1 + static_cast<std::uint32_t>(random.below(15)));
      symbol.push_back(static_cast<std::uint32_t>(random.below(4)));
    }
    const std::vector<double> weights = weigh(bar, end, symbol);
    for (std::size_t r = 0; r < bar.size(); ++r) {
      double sum = 0;
      for (std::uint32_t t = bar[r] + 1; t <= end[r]; ++t) {
        int count = 0;
        for (std::size_t other = 0; other < bar.size(); ++other) {
          count += symbol[other] == symbol[r] && bar[other] < t && t <= end[other] ? 1 : 0;
        }
        sum += 1.0 / count;
      }
      EXPECT_NEAR(weights[r], sum / (end[r] - bar[r]), 1e-13);
    }
  }
}

TEST(AverageUniqueness, RefusesLabelsThatEndBeforeTheyBegin) {
  EXPECT_THROW(weigh({3}, {2}, {0}), Error);
  EXPECT_THROW(weigh({3}, {4, 5}, {0}), Error);
}

}  // namespace
}  // namespace tickwerk::model
