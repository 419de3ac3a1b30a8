#include "tickwerk/kernel/row_order.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickwerk/kernel/row_fixture.h"
#include "tickwerk/kernel/sort_network.h"

namespace tickwerk::kernel {
namespace {

constexpr RowCall kOrder{row_order, kOrderScratchRows};

void expect_same(const Values& found, const Values& expected, const std::string& where) {
  ASSERT_EQ(found.size(), expected.size()) << where;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(found[i])) << where << ", symbol " << i;
    } else {
      ASSERT_EQ(found[i], expected[i]) << where << ", symbol " << i;
    }
  }
}

Values counted(const Values& values) {
  Values below;
  for (const double value : values) {
    const auto smaller = std::count_if(values.begin(), values.end(),
                                       [value](double other) { return other < value; });
    below.push_back(std::isnan(value) ? kNaN : static_cast<double>(smaller));
  }
  return below;
}

TEST(RowOrder, CountsSmallerValues) {
  expect_same(kOrder({{3, 1, kNaN, 2}}), {2, 0, kNaN, 1}, "no ties");
  expect_same(kOrder({{5, 2, 5, 1, 5}}), {2, 1, 2, 0, 2}, "ties");
}

TEST(RowOrder, TakesZerosOfBothSignsForEqualAndInfinitiesForValues) {
  expect_same(kOrder({{0.0, -0.0, 1, -1}}), {1, 1, 3, 0}, "zeros");
  expect_same(kOrder({{kInf, 1e308, -kInf, kInf, -1e308}}), {3, 2, 0, 3, 1}, "infinities");
  constexpr double kMax = std::numeric_limits<double>::max();
  expect_same(kOrder({{kInf, kMax, -kMax, -kInf}}), {3, 2, 1, 0}, "largest numbers");
}

TEST(RowOrder, TellsNeighboursApart) {
  const double next = std::nextafter(1.0, 2.0);
  const double tiny = std::numeric_limits<double>::denorm_min();
  expect_same(kOrder({{next, 1, next, 1}}), {2, 0, 2, 0}, "last bit");
  expect_same(kOrder({{tiny, 0, -tiny, 2 * tiny}}), {2, 1, 0, 3}, "subnormal");
}

TEST(RowOrder, OfNothingIsNaN) {
  expect_same(kOrder({{kNaN}}), {kNaN}, "one");
  expect_same(kOrder({Values(200, kNaN)}), Values(200, kNaN), "many");
}

TEST(RowOrder, EqualsCountingForEveryShapeAndSize) {
  for (const Shape shape : kShapes) {
    for (const std::size_t size : kSizes) {
      for (std::uint64_t stream = 0; stream < (size < 1000 ? 5u : 2u); ++stream) {
        const Values row = random_row(shape, size, stream);
        expect_same(kOrder({row}), counted(row),
                    "shape " + std::to_string(static_cast<int>(shape)) + ", size " +
                        std::to_string(size) + ", stream " + std::to_string(stream));
      }
    }
  }
}

TEST(RowOrder, TakesSixtyFiveThousandSymbols) {
  Values row(65'000);
  Values expected(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    expected[i] = static_cast<double>(i * 7919 % row.size());  // 7919 has no factor in common
    row[i] = std::exp(expected[i] / 10'000) - 5;
  }
  expect_same(kOrder({row}), expected, "65,000");
}

template <std::size_t width>
void expect_sorting(std::size_t size) {
  const std::size_t num_rows = network::rows_for(size);
  for (std::uint64_t stream = 0; stream < 3; ++stream) {
    const RandomStream random{.seed = 5, .stream = stream};
    Values keys(num_rows * kLanes, kInf);
    for (std::size_t i = 0; i < size; ++i) keys[i] = random.uniform(i);
    Values expected = keys;
    std::sort(expected.begin(), expected.end());
    network::sort<width>(keys.data(), num_rows);
    for (std::size_t p = 0; p < keys.size(); ++p) {
      ASSERT_EQ(keys[p % num_rows * kLanes + p / num_rows], expected[p])
          << "width " << width << ", size " << size << ", place " << p;
    }
  }
}

TEST(SortNetwork, SortsWithVectorsOfEveryWidth) {
  for (const std::size_t size :
       {0u, 1u, 90u, 100u, 150u, 200u, 300u, 500u, 700u, 1000u, 1500u, 3000u, 5000u}) {
    expect_sorting<2>(size);
    expect_sorting<4>(size);
    expect_sorting<8>(size);
  }
}

TEST(SortNetwork, TakesAtMostHalfAsManyRowsAgain) {
  for (std::size_t size = 97; size < 70'000; ++size) {
    const std::size_t num_rows = network::rows_for(size);
    ASSERT_GE(num_rows * 8, size);
    ASSERT_LE(num_rows * 8, 2 * Panel::padded(size)) << size;
  }
}

}  // namespace
}  // namespace tickwerk::kernel
