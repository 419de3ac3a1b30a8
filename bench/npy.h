// Panels as NumPy files, for the peers. Used by benchmarks only; writes format version 1.0, reads
// nothing.
#pragma once

#include <filesystem>

#include "tickwerk/panel/panel.h"

namespace tickwerk::bench {

/// [time, symbol] as little-endian doubles, without the padding. Throws kIo.
void write_npy(PanelView panel, const std::filesystem::path& file);

}  // namespace tickwerk::bench
