#include "tickwerk/kernel/row_groups.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <new>

namespace tickwerk::kernel {
namespace {

constexpr std::uint32_t kNoGroup = 0xffffffff;

std::uint64_t scattered(double code) {
  const std::uint64_t product = std::bit_cast<std::uint64_t>(code) * 0x9e3779b97f4a7c15;
  return product ^ (product >> 32);
}

/// Numbers the groups 0, 1, ... as they come and says which one each symbol is in.
std::size_t number_groups(const RowArgs& args, double* codes, std::uint32_t* group_of) {
  const std::size_t num_slots = std::bit_ceil(args.num_padded);  // < 2 num_padded
  auto* const slots = new (codes) double[num_slots];
  auto* const numbers = new (codes + 2 * args.num_padded) std::uint32_t[num_slots];
  std::fill_n(numbers, num_slots, kNoGroup);
  std::uint32_t num_groups = 0;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    const double code = args.inputs[0][i] + 0.0;  // -0 is 0
    group_of[i] = kNoGroup;
    if (code != code) continue;
    std::size_t slot = scattered(code) & (num_slots - 1);
    while (numbers[slot] != kNoGroup && slots[slot] != code) slot = (slot + 1) & (num_slots - 1);
    if (numbers[slot] == kNoGroup) {
      numbers[slot] = num_groups++;
      slots[slot] = code;
    }
    group_of[i] = numbers[slot];
  }
  return num_groups;
}

}  // namespace

void row_by_group(const RowArgs& args, RowKernel kernel) noexcept {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr std::size_t kMaxInputs = 64;
  const std::size_t padded = args.num_padded;
  std::fill_n(args.out, padded, kNone);
  if (args.num_inputs > kMaxInputs) return;

  auto* const group_of = new (args.scratch) std::uint32_t[padded];
  auto* const members = new (group_of + padded) std::uint32_t[padded];
  double* const table = args.scratch + padded;
  const std::size_t num_groups = number_groups(args, table, group_of);

  auto* const ends = new (table) std::uint32_t[num_groups];
  std::fill_n(ends, num_groups, 0u);
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    if (group_of[i] != kNoGroup) ++ends[group_of[i]];
  }
  std::uint32_t total = 0;
  for (std::size_t group = 0; group < num_groups; ++group) {
    const std::uint32_t size = ends[group];
    ends[group] = total;
    total += size;
  }
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    if (group_of[i] != kNoGroup) members[ends[group_of[i]]++] = static_cast<std::uint32_t>(i);
  }

  double* const rows = table + 3 * padded;
  double* const out = rows + (args.num_inputs - 1) * padded;
  const double* inputs[kMaxInputs];
  for (std::size_t k = 1; k < args.num_inputs; ++k) inputs[k - 1] = rows + (k - 1) * padded;
  std::uint32_t first = 0;
  for (std::size_t group = 0; group < num_groups; first = ends[group++]) {
    const std::size_t size = ends[group] - first;
    const std::size_t size_padded = (size + 7) / 8 * 8;
    for (std::size_t k = 1; k < args.num_inputs; ++k) {
      double* const row = rows + (k - 1) * padded;
      for (std::size_t i = 0; i < size; ++i) row[i] = args.inputs[k][members[first + i]];
      std::fill(row + size, row + size_padded, kNone);
    }
    kernel({.inputs = inputs,
            .out = out,
            .num_symbols = size,
            .num_padded = size_padded,
            .num_inputs = args.num_inputs - 1,
            .constants = args.constants,
            .scratch = out + padded});
    for (std::size_t i = 0; i < size; ++i) args.out[members[first + i]] = out[i];
  }
}

}  // namespace tickwerk::kernel
