// Random numbers that depend on (seed, stream, index) alone: any element of any stream can be had
// without the ones before it, so a result cannot depend on threads or on order. Used by the
// synthetic market, resampling and tests of ours; never seeds itself from a clock, and is not for
// secrets.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace tickwerk {

/// Ten rounds of Philox on a block of four words: a bijection of `counter` chosen by `key`.
/// Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11,
/// section 4. Words are held in 64-bit lanes with the upper half zero, which compilers turn into
/// vectors.
struct PhiloxBlock {
  std::uint64_t word0, word1, word2, word3;
};
[[gnu::always_inline]] constexpr PhiloxBlock philox4x32(PhiloxBlock counter,
                                                        std::uint64_t key) noexcept {
  constexpr std::uint64_t kLow = 0xffffffff;
  std::uint64_t key0 = key & kLow;
  std::uint64_t key1 = key >> 32;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t even = counter.word0 * 0xD2511F53u;
    const std::uint64_t odd = counter.word2 * 0xCD9E8D57u;
    counter = {(odd >> 32) ^ counter.word1 ^ key0, odd & kLow, (even >> 32) ^ counter.word3 ^ key1,
               even & kLow};
    key0 = (key0 + 0x9E3779B9u) & kLow;
    key1 = (key1 + 0xBB67AE85u) & kLow;
  }
  return counter;
}

/// 52 of the bits as a double strictly between 0 and 1: one of the midpoints (n + 1/2) / 2^52.
[[gnu::always_inline]] constexpr double open_unit(std::uint64_t bits) noexcept {
  return std::bit_cast<double>(0x3ff0000000000000 | bits >> 12) - (1.0 - 0x1p-53);
}

/// A sequence of 2^64 numbers named by a seed and a stream; streams of one seed are independent.
struct RandomStream {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;

  /// The two 64-bit numbers 2 * block and 2 * block + 1 of the stream.
  [[gnu::always_inline]] constexpr std::array<std::uint64_t, 2> pair(
      std::uint64_t block) const noexcept {
    const PhiloxBlock random =
        philox4x32({block & 0xffffffff, block >> 32, stream & 0xffffffff, stream >> 32}, seed);
    return {random.word0 | random.word1 << 32, random.word2 | random.word3 << 32};
  }
  /// Number `index` of the stream, all 64 bits random.
  constexpr std::uint64_t bits(std::uint64_t index) const noexcept {
    return pair(index / 2)[index % 2];
  }
  /// Number `index` as a double strictly between 0 and 1.
  constexpr double uniform(std::uint64_t index) const noexcept { return open_unit(bits(index)); }
};

/// Reads a stream from its beginning, for code that draws an unknown number of times.
class RandomSequence {
 public:
  explicit RandomSequence(RandomStream stream) noexcept : stream_(stream) {}

  std::uint64_t bits() noexcept { return stream_.bits(next_++); }
  double uniform() noexcept { return stream_.uniform(next_++); }
  /// Uniform in [0, bound), without bias; bound >= 1.
  /// Source: Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29(1).
  std::uint64_t below(std::uint64_t bound) noexcept;

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

}  // namespace tickwerk
