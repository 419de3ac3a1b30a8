#include "tickwerk/base/random.h"

namespace tickwerk {

std::uint64_t RandomSequence::below(std::uint64_t bound) noexcept {
  using Wide = unsigned __int128;
  // The high half of bits * bound is uniform once the 2^64 mod bound lowest low halves are refused.
  const std::uint64_t refused = (0 - bound) % bound;
  Wide product = 0;
  do {
    product = static_cast<Wide>(bits()) * bound;
  } while (static_cast<std::uint64_t>(product) < refused);
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace tickwerk
