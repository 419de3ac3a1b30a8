#include "tickwerk/model/gram_lanes.h"

#include "tickwerk/kernel/eight_lanes.h"

namespace tickwerk::model {
namespace {

using kernel::Eight;
using kernel::kLanes;

constexpr std::size_t kTilePairs = kTileColumns * kTileColumns;

/// Tile (i, j) with i <= j is at this place, in tiles.
constexpr std::size_t tile_at(std::size_t i, std::size_t j) noexcept { return pair_at(i, j); }

// Registers hold 4 x 4 sums of eight doubles, or 4 x 2 of fewer: which sums go together changes
// speed only, since each is of one pair and one lane.
template <std::size_t width>
TW_LANES_INLINE void add_tile(const double* left,
                              const double* right,
                              std::size_t rows,
                              double* sums) {
  using Vector = typename Eight<width>::Vector;
  using Memory = typename Eight<width>::Memory;
  constexpr std::size_t kColumns = width == kLanes ? 4 : 2;
  for (std::size_t part = 0; part < kLanes; part += width) {
    for (std::size_t first = 0; first < kTileColumns; first += kColumns) {
      Vector sum[kTileColumns][kColumns];
      for (std::size_t i = 0; i < kTileColumns; ++i) {
        for (std::size_t j = 0; j < kColumns; ++j) {
          const double* const from = sums + (i * kTileColumns + first + j) * kLanes + part;
          sum[i][j] = *reinterpret_cast<const Memory*>(from);
        }
      }
      for (std::size_t r = part; r < rows + part; r += kLanes) {
        Vector b[kColumns];
        for (std::size_t j = 0; j < kColumns; ++j) {
          b[j] = *reinterpret_cast<const Memory*>(right + (first + j) * kBlockRows + r);
        }
        for (std::size_t i = 0; i < kTileColumns; ++i) {
          const Vector a = *reinterpret_cast<const Memory*>(left + i * kBlockRows + r);
          for (std::size_t j = 0; j < kColumns; ++j) sum[i][j] = sum[i][j] + a * b[j];
        }
      }
      for (std::size_t i = 0; i < kTileColumns; ++i) {
        for (std::size_t j = 0; j < kColumns; ++j) {
          double* const to = sums + (i * kTileColumns + first + j) * kLanes + part;
          *reinterpret_cast<Memory*>(to) = sum[i][j];
        }
      }
    }
  }
}

template <std::size_t width>
TW_LANES_INLINE void add_tiles(PanelView left, PanelView right, std::size_t rows, PanelSpan sums) {
  const std::size_t num_tiles = left.num_rows / kTileColumns;
  for (std::size_t j = 0; j < num_tiles; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      add_tile<width>(left.row(i * kTileColumns), right.row(j * kTileColumns), rows,
                      sums.row(tile_at(i, j) * kTilePairs));
    }
  }
}

TW_BY_WIDTH(void,
            add_by_width,
            (PanelView left, PanelView right, std::size_t rows, PanelSpan sums),
            add_tiles,
            (left, right, rows, sums))

}  // namespace

Panel make_lane_sums(std::size_t columns) {
  return {num_pairs(columns / kTileColumns) * kTilePairs, kLanes};
}

void add_products(PanelView left, PanelView right, std::size_t rows, PanelSpan lane_sums) noexcept {
  add_by_width(left, right, rows, lane_sums);
}

void total_products(PanelView lane_sums, std::size_t count, double* totals) noexcept {
  for (std::size_t j = 0; j < count; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      const std::size_t tile = tile_at(i / kTileColumns, j / kTileColumns);
      const std::size_t within = i % kTileColumns * kTileColumns + j % kTileColumns;
      const double* const lane = lane_sums.row(tile * kTilePairs + within);
      totals[pair_at(i, j)] =
          ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
    }
  }
}

}  // namespace tickwerk::model
