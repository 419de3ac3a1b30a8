#include "tickwerk/kernel/row_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::kernel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Number and sum of the values of a row that hold; all sums here are of whole numbers, and exact.
struct Sums {
  double count;
  double sum;

  /// Counts of smaller values are 0, 1, 2, ... unless values are equal: then their sum is less.
  bool has_ties() const { return 2.0 * sum != count * (count - 1.0); }
};

template <std::size_t width>
TW_LANES_INLINE Sums sums(const double* below, std::size_t size) {
  Eight<width> count = all<width>(0), sum = all<width>(0);
  each_eight<width>(
      size,
      [&](const Eight<width>& x) TW_LANES_LAMBDA {
        count = count + where_value(all<width>(1), x);
        sum = sum + where_value(x, x);
      },
      below);
  return {total(count), total(sum)};
}

TW_BY_WIDTH(Sums, sums_by_width, (const double* below, std::size_t size), sums, (below, size))

/// Both of one row, and what they say of two rows beside each other.
struct PairSums {
  Sums x, y;
  double both;
  double products;  // over the symbols that have both
};

template <std::size_t width>
TW_LANES_INLINE PairSums pair_sums(const double* x_row, const double* y_row, std::size_t size) {
  const Eight<width> zero = all<width>(0), one = all<width>(1);
  Eight<width> x_count = zero, x_sum = zero, y_count = zero, y_sum = zero;
  Eight<width> both = zero, products = zero;
  each_eight<width>(
      size,
      [&](const Eight<width>& x, const Eight<width>& y) TW_LANES_LAMBDA {
        const Eight<width> product = x * y;
        x_count = x_count + where_value(one, x);
        x_sum = x_sum + where_value(x, x);
        y_count = y_count + where_value(one, y);
        y_sum = y_sum + where_value(y, y);
        both = both + where_value(one, product);
        products = products + where_value(product, product);
      },
      x_row, y_row);
  return {
      {total(x_count), total(x_sum)}, {total(y_count), total(y_sum)}, total(both), total(products)};
}

TW_BY_WIDTH(PairSums,
            pair_sums_by_width,
            (const double* x, const double* y, std::size_t size),
            pair_sums,
            (x, y, size))

/// twice[i] = twice the average rank of symbol i, place by place.
/// place[i]: count of smaller values, or `size` of a symbol that does not count; held: size + 1.
void average(const std::uint32_t* place,
             std::size_t size,
             std::uint32_t* held,
             std::uint32_t* twice) noexcept {
  std::fill_n(held, size + 1, 0u);
  for (std::size_t i = 0; i < size; ++i) ++held[place[i]];
  std::uint32_t before = 1;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t here = held[i];
    held[i] = 2 * before + here - 1;
    before += here;
  }
  held[size] = 0;
  for (std::size_t i = 0; i < size; ++i) twice[i] = held[place[i]];
}

TW_VECTOR_CLONES
void places(const double* below, std::size_t size, std::uint32_t* place) noexcept {
  const auto none = static_cast<std::int32_t>(size);
  for (std::size_t i = 0; i < size; ++i) {
    const bool counts = below[i] == below[i];
    const auto whole = static_cast<std::int32_t>(counts ? below[i] : 0.0);
    place[i] = static_cast<std::uint32_t>(counts ? whole : none);
  }
}

/// The places of symbols that have both, and how many they are.
TW_VECTOR_CLONES
std::uint32_t both_places(const double* x,
                          const double* y,
                          std::size_t size,
                          std::uint32_t* x_place,
                          std::uint32_t* y_place) noexcept {
  const auto none = static_cast<std::int32_t>(size);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool both = x[i] == x[i] && y[i] == y[i];
    x_place[i] = static_cast<std::uint32_t>(both ? static_cast<std::int32_t>(x[i]) : none);
    y_place[i] = static_cast<std::uint32_t>(both ? static_cast<std::int32_t>(y[i]) : none);
    count += both ? 1u : 0u;
  }
  return count;
}

/// Sums of products of differences of `twice` ranks from their mean, which is count + 1.
struct Products {
  double xx, yy, xy;
};

TW_VECTOR_CLONES
Products products(const std::uint32_t* x,
                  const std::uint32_t* y,
                  std::size_t size,
                  std::uint32_t count) noexcept {
  // Whole numbers below 2^51 in any order: as integers, so that the order is the compiler's.
  std::uint64_t xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < size; ++i) {
    xx += std::uint64_t{x[i]} * x[i];
    yy += std::uint64_t{y[i]} * y[i];
    xy += std::uint64_t{x[i]} * y[i];
  }
  const std::uint64_t means = std::uint64_t{count} * (count + 1) * (count + 1);
  const auto less = [means](std::uint64_t sum) {
    return static_cast<double>(static_cast<std::int64_t>(sum - means));
  };
  return {less(xx), less(yy), less(xy)};
}

/// out[i] = (below + 1) / count, of a row without equal values.
TW_VECTOR_CLONES
void distinct_ranks(const RowArgs& args, double count) noexcept {
  const double* const below = args.inputs[0];
  for (std::size_t i = 0; i < args.num_symbols; ++i) args.out[i] = (below[i] + 1.0) / count;
}

TW_VECTOR_CLONES
void shared_ranks(const RowArgs& args, const std::uint32_t* twice, double count) noexcept {
  const double* const below = args.inputs[0];
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const double rank = static_cast<double>(static_cast<std::int32_t>(twice[i]));
    args.out[i] = below[i] == below[i] ? rank / (2.0 * count) : kNone;
  }
}

/// The smallest j >= 1 with place <= span * j / k, where place is a rank less 1. `place * k` is a
/// whole number or half of one, so a quotient that is not whole is not rounded to a whole one.
[[gnu::always_inline]] inline double bucket(double place, double k, double span) {
  const double quotient = place * k / span;
  // What std::ceil gives, without a call where the instruction is missing.
  const double whole = static_cast<double>(static_cast<std::int32_t>(quotient));
  const double up = whole < quotient ? whole + 1.0 : whole;
  return up < 1.0 ? 1.0 : up;
}

TW_VECTOR_CLONES
void distinct_buckets(const RowArgs& args, double k, double span) noexcept {
  const double* const below = args.inputs[0];
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const bool counts = below[i] == below[i];
    const double found = bucket(counts ? below[i] : 0.0, k, span);
    args.out[i] = counts ? found : kNone;
  }
}

TW_VECTOR_CLONES
void shared_buckets(const RowArgs& args,
                    const std::uint32_t* twice,
                    double k,
                    double span) noexcept {
  const double* const below = args.inputs[0];
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const bool counts = below[i] == below[i];
    const double rank = 0.5 * static_cast<double>(static_cast<std::int32_t>(twice[i]));
    const double found = bucket(counts ? rank - 1.0 : 0.0, k, span);
    args.out[i] = counts ? found : kNone;
  }
}

/// Twice the average ranks of the first input.
const std::uint32_t* shared(const RowArgs& args) {
  auto* const held = new (args.scratch) std::uint32_t[args.num_padded + 1];
  auto* const place = new (args.scratch + args.num_padded) std::uint32_t[args.num_padded];
  places(args.inputs[0], args.num_symbols, place);
  average(place, args.num_symbols, held, place);
  return place;
}

}  // namespace

void row_rank(const RowArgs& args) noexcept {
  const Sums of = sums_by_width(args.inputs[0], args.num_symbols);
  if (of.has_ties()) {
    shared_ranks(args, shared(args), of.count);
  } else {
    distinct_ranks(args, of.count);
  }
}

void row_bucket(const RowArgs& args) noexcept {
  const Sums of = sums_by_width(args.inputs[0], args.num_symbols);
  const double k = args.constants[0];
  const double span = of.count > 1.0 ? of.count - 1.0 : 1.0;
  if (of.has_ties()) {
    shared_buckets(args, shared(args), k, span);
  } else {
    distinct_buckets(args, k, span);
  }
}

void row_spearman(const RowArgs& args) noexcept {
  const double* const x = args.inputs[0];
  const double* const y = args.inputs[1];
  const std::size_t size = args.num_symbols;
  const PairSums of = pair_sums_by_width(x, y, size);
  const double n = of.both;
  args.out[0] = kNone;
  if (n < 3.0) return;
  if (n == of.x.count && n == of.y.count && !of.x.has_ties() && !of.y.has_ties()) {
    // The ranks of both are 1 to n: only their products say something.
    const double squares = n * (n * n - 1.0) / 3.0;
    const double cross = 4.0 * of.products - n * (n - 1.0) * (n - 1.0);
    args.out[0] = cross / squares;
    return;
  }
  auto* const held = new (args.scratch) std::uint32_t[args.num_padded + 1];
  auto* const x_place = new (args.scratch + args.num_padded) std::uint32_t[args.num_padded];
  auto* const y_place = new (args.scratch + 2 * args.num_padded) std::uint32_t[args.num_padded];
  const std::uint32_t count = both_places(x, y, size, x_place, y_place);
  average(x_place, size, held, x_place);
  average(y_place, size, held, y_place);
  const Products sum = products(x_place, y_place, size, count);
  if (sum.xx > 0.0 && sum.yy > 0.0) args.out[0] = sum.xy / std::sqrt(sum.xx * sum.yy);
}

}  // namespace tickwerk::kernel
