#include "tickwerk/kernel/technical.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tickwerk/kernel/exp_log.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::kernel {
namespace {

double strength(double gain, double loss) noexcept {
  if (loss > 0) return 100 - 100 / (1 + gain / loss);
  return gain > 0 ? 100.0 : kNaN;
}

/// Wilder's mean of a series that arrives value by value.
class WilderMean {
 public:
  explicit WilderMean(int window) noexcept : window_(window) {}

  void add(double x) noexcept {
    ++count_;
    if (count_ <= window_) {
      mean_ += x;
      if (count_ == window_) mean_ /= window_;
    } else {
      mean_ = (mean_ * (window_ - 1) + x) / window_;
    }
  }
  double mean() const noexcept { return count_ >= window_ ? mean_ : kNaN; }

 private:
  int window_;
  int count_ = 0;
  double mean_ = 0;
};

double range_after(double high, double low, double previous_close) noexcept {
  if (std::isnan(previous_close)) return kNaN;  // which std::max would pass over
  return std::max({high - low, std::abs(high - previous_close), std::abs(low - previous_close)});
}

}  // namespace

void log_return(std::span<const double> close, std::span<double> out) noexcept {
  if (!out.empty()) out[0] = kNaN;
  for (std::size_t t = 1; t < close.size(); ++t) out[t] = log(close[t] / close[t - 1]);
}

void true_range(std::span<const double> high,
                std::span<const double> low,
                std::span<const double> close,
                std::span<double> out) noexcept {
  if (!out.empty()) out[0] = high[0] - low[0];
  for (std::size_t t = 1; t < close.size(); ++t) {
    out[t] = range_after(high[t], low[t], close[t - 1]);
  }
}

void rsi_simple(std::span<const double> close, int window, std::span<double> out) noexcept {
  for (std::size_t t = 0; t < close.size(); ++t) {
    if (t < static_cast<std::size_t>(window)) {
      out[t] = kNaN;
      continue;
    }
    double gain = 0, loss = 0;
    for (std::size_t s = t + 1 - static_cast<std::size_t>(window); s <= t; ++s) {
      const double change = close[s] - close[s - 1];
      gain += std::max(change, 0.0);
      loss += std::max(-change, 0.0);
    }
    out[t] = strength(gain / window, loss / window);
  }
}

void rsi(std::span<const double> close, int window, std::span<double> out) noexcept {
  WilderMean gain(window), loss(window);
  if (!out.empty()) out[0] = kNaN;
  for (std::size_t t = 1; t < close.size(); ++t) {
    const double change = close[t] - close[t - 1];
    gain.add(std::max(change, 0.0));
    loss.add(std::max(-change, 0.0));
    out[t] = strength(gain.mean(), loss.mean());
  }
}

void atr(std::span<const double> high,
         std::span<const double> low,
         std::span<const double> close,
         int window,
         std::span<double> out) noexcept {
  WilderMean mean(window);
  if (!out.empty()) out[0] = kNaN;
  for (std::size_t t = 1; t < close.size(); ++t) {
    mean.add(range_after(high[t], low[t], close[t - 1]));
    out[t] = mean.mean();
  }
}

}  // namespace tickwerk::kernel
