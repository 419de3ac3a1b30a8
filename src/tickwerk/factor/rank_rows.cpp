#include "tickwerk/factor/rank_rows.h"

#include <algorithm>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::factor {
namespace {

using kernel::kLanes;

double total(const double (&lane)[kLanes]) noexcept {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/// twice[i] of a row without equal values; the sum of the orders.
TW_VECTOR_CLONES
double twice_distinct_ranks(const double* order, std::size_t num_symbols, double* twice) noexcept {
  double lane[kLanes] = {};
  const std::size_t whole = num_symbols / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const bool is_present = order[i + j] == order[i + j];
      twice[i + j] = is_present ? 2 * order[i + j] + 2 : 0.0;
      lane[j] += is_present ? order[i + j] : 0.0;
    }
  }
  for (std::size_t i = whole; i < num_symbols; ++i) {
    const bool is_present = order[i] == order[i];
    twice[i] = is_present ? 2 * order[i] + 2 : 0.0;
    lane[0] += is_present ? order[i] : 0.0;
  }
  return total(lane);
}

// Ranks that are removed in one pass.
constexpr std::size_t kAtOnce = 4;

/// Ranks above one that is gone move down by a whole rank, those beside it by half of one.
TW_VECTOR_CLONES
void lower_ranks(const double (&gone)[kAtOnce], double* twice, std::size_t num_padded) noexcept {
  for (std::size_t i = 0; i < num_padded; ++i) {
    double less = 0;
    for (std::size_t k = 0; k < kAtOnce; ++k) {
      const double above = gone[k] < twice[i] ? 1.0 : 0.0;
      const double beside = gone[k] <= twice[i] ? 1.0 : 0.0;
      less += above + beside;
    }
    twice[i] = twice[i] - less;
  }
}

}  // namespace

TW_VECTOR_CLONES
std::size_t mark_present(const double* order,
                         std::size_t num_symbols,
                         std::uint8_t* present) noexcept {
  for (std::size_t i = 0; i < num_symbols; ++i) present[i] = order[i] == order[i] ? 1 : 0;
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < num_symbols; ++i) count += present[i];
  return count;
}

void twice_average_ranks(const double* order,
                         std::size_t num_symbols,
                         std::size_t count,
                         double* scratch,
                         double* twice) noexcept {
  const double sum = twice_distinct_ranks(order, num_symbols, twice);
  const auto n = static_cast<double>(count);
  // Counts of smaller values are 0, 1, 2, ... unless values are equal: then their sum is less.
  if (2 * sum == n * (n - 1)) return;
  std::fill_n(scratch, num_symbols, 0.0);
  for (std::size_t i = 0; i < num_symbols; ++i) {
    if (order[i] == order[i]) scratch[static_cast<std::size_t>(order[i])] += 1;
  }
  for (std::size_t i = 0; i < num_symbols; ++i) {
    if (order[i] == order[i]) {
      twice[i] = 2 * order[i] + 1 + scratch[static_cast<std::size_t>(order[i])];
    }
  }
}

void remove_ranks(double* twice, std::size_t num_padded, std::span<const std::size_t> places) {
  for (std::size_t first = 0; first < places.size(); first += kAtOnce) {
    const auto some = places.subspan(first, std::min(kAtOnce, places.size() - first));
    // A rank of infinity is above all others: what is missing to kAtOnce changes nothing.
    double gone[kAtOnce];
    std::fill_n(gone, kAtOnce, std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < some.size(); ++k) gone[k] = twice[some[k]];
    lower_ranks(gone, twice, num_padded);
    for (const std::size_t place : some) twice[place] = 0;
  }
}

TW_VECTOR_CLONES
double rank_product(const double* x, const double* y, std::size_t num_padded) noexcept {
  // Four times as many lanes as usual: any order gives this sum, and one lane waits for itself.
  double lane[4 * kLanes] = {};
  const std::size_t whole = num_padded / (4 * kLanes) * (4 * kLanes);
  for (std::size_t i = 0; i < whole; i += 4 * kLanes) {
    for (std::size_t j = 0; j < 4 * kLanes; ++j) lane[j] += x[i + j] * y[i + j];
  }
  for (std::size_t i = whole; i < num_padded; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) lane[j] += x[i + j] * y[i + j];
  }
  double sum = 0;
  for (const double part : lane) sum += part;
  return sum;
}

}  // namespace tickwerk::factor
