#include "tickwerk/kernel/row_order.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <new>

#include "tickwerk/kernel/eight_lanes.h"
#include "tickwerk/kernel/sort_network.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

// Up to this many symbols the keys lie on the stack: their rows are more than the scratch has.
constexpr std::size_t kFewSymbols = 96;

/// A key is a value whose last bits are replaced by the number of its symbol: still a double with
/// (nearly) the order of the values. `same_bits` are those that are left of the value.
struct KeyBits {
  std::uint64_t index_bits;
  std::uint64_t same_bits;

  explicit KeyBits(std::size_t size)
      : index_bits((std::uint64_t{1} << std::bit_width(size - 1)) - 1), same_bits(~index_bits) {}

  std::size_t symbol(double key) const {
    return static_cast<std::size_t>(std::bit_cast<std::uint64_t>(key) & index_bits);
  }
};

/// Keys of values[0, size), +inf for NaN; how many are not NaN.
TW_VECTOR_CLONES
std::size_t make_keys(const double* values, std::size_t size, KeyBits bits, double* keys) noexcept {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double value = values[i] + 0.0;  // -0 is 0
    const double below = value > kLargest ? kLargest : value;
    const double finite = below < -kLargest ? -kLargest : below;
    const std::uint64_t key =
        (std::bit_cast<std::uint64_t>(finite) & bits.same_bits) | std::uint64_t{i};
    keys[i] = value == value ? std::bit_cast<double>(key) : kInfinity;
    count += value == value ? 1 : 0;
  }
  return static_cast<std::size_t>(count);
}

/// Whether two keys next to each other in the sorted rows may belong to equal values.
TW_VECTOR_CLONES
std::uint64_t any_alike(const double* keys, std::size_t num_rows, KeyBits bits) noexcept {
  std::uint64_t alike = 0;
  const auto same = [bits](double a, double b) {
    const std::uint64_t differ = std::bit_cast<std::uint64_t>(a) ^ std::bit_cast<std::uint64_t>(b);
    return static_cast<std::uint64_t>((differ & bits.same_bits) == 0) &
           static_cast<std::uint64_t>(a < kInfinity);
  };
  const std::size_t last_row = (num_rows - 1) * kLanes;
  for (std::size_t i = 0; i < last_row; ++i) alike |= same(keys[i], keys[i + kLanes]);
  for (std::size_t lane = 1; lane < kLanes; ++lane) {
    alike |= same(keys[last_row + lane - 1], keys[lane]);
  }
  return alike;
}

TW_BY_WIDTH(void, sort_rows, (double* keys, std::size_t num_rows), network::sort, (keys, num_rows))

/// Writes the counts for symbols whose keys are alike, `first` symbols lying below them.
void rank_alike(const double* values,
                std::uint32_t* symbols,
                std::size_t size,
                std::size_t first,
                double* out) {
  const auto smaller = [values](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; };
  if (!std::is_sorted(symbols, symbols + size, smaller))
    std::sort(symbols, symbols + size, smaller);
  std::size_t below = first;
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0 && values[symbols[i - 1]] < values[symbols[i]]) below = first + i;
    out[symbols[i]] = static_cast<double>(below);
  }
}

struct SortedKeys {
  const double* keys;
  std::size_t num_rows;
  std::size_t count;
  KeyBits bits;

  /// Runs `use(place, key)` in their order.
  template <class Use>
  [[gnu::always_inline]] void each(Use use) const {
    const auto size = static_cast<std::int32_t>(count);
    const auto lane_size = static_cast<std::int32_t>(num_rows);
    std::int32_t place = 0;
    for (const double* lane = keys; place < size; ++lane) {
      const std::int32_t end = std::min(size, place + lane_size);
      for (const double* key = lane; place < end; ++place, key += kLanes) {
        use(place, *key);
      }
    }
  }
};

void count_below(const SortedKeys& sorted, const double* values, double* linear, double* out) {
  const KeyBits bits = sorted.bits;
  if (any_alike(sorted.keys, sorted.num_rows, bits) == 0) {
    sorted.each([&](std::int32_t place, double key) { out[bits.symbol(key)] = place; });
    return;
  }
  auto* const symbols = new (linear) std::uint32_t[sorted.count];
  std::size_t first = 0;
  std::uint64_t last_bits = 0;
  sorted.each([&](std::int32_t number, double key) {
    const auto place = static_cast<std::size_t>(number);
    const std::uint64_t key_bits = std::bit_cast<std::uint64_t>(key) & bits.same_bits;
    if (key_bits != last_bits && place > first) {
      rank_alike(values, symbols + first, place - first, first, out);
      first = place;
    }
    last_bits = key_bits;
    symbols[place] = static_cast<std::uint32_t>(bits.symbol(key));
  });
  rank_alike(values, symbols + first, sorted.count - first, first, out);
}

}  // namespace

void row_order(const RowArgs& args) noexcept {
  const double* const values = args.inputs[0];
  const std::size_t size = args.num_symbols;
  std::fill_n(args.out + size, args.num_padded - size, kNone);
  if (size == 0) return;

  alignas(64) double few[kFewSymbols];
  double* const linear = args.scratch;
  double* const keys = size <= kFewSymbols ? few : linear + args.num_padded;
  const KeyBits bits(size);
  const std::size_t count = make_keys(values, size, bits, keys);
  if (count < size) {
    std::fill_n(args.out, size, kNone);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const double key = keys[i];
      keys[kept] = key;
      kept += key < kInfinity;
    }
  }
  const std::size_t num_rows = network::rows_for(count);
  std::fill(keys + count, keys + num_rows * kLanes, kInfinity);
  sort_rows(keys, num_rows);
  count_below({keys, num_rows, count, bits}, values, linear, args.out);
}

}  // namespace tickwerk::kernel
