#include "tickwerk/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace tickwerk {
namespace {

using Words = std::array<std::uint64_t, 4>;

Words philox(PhiloxBlock counter, std::uint64_t key) {
  const PhiloxBlock block = philox4x32(counter, key);
  return {block.word0, block.word1, block.word2, block.word3};
}

TEST(Philox, GivesThePublishedKnownAnswers) {
  // Random123 1.14, kat_vectors, philox4x32 with 10 rounds: counter and key of zeros, ones, digits
  // of pi.
  constexpr std::uint64_t kOnes = 0xffffffff;
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, ~std::uint64_t{0}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, TakesTwoNumbersFromEachBlock) {
  const RandomStream stream{.seed = 0, .stream = 0};
  EXPECT_EQ(stream.bits(0), 0xe169c58d6627e8d5);
  EXPECT_EQ(stream.bits(1), 0x9b00dbd8bc57ac4c);
}

TEST(RandomStream, DiffersInEverySeedStreamAndIndex) {
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : {0ull, 1ull, 1ull << 32}) {
    for (const std::uint64_t stream : {0ull, 1ull, 1ull << 32}) {
      for (const std::uint64_t index : {0ull, 1ull, 2ull, 1ull << 33}) {
        seen.insert(RandomStream{seed, stream}.bits(index));
      }
    }
  }
  EXPECT_EQ(seen.size(), 36u);
}

TEST(OpenUnit, NeverReachesZeroOrOne) {
  EXPECT_EQ(open_unit(0), 0x1p-53);
  EXPECT_EQ(open_unit(~std::uint64_t{0}), 1.0 - 0x1p-53);
  EXPECT_EQ(open_unit(std::uint64_t{1} << 63), 0.5 + 0x1p-53);
}

TEST(RandomStream, IsUniform) {
  constexpr int kDraws = 200'000;
  constexpr int kCells = 100;
  constexpr double kExpected = 2000;  // kDraws / kCells
  const RandomStream stream{.seed = 7, .stream = 3};
  std::vector<int> hits(kCells, 0);
  for (int i = 0; i < kDraws; ++i) ++hits[static_cast<std::size_t>(stream.uniform(i) * kCells)];
  double chi2 = 0;
  for (const int count : hits) chi2 += std::pow(count - kExpected, 2) / kExpected;
  EXPECT_LT(chi2, 148.2);  // the 99.9 % point of chi-squared with 99 degrees of freedom
  EXPECT_GT(chi2, 60.0);
}

TEST(RandomSequence, ReadsItsStreamInOrder) {
  const RandomStream stream{.seed = 5, .stream = 9};
  RandomSequence sequence(stream);
  EXPECT_EQ(sequence.bits(), stream.bits(0));
  EXPECT_EQ(sequence.uniform(), stream.uniform(1));
  EXPECT_EQ(sequence.bits(), stream.bits(2));
}

TEST(RandomSequence, DrawsEveryIntegerBelowABoundEquallyOften) {
  RandomSequence sequence(RandomStream{.seed = 1, .stream = 2});
  std::vector<int> hits(6, 0);
  for (int i = 0; i < 60'000; ++i) ++hits[sequence.below(6)];
  for (const int count : hits) EXPECT_NEAR(count, 10'000, 400);  // over four standard deviations
  for (int i = 0; i < 10; ++i) EXPECT_EQ(sequence.below(1), 0u);
  // Nearly half of the draws are refused at this bound.
  const std::uint64_t bound = (std::uint64_t{1} << 63) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(sequence.below(bound), bound);
}

}  // namespace
}  // namespace tickwerk
