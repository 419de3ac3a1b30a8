#include "limit/factor_panel.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "limit/day_ranks.h"
#include "limit/vectors.h"
#include "tickwerk/kernel/exp_log.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace tickwerk::limit {
namespace {

constexpr std::size_t kTileRows = 8;
constexpr std::size_t kReturnRows = 72;  // of log returns kept: the longest window and a tile
constexpr std::size_t kWilder = 14;
constexpr std::size_t kSkipped = 21, kYear = 252;  // of the momentum
constexpr std::array<std::size_t, 3> kSmaWindows = {20, 50, 200};
constexpr std::array<std::size_t, 2> kEmaWindows = {20, 60};
constexpr std::array<std::size_t, 3> kReturnSpans = {1, 5, 20};
constexpr std::array<std::size_t, 2> kVolWindows = {20, 60};

// Places of the factors, and the first row of each.
enum Factor : std::size_t {
  kSma = 0,
  kEma = 3,
  kAtr = 5,
  kRsi = 6,
  kReturn = 7,
  kVol = 10,
  kMom = 12
};
constexpr std::array<std::size_t, kNumFactors> kFirstRow = {19, 49, 199, 19, 59, 14,   14,
                                                            1,  5,  20,  20, 60, kYear};

/// The running values of eight symbols.
struct Lane {
  Vector sum[kSmaWindows.size()];
  Vector ema[kEmaWindows.size()];
  Vector range, gain, loss;  // Wilder's means, their sums until there are kWilder values
  Vector vol_sum[kVolWindows.size()], vol_squares[kVolWindows.size()];
};

Vector root(Vector x) noexcept {
  alignas(64) double lanes[kLanes];
  store(lanes, x);
  for (double& lane : lanes) lane = std::sqrt(lane);
  return load(lanes);
}

/// Past the caches: nothing reads it again.
void store_past_caches(double* to, Vector x) noexcept {
#if defined(__AVX512F__)
  _mm512_stream_pd(to, reinterpret_cast<__m512d>(x));
#else
  store(to, x);
#endif
}

Vector larger(Vector a, Vector b) noexcept { return a > b ? a : b; }
Vector smaller(Vector a, Vector b) noexcept { return a < b ? a : b; }

void logarithms(double* x, std::size_t size) noexcept {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) x[i] = kernel::log(x[i]);
}

/// A stretch of rows, from the first to the last, in tiles that stay in the cache.
class Stretch {
 public:
  Stretch(const Prices& prices, FactorPanel& out)
      : prices_(prices),
        out_(out),
        size_(prices.close.stride),
        num_symbols_(prices.close.num_symbols),
        lanes_(size_ / kLanes),
        tile_(kNumFactors * kTileRows, size_),
        returns_(kReturnRows, size_),
        forward_(1, size_),
        ranks_(num_symbols_) {}

  void run(std::size_t first, std::size_t last) {
    warm_up(first);
    for (std::size_t t = first; t < last; t += kTileRows) {
      const std::size_t end = std::min(t + kTileRows, last);
      for (std::size_t row = t; row < end; ++row) fill_returns(row, row - t);
      for (std::size_t group = 0; group < lanes_.size(); ++group) fill_running(group, t, end);
      for (std::size_t row = t; row < end; ++row) finish_row(row, row - t);
    }
#if defined(__AVX512F__)
    _mm_sfence();
#endif
  }

 private:
  double* feature(std::size_t factor, std::size_t row_of_tile) noexcept {
    return tile_.row(factor * kTileRows + row_of_tile);
  }
  double* return_row(std::size_t t) noexcept { return returns_.row(t % kReturnRows); }

  /// Everything a row needs of the rows before `first`.
  void warm_up(std::size_t first) {
    const std::size_t kept = std::min(first, kReturnRows);
    for (std::size_t t = std::max<std::size_t>(first - kept, 1); t < first; ++t) {
      double* out = return_row(t);
      const double *now = prices_.close.row(t), *before = prices_.close.row(t - 1);
      for (std::size_t i = 0; i < size_; ++i) out[i] = now[i] / before[i];
      logarithms(out, size_);
    }
    for (std::size_t group = 0; group < lanes_.size(); ++group) {
      Lane lane{};
      const std::size_t at = group * kLanes;
      for (std::size_t t = 0; t < first; ++t) advance_recursive(lane, at, t);
      for (std::size_t k = 0; k < kSmaWindows.size(); ++k) {
        for (std::size_t t = first - std::min(first, kSmaWindows[k]); t < first; ++t) {
          lane.sum[k] += load(prices_.close.row(t) + at);
        }
      }
      for (std::size_t k = 0; k < kVolWindows.size() && first > 0; ++k) {
        for (std::size_t t = std::max<std::size_t>(first - std::min(first, kVolWindows[k]), 1);
             t < first; ++t) {
          const Vector r = load(return_row(t) + at);
          lane.vol_sum[k] += r;
          lane.vol_squares[k] += r * r;
        }
      }
      lanes_[group] = lane;
    }
  }

  [[gnu::always_inline]] void advance_recursive(Lane& lane,
                                                std::size_t at,
                                                std::size_t t) noexcept {
    const Vector price = load(prices_.close.row(t) + at);
    if (t == 0) {
      for (Vector& ema : lane.ema) ema = price;
      return;
    }
    for (std::size_t k = 0; k < kEmaWindows.size(); ++k) {
      const double weight = 2.0 / (static_cast<double>(kEmaWindows[k]) + 1);
      lane.ema[k] = (1 - weight) * lane.ema[k] + weight * price;
    }
    const Vector before = load(prices_.close.row(t - 1) + at);
    const Vector range = larger(load(prices_.high.row(t) + at), before) -
                         smaller(load(prices_.low.row(t) + at), before);
    const Vector change = price - before;
    const Vector gain = larger(change, Vector{}), loss = larger(-change, Vector{});
    constexpr double kKept = kWilder - 1, kAll = kWilder;
    if (t > kWilder) {
      lane.range = (lane.range * kKept + range) / kAll;
      lane.gain = (lane.gain * kKept + gain) / kAll;
      lane.loss = (lane.loss * kKept + loss) / kAll;
      return;
    }
    lane.range += range;
    lane.gain += gain;
    lane.loss += loss;
    if (t == kWilder) {
      lane.range /= kAll;
      lane.gain /= kAll;
      lane.loss /= kAll;
    }
  }

  void fill_returns(std::size_t t, std::size_t row) noexcept {
    const double* now = prices_.close.row(t);
    for (std::size_t k = 0; k < kReturnSpans.size(); ++k) {
      if (t < kReturnSpans[k]) continue;
      const double* before = prices_.close.row(t - kReturnSpans[k]);
      double* out = feature(kReturn + k, row);
      for (std::size_t i = 0; i < size_; ++i) out[i] = now[i] / before[i];
      logarithms(out, size_);
    }
    if (t >= 1) std::copy_n(feature(kReturn, row), size_, return_row(t));
    if (t >= kYear) {
      const double *end = prices_.close.row(t - kSkipped), *start = prices_.close.row(t - kYear);
      double* out = feature(kMom, row);
      for (std::size_t i = 0; i < size_; ++i) out[i] = end[i] / start[i] - 1;
    }
  }

  void fill_running(std::size_t group, std::size_t first, std::size_t last) noexcept {
    Lane lane = lanes_[group];
    const std::size_t at = group * kLanes;
    for (std::size_t t = first; t < last; ++t) {
      const std::size_t row = t - first;
      advance_recursive(lane, at, t);
      const Vector price = load(prices_.close.row(t) + at);
      for (std::size_t k = 0; k < kSmaWindows.size(); ++k) {
        lane.sum[k] += price;
        if (t >= kSmaWindows[k]) lane.sum[k] -= load(prices_.close.row(t - kSmaWindows[k]) + at);
        const Vector mean = lane.sum[k] / static_cast<double>(kSmaWindows[k]);
        store(feature(kSma + k, row) + at, price / mean);
      }
      for (std::size_t k = 0; k < kEmaWindows.size(); ++k) {
        store(feature(kEma + k, row) + at, price / lane.ema[k]);
      }
      store(feature(kAtr, row) + at, lane.range / price);
      store(feature(kRsi, row) + at, 100 * lane.gain / (lane.gain + lane.loss));
      if (t == 0) continue;
      const Vector r = load(feature(kReturn, row) + at);
      for (std::size_t k = 0; k < kVolWindows.size(); ++k) {
        lane.vol_sum[k] += r;
        lane.vol_squares[k] += r * r;
        if (t > kVolWindows[k]) {
          const Vector old = load(return_row(t - kVolWindows[k]) + at);
          lane.vol_sum[k] -= old;
          lane.vol_squares[k] -= old * old;
        }
        const auto n = static_cast<double>(kVolWindows[k]);
        const Vector squares = lane.vol_squares[k] - lane.vol_sum[k] * lane.vol_sum[k] / n;
        store(feature(kVol + k, row) + at, root(larger(squares, Vector{}) / (n - 1)));
      }
    }
    lanes_[group] = lane;
  }

  RowSummary summarize(double* x) const noexcept {
    std::fill(x + num_symbols_, x + size_, x[0]);  // harmless to the extremes, taken off the sum
    Sum sum;
    Vector least[2] = {load(x), load(x)}, greatest[2] = {load(x), load(x)};
    for_vectors(size_, [&](std::size_t i, int k) {
      const Vector value = load(x + i);
      sum.chain[k] += value;
      least[k] = smaller(value, least[k]);
      greatest[k] = larger(value, greatest[k]);
    });
    const Vector low = smaller(least[0], least[1]), high = larger(greatest[0], greatest[1]);
    RowSummary summary = {sum.value() - static_cast<double>(size_ - num_symbols_) * x[0], low[0],
                          high[0]};
    for (std::size_t j = 1; j < kLanes; ++j) {
      summary.least = std::min(summary.least, low[j]);
      summary.greatest = std::max(summary.greatest, high[j]);
    }
    return summary;
  }

  void write_z(double* x, const RowSummary& summary, double* z) const noexcept {
    const auto n = static_cast<double>(num_symbols_);
    const double mean = summary.sum / n;
    Sum squares;
    for_vectors(size_, [&](std::size_t i, int k) {
      const Vector apart = load(x + i) - mean;
      squares.chain[k] += apart * apart;
    });
    const double padding =
        static_cast<double>(size_ - num_symbols_) * (x[0] - mean) * (x[0] - mean);
    const double deviation = std::sqrt((squares.value() - padding) / (n - 1));
    const double scale = summary.least < summary.greatest ? 1 / deviation : kNaN;
    for_vectors(
        size_, [&](std::size_t i, int) { store_past_caches(z + i, (load(x + i) - mean) * scale); });
  }

  void finish_row(std::size_t t, std::size_t row) noexcept {
    const bool has_forward = t + kHorizon < prices_.close.num_rows;
    if (has_forward) {
      const double *now = prices_.close.row(t), *then = prices_.close.row(t + kHorizon);
      double* forward = forward_.row(0);
      for (std::size_t i = 0; i < size_; ++i) forward[i] = then[i] / now[i] - 1;
      ranks_.set_order(forward, summarize(forward));
    }
    for (std::size_t factor = 0; factor < kNumFactors; ++factor) {
      double* z = out_.z[factor].row(t);
      double& ic = out_.ic[factor][t];
      ic = kNaN;
      if (t < kFirstRow[factor]) {
        std::fill_n(z, size_, kNaN);
        continue;
      }
      double* x = feature(factor, row);
      const RowSummary summary = summarize(x);
      write_z(x, summary, z);
      if (has_forward) ic = ranks_.correlation(x, summary);
    }
  }

  const Prices& prices_;
  FactorPanel& out_;
  std::size_t size_;
  std::size_t num_symbols_;
  std::vector<Lane> lanes_;
  Panel tile_;
  Panel returns_;
  Panel forward_;
  DayRanks ranks_;
};

}  // namespace

FactorPanel::FactorPanel(std::size_t num_rows, std::size_t num_symbols)
    : ic(kNumFactors, std::vector<double>(num_rows, kNaN)) {
  for (std::size_t k = 0; k < kNumFactors; ++k) z.emplace_back(num_rows, num_symbols, kNaN);
}

void factor_panel(const Prices& prices, int num_threads, FactorPanel& out) {
  const auto parts = static_cast<std::size_t>(num_threads);
  const std::size_t rows = prices.close.num_rows;
  std::vector<std::jthread> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.emplace_back(
        [&, part] { Stretch(prices, out).run(rows * part / parts, rows * (part + 1) / parts); });
  }
  Stretch(prices, out).run(0, rows / parts);
}

}  // namespace tickwerk::limit
