#include "tickwerk/risk/moments.h"

#include <cmath>

namespace tickwerk::risk {
namespace {

struct CentralMoments {
  double second = 0;
  double third = 0;
  double fourth = 0;
};

CentralMoments central_moments(std::span<const double> values) noexcept {
  const double count = static_cast<double>(values.size());
  const double centre = sum(values) / count;
  CentralMoments moments;
  for (const double value : values) {
    const double square = (value - centre) * (value - centre);
    moments.second += square;
    moments.third += square * (value - centre);
    moments.fourth += square * square;
  }
  moments.second /= count;
  moments.third /= count;
  moments.fourth /= count;
  return moments;
}

}  // namespace

double sum(std::span<const double> values) noexcept {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

std::optional<double> mean(std::span<const double> values) noexcept {
  if (values.empty()) return {};
  return sum(values) / static_cast<double>(values.size());
}

std::optional<double> sample_deviation(std::span<const double> values) noexcept {
  if (values.size() < 2) return {};
  const double count = static_cast<double>(values.size());
  const double centre = sum(values) / count;
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / (count - 1));
}

std::optional<double> skewness(std::span<const double> values) noexcept {
  if (values.size() < 3) return {};
  const CentralMoments moments = central_moments(values);
  const double deviation = std::sqrt(moments.second);
  if (deviation < kNoDeviation) return {};
  const double count = static_cast<double>(values.size());
  return std::sqrt(count * (count - 1)) / (count - 2) * moments.third /
         (moments.second * deviation);
}

std::optional<double> excess_kurtosis(std::span<const double> values) noexcept {
  if (values.size() < 4) return {};
  const CentralMoments moments = central_moments(values);
  if (std::sqrt(moments.second) < kNoDeviation) return {};
  const double count = static_cast<double>(values.size());
  const double excess = moments.fourth / (moments.second * moments.second) - 3;
  return (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * excess + 6);
}

}  // namespace tickwerk::risk
