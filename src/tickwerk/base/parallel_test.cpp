#include "tickwerk/base/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
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

TEST_P(ParallelFor, RethrowsTheExceptionOfTheLowestRange) {
  for (int round = 0; round < 20; ++round) {
    std::vector<int> visits(400, 0);
    std::string message;
    try {
      parallel_for(visits.size(), 4, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) ++visits[i];
        if (first == 40 || first >= 200) throw std::runtime_error(std::to_string(first));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    EXPECT_EQ(message, "40");
    EXPECT_EQ(std::vector<int>(visits.begin(), visits.begin() + 44), std::vector<int>(44, 1));
  }
}

TEST_P(ParallelFor, OfNothingCallsNothing) {
  parallel_for(0, 8, [](std::size_t, std::size_t) { FAIL(); });
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 5));

}  // namespace
}  // namespace tickwerk
