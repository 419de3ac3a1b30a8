#include "tickwerk/kernel/ema.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace tickwerk::kernel {
namespace {

Panel column(const std::vector<double>& values) {
  Panel panel(values.size(), 1, kNaN);
  for (std::size_t t = 0; t < values.size(); ++t) panel(t, 0) = values[t];
  return panel;
}

Panel like(const Panel& panel) { return Panel(panel.num_rows(), panel.num_symbols(), kNaN); }

Panel ema_of(const Panel& in, int window) {
  Panel out = like(in);
  ema(in.view(), window, out.span());
  return out;
}

Panel wilder_of(const Panel& in, int window) {
  Panel out = like(in);
  wilder(in.view(), window, out.span());
  return out;
}

/// More symbols than a block, with missing bars and late starts.
Panel market_with_gaps(std::size_t num_rows, std::size_t num_symbols) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> step(-1, 1), chance(0, 1);
  Panel panel(num_rows, num_symbols, kNaN);
  for (std::size_t i = 0; i < num_symbols; ++i) {
    double price = 100;
    for (std::size_t t = i % 5; t < num_rows; ++t) {
      price += step(random);
      if (chance(random) > 0.1) panel(t, i) = price;
    }
  }
  return panel;
}

bool same_bits(const Panel& a, const Panel& b, std::size_t num_rows) {
  for (std::size_t t = 0; t < num_rows; ++t) {
    for (std::size_t i = 0; i < a.num_symbols(); ++i) {
      const double x = a(t, i), y = b(t, i);
      if (std::isnan(x) != std::isnan(y) || (!std::isnan(x) && x != y)) return false;
    }
  }
  return true;
}

/// The definition, one symbol at a time, in higher precision.
std::vector<double> slow_ema(const Panel& in, std::size_t symbol, int window) {
  std::vector<double> out(in.num_rows(), kNaN);
  const long double a = 2.0L / (window + 1);
  long double e = 0;
  int count = 0;
  for (std::size_t t = 0; t < in.num_rows(); ++t) {
    const double x = in(t, symbol);
    if (std::isnan(x)) continue;
    e = count == 0 ? x : (1 - a) * e + a * x;
    if (++count >= window) out[t] = static_cast<double>(e);
  }
  return out;
}

TEST(Ema, WeighsTheNewestBarByTwoOverWindowPlusOne) {
  const Panel out = ema_of(column({4, 7, 1}), 2);  // a = 2/3
  EXPECT_TRUE(std::isnan(out(0, 0)));
  EXPECT_DOUBLE_EQ(out(1, 0), 4.0 / 3 + 7 * 2.0 / 3);
  EXPECT_DOUBLE_EQ(out(2, 0), 6.0 / 3 + 1 * 2.0 / 3);
}

TEST(Ema, OfWindowOneIsTheBarItself) {
  const Panel out = ema_of(column({4, kNaN, 1}), 1);
  EXPECT_EQ(out(0, 0), 4.0);
  EXPECT_TRUE(std::isnan(out(1, 0)));
  EXPECT_EQ(out(2, 0), 1.0);
}

TEST(Ema, AgreesWithTheDefinitionAcrossGapsAndBlocks) {
  const Panel in = market_with_gaps(120, 600);
  const Panel out = ema_of(in, 20);
  for (const std::size_t symbol : {0, 1, 4, 511, 512, 599}) {
    const std::vector<double> expected = slow_ema(in, symbol, 20);
    for (std::size_t t = 0; t < in.num_rows(); ++t) {
      if (std::isnan(expected[t])) {
        EXPECT_TRUE(std::isnan(out(t, symbol)));
      } else {
        EXPECT_NEAR(out(t, symbol), expected[t], 1e-12 * expected[t]);
      }
    }
  }
}

TEST(Ema, OfAPastDoesNotKnowTheFuture) {
  const Panel in = market_with_gaps(60, 9);
  const Panel full = ema_of(in, 5);
  for (std::size_t end = 1; end <= 60; ++end) {
    Panel cut(end, 9, kNaN);
    for (std::size_t t = 0; t < end; ++t) std::memcpy(cut.row(t), in.row(t), 9 * sizeof(double));
    EXPECT_TRUE(same_bits(ema_of(cut, 5), full, end));
  }
}

TEST(Ema, GivesASymbolTheSameBitsAloneAndAmongOthers) {
  const Panel in = market_with_gaps(90, 600);
  const Panel ema_out = ema_of(in, 7), wilder_out = wilder_of(in, 7);
  for (const std::size_t symbol : {0, 3, 8, 500, 511, 512, 519, 599}) {
    Panel alone(90, 1, kNaN), ema_column(90, 1, kNaN), wilder_column(90, 1, kNaN);
    for (std::size_t t = 0; t < 90; ++t) {
      alone(t, 0) = in(t, symbol);
      ema_column(t, 0) = ema_out(t, symbol);
      wilder_column(t, 0) = wilder_out(t, symbol);
    }
    EXPECT_TRUE(same_bits(ema_of(alone, 7), ema_column, 90)) << symbol;
    EXPECT_TRUE(same_bits(wilder_of(alone, 7), wilder_column, 90)) << symbol;
  }
}

TEST(Wilder, BeginsWithTheSimpleMeanAndWeighsByOneOverWindow) {
  const Panel out = wilder_of(column({3, 6, kNaN, 9, 12}), 3);
  EXPECT_TRUE(std::isnan(out(1, 0)));
  EXPECT_TRUE(std::isnan(out(2, 0)));
  EXPECT_DOUBLE_EQ(out(3, 0), 6.0);
  EXPECT_DOUBLE_EQ(out(4, 0), 6.0 * 2 / 3 + 12.0 / 3);
}

TEST(EmaAbove, ComparesTheTwoMeansWhereBothAreThere) {
  const Panel in = market_with_gaps(150, 600);
  const Panel fast = ema_of(in, 5), slow = ema_of(in, 12);
  BasicPanel<std::int8_t> above(150, 600, 9);
  ema_above(in.view(), 5, 12, above.span());
  Panel ratio = like(in);
  ema_ratio(in.view(), 5, 12, ratio.span());
  int num_above = 0;
  for (std::size_t t = 0; t < 150; ++t) {
    for (std::size_t i = 0; i < 600; ++i) {
      const bool ready = !std::isnan(fast(t, i)) && !std::isnan(slow(t, i));
      ASSERT_EQ(above(t, i), ready ? (fast(t, i) > slow(t, i) ? 1 : 0) : 2);
      ASSERT_EQ(std::isnan(ratio(t, i)), !ready);
      if (ready) {
        ASSERT_EQ(ratio(t, i), fast(t, i) / slow(t, i) - 1);
      }
      num_above += above(t, i) == 1;
    }
  }
  EXPECT_GT(num_above, 10'000);
}

}  // namespace
}  // namespace tickwerk::kernel
