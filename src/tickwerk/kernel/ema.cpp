#include "tickwerk/kernel/ema.h"

#include <algorithm>

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {
namespace {

// State of one block of symbols stays in the first-level cache while time runs.
constexpr std::size_t kBlock = 512;

struct Block {
  alignas(64) double mean[kBlock];
  alignas(64) double num_bars[kBlock];
};

struct TwoMeans {
  alignas(64) double fast[kBlock];
  alignas(64) double slow[kBlock];
  alignas(64) double num_bars[kBlock];
};

double weight_of(int window) noexcept { return 2.0 / (window + 1.0); }

/// One row of `ema` for `size` symbols.
TW_VECTOR_CLONES
void ema_row(const double* in,
             std::size_t size,
             double weight,
             double window,
             double* __restrict mean,
             double* __restrict num_bars,
             double* __restrict out) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double x = in[i];
    const bool present = x == x;
    const double next = num_bars[i] == 0 ? x : (1 - weight) * mean[i] + weight * x;
    mean[i] = present ? next : mean[i];
    num_bars[i] += present ? 1.0 : 0.0;
    const double ready = num_bars[i] >= window ? mean[i] : kNaN;
    out[i] = present ? ready : kNaN;
  }
}

/// One row of `wilder`: while fewer than `window` bars were seen, `mean` holds their sum.
TW_VECTOR_CLONES
void wilder_row(const double* in,
                std::size_t size,
                double window,
                double* __restrict mean,
                double* __restrict num_bars,
                double* __restrict out) noexcept {
  const double weight = 1 / window;
  for (std::size_t i = 0; i < size; ++i) {
    const double x = in[i];
    const bool present = x == x;
    const double sum = mean[i] + x;
    const double seeded = num_bars[i] + 1 == window ? sum / window : sum;
    const double next = num_bars[i] >= window ? (1 - weight) * mean[i] + weight * x : seeded;
    mean[i] = present ? next : mean[i];
    num_bars[i] += present ? 1.0 : 0.0;
    const double ready = num_bars[i] >= window ? mean[i] : kNaN;
    out[i] = present ? ready : kNaN;
  }
}

/// All rows of `ema_above` for one block of symbols.
TW_VECTOR_CLONES
void above_block(PanelView in,
                 double fast_weight,
                 double slow_weight,
                 double window,
                 TwoMeans& state,
                 BasicPanelSpan<std::int8_t> above) noexcept {
  double* __restrict fast = state.fast;
  double* __restrict slow = state.slow;
  double* __restrict num_bars = state.num_bars;
  for (std::size_t t = 0; t < in.num_rows; ++t) {
    const double* row = in.row(t);
    std::int8_t* __restrict out = above.row(t);
    for (std::size_t i = 0; i < in.num_symbols; ++i) {
      const double x = row[i];
      const bool present = x == x;
      const bool first = num_bars[i] == 0;
      const double next_fast = first ? x : (1 - fast_weight) * fast[i] + fast_weight * x;
      const double next_slow = first ? x : (1 - slow_weight) * slow[i] + slow_weight * x;
      fast[i] = present ? next_fast : fast[i];
      slow[i] = present ? next_slow : slow[i];
      num_bars[i] += present ? 1.0 : 0.0;
      const bool ready = present && num_bars[i] >= window;
      out[i] = static_cast<std::int8_t>(ready ? (fast[i] > slow[i] ? 1 : 0) : 2);
    }
  }
}

PanelView columns(PanelView panel, std::size_t first, std::size_t size) noexcept {
  return {panel.data + first, panel.num_rows, size, panel.stride};
}

/// Runs `row(t, first_symbol, size, state)` over all rows, block of symbols by block.
template <class Row>
void for_blocks(PanelView in, Row row) noexcept {
  for (std::size_t first = 0; first < in.num_symbols; first += kBlock) {
    Block state{};
    const std::size_t size = std::min(kBlock, in.num_symbols - first);
    for (std::size_t t = 0; t < in.num_rows; ++t) row(t, first, size, state);
  }
}

/// One row of `ema_ratio` from the two means.
TW_VECTOR_CLONES
void ratio_row(const double* fast,
               const double* slow,
               std::size_t size,
               double* __restrict out) noexcept {
  for (std::size_t i = 0; i < size; ++i) out[i] = fast[i] / slow[i] - 1;
}

}  // namespace

void ema(PanelView in, int window, PanelSpan out) noexcept {
  for_blocks(in, [&](std::size_t t, std::size_t first, std::size_t size, Block& state) {
    ema_row(in.row(t) + first, size, weight_of(window), window, state.mean, state.num_bars,
            out.row(t) + first);
  });
}

void wilder(PanelView in, int window, PanelSpan out) noexcept {
  for_blocks(in, [&](std::size_t t, std::size_t first, std::size_t size, Block& state) {
    wilder_row(in.row(t) + first, size, window, state.mean, state.num_bars, out.row(t) + first);
  });
}

void ema_above(PanelView in, int fast, int slow, BasicPanelSpan<std::int8_t> above) noexcept {
  const double window = std::max(fast, slow);
  for (std::size_t first = 0; first < in.num_symbols; first += kBlock) {
    TwoMeans state{};
    const std::size_t size = std::min(kBlock, in.num_symbols - first);
    above_block(columns(in, first, size), weight_of(fast), weight_of(slow), window, state,
                {above.data + first, above.num_rows, size, above.stride});
  }
}

void ema_ratio(PanelView in, int fast, int slow, PanelSpan out) noexcept {
  alignas(64) double fast_row[kBlock];
  alignas(64) double slow_row[kBlock];
  for (std::size_t first = 0; first < in.num_symbols; first += kBlock) {
    Block fast_state{};
    Block slow_state{};
    const std::size_t size = std::min(kBlock, in.num_symbols - first);
    for (std::size_t t = 0; t < in.num_rows; ++t) {
      const double* x = in.row(t) + first;
      ema_row(x, size, weight_of(fast), fast, fast_state.mean, fast_state.num_bars, fast_row);
      ema_row(x, size, weight_of(slow), slow, slow_state.mean, slow_state.num_bars, slow_row);
      ratio_row(fast_row, slow_row, size, out.row(t) + first);
    }
  }
}

}  // namespace tickwerk::kernel
