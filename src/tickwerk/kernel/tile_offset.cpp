#include "tickwerk/kernel/tile_offset.h"

#include <algorithm>

namespace tickwerk::kernel::tile {
namespace {

constexpr auto kStride = static_cast<std::ptrdiff_t>(kTileLanes);

void copy_from(const double* x, std::ptrdiff_t bars, const TileArgs& args) noexcept {
  std::copy_n(x + bars * kStride, args.num_bars * kTileLanes, args.out);
}

}  // namespace

void offset(const TileArgs& args) noexcept {
  copy_from(args.inputs[0], static_cast<std::ptrdiff_t>(args.constants[0]), args);
}

void ahead(const TileArgs& args) noexcept {
  const double* x = args.inputs[0];
  const double* bars_left = args.inputs[1];
  const double bars = args.constants[0];
  const double kept = 1.0 - args.constants[1];
  copy_from(x, static_cast<std::ptrdiff_t>(bars), args);
  const auto size = static_cast<std::ptrdiff_t>(args.num_bars) * kStride;
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    if (bars_left[i] >= 0 && bars_left[i] < bars) {
      args.out[i] = x[i + static_cast<std::ptrdiff_t>(bars_left[i]) * kStride] * kept;
    }
  }
}

}  // namespace tickwerk::kernel::tile
