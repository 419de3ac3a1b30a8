// Rows of (time, symbol) from many pieces of many files become panels: rows and columns of the
// panels are found first, then one column after the other is read straight into its panel. Used by
// `load`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/market/input_files.h"
#include "tickwerk/market/validate.h"

namespace tickwerk::market {

/// A piece of a file with the rows it gave.
struct Piece {
  std::size_t file = 0;
  std::size_t index = 0;       // of the piece in its file
  std::int64_t first_row = 0;  // row number in the file of its row 0
  RowBlock block;
};

/// Reads the rows of every piece of every file, in parallel; throws the first fault with file, row
/// and column.
std::vector<Piece> read_pieces(const InputFiles& input, const RowFilter& filter);

/// The names of all symbols that have a wanted row, sorted.
std::vector<std::string> symbols_of(const std::vector<Piece>& pieces);

/// A row whose key stood before.
struct Duplicate {
  std::size_t piece = 0;
  std::size_t row = 0;         // in its piece
  std::uint32_t time_row = 0;  // of the bars
  std::uint32_t symbol = 0;    // of the bars
  std::vector<double> values;  // in the order of the fields of the bars
};

/// An extra column that is no field, with the reason.
struct DroppedColumn {
  std::string name;
  std::string reason;
};

struct LongForm {
  Bars bars;
  BarSources sources;
  std::vector<Duplicate> duplicates;  // in input order
  std::vector<DroppedColumn> dropped;
  std::size_t num_backward = 0;  // rows older than the row of their symbol before them
};

/// Sets times and symbols of the bars; rows of other symbols are not wanted any more. `symbols` is
/// sorted.
LongForm find_axes(std::vector<Piece>& pieces, std::vector<std::string> symbols);

/// Reads every value column into its panel; uses up the rows of the pieces. Among rows of one key
/// the first counts, the others are listed.
void read_fields(std::vector<Piece>& pieces, const InputFiles& input, LongForm& form);

}  // namespace tickwerk::market
