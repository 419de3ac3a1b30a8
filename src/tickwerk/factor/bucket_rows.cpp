#include "tickwerk/factor/bucket_rows.h"

#include <algorithm>

#include "tickwerk/kernel/eight_lanes.h"
#include "tickwerk/panel/panel.h"

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

/// Sums of `num_rows` rows of values for the buckets first + 1 to first + kAtOnce; NaN where a
/// symbol of the bucket has no value.
template <std::size_t width, std::size_t num_rows>
TW_LANES_INLINE void some_sums(const BucketRow& row,
                               const BucketMeans* all,
                               std::size_t first,
                               double (&sums)[num_rows][kAtOnce]) {
  Eight<width> sum[num_rows][kAtOnce];
  for (auto& of_row : sum) {
    for (Eight<width>& of_bucket : of_row) of_bucket = kernel::all<width>(0);
  }
  const Eight<width> one = kernel::all<width>(1);
  const Eight<width> first_number = kernel::all<width>(static_cast<double>(first + 1));
  const auto add = [&](const Eight<width>& bucket, const auto&... values) TW_LANES_LAMBDA {
    const Eight<width> of_row[] = {values...};
    Eight<width> number = first_number;
    for (std::size_t k = 0; k < kAtOnce; ++k) {
      for (std::size_t r = 0; r < num_rows; ++r) {
        sum[r][k] = sum[r][k] + in_bucket(bucket, number, of_row[r]);
      }
      number = number + one;
    }
  };
  if constexpr (num_rows == 1) {
    kernel::each_eight<width>(row.num_symbols, add, row.bucket, all[0].values);
  } else {
    kernel::each_eight<width>(row.num_symbols, add, row.bucket, all[0].values, all[1].values);
  }
  for (std::size_t r = 0; r < num_rows; ++r) {
    for (std::size_t k = 0; k < kAtOnce; ++k) sums[r][k] = kernel::total(sum[r][k]);
  }
}

/// Mean of the values there are in bucket k + 1.
template <std::size_t width>
TW_LANES_INLINE double mean_of_present(const BucketRow& row, const double* values, std::size_t k) {
  const Eight<width> number = kernel::all<width>(static_cast<double>(k + 1));
  const Eight<width> one = kernel::all<width>(1);
  Eight<width> count = kernel::all<width>(0), sum = count;
  kernel::each_eight<width>(
      row.num_symbols,
      [&](const Eight<width>& placed, const Eight<width>& value) TW_LANES_LAMBDA {
        const Eight<width> bucket = beside(placed, value);
        count = count + in_bucket(bucket, number, one);
        sum = sum + in_bucket(bucket, number, value);
      },
      row.bucket, values);
  const double num_values = kernel::total(count);
  return num_values > 0 ? kernel::total(sum) / num_values : kNaN;
}

template <std::size_t width, std::size_t num_rows>
TW_LANES_INLINE void means_of_rows(const BucketRow& row, const BucketMeans* all) {
  for (std::size_t first = 0; first < row.num_buckets; first += kAtOnce) {
    double sums[num_rows][kAtOnce];
    some_sums<width, num_rows>(row, all, first, sums);
    const std::size_t end = std::min(first + kAtOnce, row.num_buckets);
    for (std::size_t r = 0; r < num_rows; ++r) {
      for (std::size_t k = first; k < end; ++k) {
        const double sum = sums[r][k - first];
        all[r].means[k] = sum == sum && row.sizes[k] > 0
                              ? sum / row.sizes[k]
                              : mean_of_present<width>(row, all[r].values, k);
      }
    }
  }
}

template <std::size_t width>
TW_LANES_INLINE void all_means(const BucketRow& row, std::span<const BucketMeans> all) {
  std::size_t r = 0;
  for (; r + 2 <= all.size(); r += 2) means_of_rows<width, 2>(row, all.data() + r);
  if (r < all.size()) means_of_rows<width, 1>(row, all.data() + r);
}

TW_BY_WIDTH(void,
            means_by_width,
            (const BucketRow& row, std::span<const BucketMeans> all),
            all_means,
            (row, all))

/// Writes the share of 1 / num_bought; how many there are that can be bought.
template <std::size_t width>
TW_LANES_INLINE double spread(const NewPortfolio& entry, double num_bought, double* units) {
  const Eight<width> number = kernel::all<width>(entry.number), one = kernel::all<width>(1);
  const Eight<width> share = kernel::all<width>(num_bought > 0 ? 1 / num_bought : 0);
  Eight<width> count = kernel::all<width>(0);
  for (std::size_t i = 0; i < entry.num_padded; i += kLanes) {
    const Eight<width> each = kernel::load<width>(entry.each + i);
    const Eight<width> bucket = beside(kernel::load<width>(entry.bucket + i), each);
    count = count + in_bucket(bucket, number, one);
    kernel::store(in_bucket(bucket, number, each * share), units + i);
  }
  return kernel::total(count);
}

template <std::size_t width>
TW_LANES_INLINE double enter_bucket(const NewPortfolio& entry, double* units) {
  const double num_bought = spread<width>(entry, entry.size, units);
  if (num_bought != entry.size) spread<width>(entry, num_bought, units);
  return num_bought;
}

TW_BY_WIDTH(double,
            enter_by_width,
            (const NewPortfolio& entry, double* units),
            enter_bucket,
            (entry, units))

template <std::size_t width, std::size_t num_books>
TW_LANES_INLINE double roll_books(const BookStep& step, Book* books) {
  Eight<width> entered = kernel::all<width>(0), carried[num_books + 1], now[num_books + 1];
  for (std::size_t k = 0; k < num_books; ++k) carried[k] = now[k] = entered;
  for (std::size_t i = 0; i < step.num_padded; i += kLanes) {
    const Eight<width> entering = kernel::load<width>(step.entering + i);
    const Eight<width> close_before = kernel::load<width>(step.close_before + i);
    const Eight<width> close = kernel::load<width>(step.close + i);
    entered = entered + entering * close;
    for (std::size_t k = 0; k < num_books; ++k) {
      const Eight<width> kept =
          kernel::load<width>(books[k].units + i) - kernel::load<width>(books[k].leaving + i);
      const Eight<width> held = kept + entering;
      carried[k] = carried[k] + kept * close_before;
      now[k] = now[k] + held * close;
      kernel::store(held, books[k].units + i);
    }
  }
  for (std::size_t k = 0; k < num_books; ++k) {
    books[k].carried = kernel::total(carried[k]);
    books[k].now = kernel::total(now[k]);
  }
  return kernel::total(entered);
}

/// As many at once as leave their sums in registers.
template <std::size_t width>
TW_LANES_INLINE double roll_all(const BookStep& step, std::span<Book> books) {
  while (books.size() > 4) {
    roll_books<width, 4>(step, books.data());
    books = books.subspan(4);
  }
  switch (books.size()) {
    case 4:
      return roll_books<width, 4>(step, books.data());
    case 3:
      return roll_books<width, 3>(step, books.data());
    case 2:
      return roll_books<width, 2>(step, books.data());
    case 1:
      return roll_books<width, 1>(step, books.data());
    default:
      return roll_books<width, 0>(step, books.data());
  }
}

TW_BY_WIDTH(
    double, roll_by_width, (const BookStep& step, std::span<Book> books), roll_all, (step, books))

}  // namespace

void bucket_means(const BucketRow& row, std::span<const BucketMeans> all) noexcept {
  means_by_width(row, all);
}

double enter(const NewPortfolio& entry, double* units) noexcept {
  return enter_by_width(entry, units);
}

double roll(const BookStep& step, std::span<Book> books) noexcept {
  return roll_by_width(step, books);
}

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
    bucket[i] = packed[i] > 0 ? number : kNaN;
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
