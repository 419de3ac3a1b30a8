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

TW_VECTOR_CLONES
void remove_rank(double* twice, std::size_t num_padded, std::size_t place) noexcept {
  const double gone = twice[place];
  for (std::size_t i = 0; i < num_padded; ++i) {
    // Those above move down by a whole rank, those beside it by half of one.
    const double above = gone < twice[i] ? 1.0 : 0.0;
    const double beside = gone <= twice[i] ? 1.0 : 0.0;
    twice[i] = twice[i] - (above + beside);
  }
  twice[place] = 0;
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
