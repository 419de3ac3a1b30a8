#include "tickwerk/factor/bucket_rows.h"

#include <algorithm>
#include <limits>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::factor {
namespace {

using kernel::Eight;
using kernel::kLanes;

// Buckets whose sums are kept in registers at once: five are the usual number.
constexpr std::size_t kAtOnce = 5;

/// Lanes of `values` where `bucket` is `number`, else 0.
template <std::size_t width>
TW_LANES_INLINE Eight<width> in_bucket(const Eight<width>& bucket,
                                       const Eight<width>& number,
                                       const Eight<width>& values) {
  using Vector = typename Eight<width>::Vector;
  Eight<width> result;
  for (std::size_t i = 0; i < Eight<width>::kParts; ++i) {
    const Vector found = bucket.part[i];
    const Vector wanted = number.part[i];
    const Vector value = values.part[i];
    result.part[i] = found == wanted ? value : Vector{};
  }
  return result;
}

/// Sums for the buckets first + 1 to first + kAtOnce; whether a symbol in a bucket has no value.
template <std::size_t width>
TW_LANES_INLINE bool some_sums(const BucketRow& row,
                               const double* values,
                               std::size_t first,
                               double* sums) {
  const Eight<width> zero = kernel::all<width>(0), one = kernel::all<width>(1);
  Eight<width> sum[kAtOnce] = {zero, zero, zero, zero, zero};
  Eight<width> num_placed = zero, num_counted = zero;
  const Eight<width> first_number = kernel::all<width>(static_cast<double>(first + 1));
  kernel::each_eight<width>(
      row.num_symbols,
      [&](const Eight<width>& placed, const Eight<width>& value) TW_LANES_LAMBDA {
        const Eight<width> bucket = beside(placed, value);
        num_placed = num_placed + where_value(one, placed);
        num_counted = num_counted + where_value(one, bucket);
        Eight<width> number = first_number;
        for (std::size_t k = 0; k < kAtOnce; ++k) {
          sum[k] = sum[k] + in_bucket(bucket, number, value);
          number = number + one;
        }
      },
      row.bucket, values);
  for (std::size_t k = 0; k < kAtOnce; ++k) sums[k] = kernel::total(sum[k]);
  return kernel::total(num_placed) != kernel::total(num_counted);
}

template <std::size_t width>
TW_LANES_INLINE double count_values(const BucketRow& row, const double* values, std::size_t k) {
  const Eight<width> number = kernel::all<width>(static_cast<double>(k + 1));
  const Eight<width> one = kernel::all<width>(1);
  Eight<width> count = kernel::all<width>(0);
  kernel::each_eight<width>(
      row.num_symbols,
      [&](const Eight<width>& placed, const Eight<width>& value)
          TW_LANES_LAMBDA { count = count + in_bucket(beside(placed, value), number, one); },
      row.bucket, values);
  return kernel::total(count);
}

template <std::size_t width>
TW_LANES_INLINE void all_sums(const BucketRow& row,
                              const double* values,
                              double* sums,
                              double* counts) {
  bool has_gap = false;
  for (std::size_t first = 0; first < row.num_buckets; first += kAtOnce) {
    double some[kAtOnce];
    has_gap = some_sums<width>(row, values, first, some);
    std::copy_n(some, std::min(kAtOnce, row.num_buckets - first), sums + first);
  }
  for (std::size_t k = 0; k < row.num_buckets; ++k) {
    counts[k] = has_gap ? count_values<width>(row, values, k) : row.sizes[k];
  }
}

TW_BY_WIDTH(void,
            sums_by_width,
            (const BucketRow& row, const double* values, double* sums, double* counts),
            all_sums,
            (row, values, sums, counts))

/// The buckets of symbols that can be bought, eight at a time: `use(place, bucket, each)`.
template <std::size_t width, class Use>
TW_LANES_INLINE void each_buyable(const NewPortfolio& entry, Use use) {
  for (std::size_t i = 0; i < entry.num_padded; i += kLanes) {
    const Eight<width> each = kernel::load<width>(entry.each + i);
    use(i, beside(kernel::load<width>(entry.bucket + i), each), each);
  }
}

template <std::size_t width>
TW_LANES_INLINE double enter_bucket(const NewPortfolio& entry, double* units) {
  const Eight<width> number = kernel::all<width>(entry.number), one = kernel::all<width>(1);
  Eight<width> count = kernel::all<width>(0);
  each_buyable<width>(entry,
                      [&](std::size_t, const Eight<width>& bucket, const Eight<width>&)
                          TW_LANES_LAMBDA { count = count + in_bucket(bucket, number, one); });
  const double num_entered = kernel::total(count);
  const Eight<width> share = kernel::all<width>(num_entered > 0 ? 1 / num_entered : 0);
  each_buyable<width>(entry, [&](std::size_t i, const Eight<width>& bucket,
                                 const Eight<width>& each) TW_LANES_LAMBDA {
    kernel::store(in_bucket(bucket, number, each * share), units + i);
  });
  return num_entered;
}

TW_BY_WIDTH(double,
            enter_by_width,
            (const NewPortfolio& entry, double* units),
            enter_bucket,
            (entry, units))

template <std::size_t width>
TW_LANES_INLINE BookValues roll_book(const BookStep& step) {
  Eight<width> carried = kernel::all<width>(0), now = carried;
  for (std::size_t i = 0; i < step.num_padded; i += kLanes) {
    const Eight<width> kept =
        kernel::load<width>(step.book + i) - kernel::load<width>(step.leaving + i);
    const Eight<width> held = kept + kernel::load<width>(step.entering + i);
    carried = carried + kept * kernel::load<width>(step.close_before + i);
    now = now + held * kernel::load<width>(step.close + i);
    kernel::store(held, step.book + i);
  }
  return {kernel::total(carried), kernel::total(now)};
}

TW_BY_WIDTH(BookValues, roll_by_width, (const BookStep& step), roll_book, (step))

}  // namespace

void bucket_sums(const BucketRow& row,
                 const double* values,
                 double* sums,
                 double* counts) noexcept {
  sums_by_width(row, values, sums, counts);
}

double enter(const NewPortfolio& entry, double* units) noexcept {
  return enter_by_width(entry, units);
}

BookValues roll(const BookStep& step) noexcept { return roll_by_width(step); }

TW_VECTOR_CLONES
void pack_buckets(const double* bucket, std::size_t num_symbols, std::uint8_t* packed) noexcept {
  for (std::size_t i = 0; i < num_symbols; ++i) {
    const double number = bucket[i] == bucket[i] ? bucket[i] : 0.0;
    packed[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(number));
  }
}

TW_VECTOR_CLONES
void unpack_buckets(const std::uint8_t* packed, std::size_t num_symbols, double* bucket) noexcept {
  for (std::size_t i = 0; i < num_symbols; ++i) {
    const double number = packed[i];
    bucket[i] = packed[i] > 0 ? number : std::numeric_limits<double>::quiet_NaN();
  }
}

TW_VECTOR_CLONES
std::uint32_t count_members(const std::uint8_t* packed,
                            std::size_t num_symbols,
                            std::uint8_t bucket) noexcept {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < num_symbols; ++i) count += packed[i] == bucket ? 1u : 0u;
  return count;
}

TW_VECTOR_CLONES
std::uint32_t count_stayers(const std::uint8_t* before,
                            const std::uint8_t* now,
                            std::size_t num_symbols,
                            std::uint8_t bucket) noexcept {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < num_symbols; ++i) {
    count += (before[i] == bucket) & (now[i] == bucket) ? 1u : 0u;
  }
  return count;
}

}  // namespace tickwerk::factor
