// Parallel loops over independent indices, on oneTBB. Results may never depend on the number of
// threads: bodies write to places of their own, sums over chunks are combined in the order of the
// chunks. Workers open the zone of the caller, so that their time is found under the step that
// started them.
#pragma once

#include <cstddef>
#include <functional>

namespace tickwerk {

/// Number of threads for all loops from here on; at least 1. The default is the cores this process
/// may use.
void set_num_threads(int num_threads);
int num_threads() noexcept;

/// Cores that this process may use (affinity mask and cgroup quota).
int available_cores();

/// Calls body(first, last) for disjoint ranges that cover [0, size), each of at most `grain`
/// indices, in no particular order. When bodies throw, the ranges before the first that did are all
/// run and its exception is rethrown after every body has ended, so that an error too does not
/// depend on the number of threads. Cost: a task per range; allocates. Requires grain >= 1.
void parallel_for(std::size_t size,
                  std::size_t grain,
                  const std::function<void(std::size_t first, std::size_t last)>& body);

}  // namespace tickwerk
