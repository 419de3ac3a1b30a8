// Holdings from a file: `symbol,quantity` lines with one CASH row. Used by the end-of-day job.
#pragma once

#include <filesystem>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::job {

/// Quantities are shares (below 0 of a short, where `shorts` allows them), of CASH money. The
/// heading is required; a byte-order mark, CRLF and blank lines are accepted. Every symbol must
/// have a close in the bars, since a holding without a price would make equity wrong. Throws
/// kNotFound, kIo; kCorruptData with file and row.
backtest::Holdings read_positions(const std::filesystem::path& file,
                                  const market::Bars& bars,
                                  strategy::ShortSelling shorts = strategy::ShortSelling::kRefuse);

}  // namespace tickwerk::job
