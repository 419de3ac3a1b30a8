#include "tickwerk/kernel/row_groups.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <new>

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {
namespace {

constexpr std::uint32_t kNoGroup = 0xffffffff;

std::uint64_t scattered(double code) {
  const std::uint64_t product = std::bit_cast<std::uint64_t>(code) * 0x9e3779b97f4a7c15;
  return product ^ (product >> 32);
}

/// What numbers the groups 0, 1, ... as they come, in memory of three rows.
class Numbers {
 public:
  Numbers(std::size_t num_padded, double* memory)
      : num_slots_(std::bit_ceil(num_padded)),  // < 2 num_padded
        codes_(new(memory) double[num_slots_]),
        numbers_(new(memory + 2 * num_padded) std::uint32_t[num_slots_]) {
    std::fill_n(numbers_, num_slots_, kNoGroup);
  }

  std::size_t num_slots() const { return num_slots_; }
  std::uint32_t num_groups() const { return num_groups_; }

  /// Of a code that is a whole number below num_slots(), as all codes of the row are.
  std::uint32_t of_small(std::uint32_t code) {
    if (numbers_[code] == kNoGroup) numbers_[code] = num_groups_++;
    return numbers_[code];
  }

  std::uint32_t of_any(double code) {
    std::size_t slot = scattered(code) & (num_slots_ - 1);
    while (numbers_[slot] != kNoGroup && codes_[slot] != code) slot = (slot + 1) & (num_slots_ - 1);
    if (numbers_[slot] == kNoGroup) {
      numbers_[slot] = num_groups_++;
      codes_[slot] = code;
    }
    return numbers_[slot];
  }

 private:
  std::size_t num_slots_;
  double* codes_;
  std::uint32_t* numbers_;
  std::uint32_t num_groups_ = 0;
};

/// Writes codes as whole numbers (kNoGroup for NaN); whether all are below `limit`.
TW_VECTOR_CLONES
std::uint32_t whole_codes(const double* codes,
                          std::size_t size,
                          std::size_t limit,
                          std::uint32_t* whole) noexcept {
  const auto below = static_cast<double>(limit);
  std::uint32_t others = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double code = codes[i];
    const bool missing = code != code;
    const bool in_range = code >= 0.0 && code < below;
    const auto number = static_cast<std::int32_t>(in_range ? code : 0.0);
    const bool small = in_range && static_cast<double>(number) == code;
    others |= small || missing ? 0u : 1u;
    whole[i] = missing ? kNoGroup : static_cast<std::uint32_t>(number);
  }
  return others;
}

/// Says which group each symbol is in; the number of groups.
std::size_t number_groups(const RowArgs& args, double* memory, std::uint32_t* group_of) {
  const double* const codes = args.inputs[0];
  Numbers numbers(args.num_padded, memory);
  if (whole_codes(codes, args.num_symbols, numbers.num_slots(), group_of) == 0) {
    for (std::size_t i = 0; i < args.num_symbols; ++i) {
      if (group_of[i] != kNoGroup) group_of[i] = numbers.of_small(group_of[i]);
    }
  } else {
    for (std::size_t i = 0; i < args.num_symbols; ++i) {
      const double code = codes[i] + 0.0;  // -0 is 0
      group_of[i] = code == code ? numbers.of_any(code) : kNoGroup;
    }
  }
  return numbers.num_groups();
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
