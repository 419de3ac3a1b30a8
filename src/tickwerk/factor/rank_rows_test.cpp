#include "tickwerk/factor/rank_rows.h"

#include <gtest/gtest.h>

#include <vector>

namespace tickwerk::factor {
namespace {

TEST(MarkPresent, SetsTheBitOfEverySymbolWithAValue) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t size : {1u, 8u, 63u, 64u, 65u, 200u}) {
    std::vector<double> order(size);
    std::size_t num_present = 0;
    for (std::size_t i = 0; i < size; ++i) {
      order[i] = i % 3 == 1 ? kNone : 0.0;
      num_present += i % 3 == 1 ? 0 : 1;
    }
    std::vector<std::uint64_t> words((size + 63) / 64, ~std::uint64_t{0});
    EXPECT_EQ(mark_present(order.data(), size, words), num_present);
    for (std::size_t i = 0; i < words.size() * 64; ++i) {
      EXPECT_EQ(words[i / 64] >> i % 64 & 1, i < size && i % 3 != 1 ? 1u : 0u) << size << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace tickwerk::factor
