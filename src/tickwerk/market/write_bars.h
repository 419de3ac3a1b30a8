// Bars to a file in the long form that `load` reads: Parquet or CSV, rows sorted by (timestamp,
// symbol), absent bars left out. Used by `data synth` and `data convert`. The file appears whole or
// not at all; equal bars give equal bytes. Formats: docs/formats/bars.md.
#pragma once

#include <filesystem>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// Columns: timestamp, symbol, then open, high, low, close, volume as far as there are, then the
/// other fields by name. Zstd, row groups in time order. Throws Error kIo.
void write_parquet(const Bars& bars, const std::filesystem::path& path);

/// The same columns; numbers in the shortest form that reads back, nothing for NaN.
void write_csv(const Bars& bars, const std::filesystem::path& path);

}  // namespace tickwerk::market
