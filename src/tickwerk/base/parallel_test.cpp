#include "tickwerk/base/parallel.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

namespace tickwerk {
namespace {

class ParallelFor : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { set_num_threads(GetParam()); }
  void TearDown() override { set_num_threads(available_cores()); }
};

TEST_P(ParallelFor, VisitsEveryIndexOnceInChunksOfAtMostTheGrain) {
  std::vector<int> visits(1001, 0);
  parallel_for(visits.size(), 10, [&](std::size_t first, std::size_t last) {
    EXPECT_LE(last - first, 10u);
    for (std::size_t i = first; i < last; ++i) ++visits[i];
  });
  EXPECT_EQ(visits, std::vector<int>(1001, 1));
}

TEST_P(ParallelFor, RethrowsTheExceptionOfABody) {
  const auto run = [] {
    parallel_for(100, 1, [](std::size_t first, std::size_t) {
      if (first == 40) throw std::runtime_error("at 40");
    });
  };
  EXPECT_THROW(run(), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 5));

}  // namespace
}  // namespace tickwerk
