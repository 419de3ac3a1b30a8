// What this process holds in memory, from /proc. Used by benchmarks to give the peak of one piece
// of work; 0 where the system does not say.
#pragma once

namespace tickwerk::bench {

/// Bytes resident now.
double resident_bytes();

/// The peak counts from here on.
void reset_peak();

/// The most that was resident since the start, or since reset_peak, in bytes.
double peak_bytes();

}  // namespace tickwerk::bench
