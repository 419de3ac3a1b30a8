// Holdings from a file: `symbol,quantity` lines with one CASH row. Used by the end-of-day job.
#pragma once

#include <filesystem>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::job {

/// Quantities are shares (>= 0: short selling is not available). Every symbol must have a bar,
/// since a holding without a price would make equity wrong. Throws kNotFound, kCorruptData with
/// file and row.
backtest::Holdings read_positions(const std::filesystem::path& file, const market::Bars& bars);

}  // namespace tickwerk::job
