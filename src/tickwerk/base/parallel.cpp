#include "tickwerk/base/parallel.h"

#include <sched.h>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <memory>

#include "tickwerk/base/error.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk {
namespace {

std::atomic<int> g_num_threads{0};

/// Cores a cgroup (version 2) grants this process; a large number where there is no limit.
double cgroup_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (file >> quota >> period && quota != "max" && period > 0) return std::stod(quota) / period;
  return 1e9;
}

}  // namespace

int available_cores() {
  cpu_set_t mask;
  const int affinity = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 1;
  return std::max(1, static_cast<int>(std::min<double>(affinity, std::ceil(cgroup_cores()))));
}

void set_num_threads(int num_threads) {
  TW_CHECK(num_threads, >=, 1);
  g_num_threads = num_threads;
}

int num_threads() noexcept {
  int count = g_num_threads;
  if (count == 0) g_num_threads = count = available_cores();
  return count;
}

void parallel_for(std::size_t size, std::size_t grain,
                  const std::function<void(std::size_t, std::size_t)>& body) {
  TW_CHECK(grain, >, 0u);
  if (num_threads() == 1 || size <= grain) {
    for (std::size_t first = 0; first < size; first += grain) {
      body(first, std::min(size, first + grain));
    }
    return;
  }
  const trace::ZoneHandle zone = trace::current_zone();
  const std::size_t num_chunks = (size + grain - 1) / grain;
  // oneTBB orders the caller's work before the bodies and these before its return, but inside a library that
  // a thread sanitizer does not see into; these two say the same where it does.
  std::atomic<bool> ready{false};
  std::atomic<std::size_t> num_done{0};
  ready.store(true, std::memory_order_release);
  tbb::task_arena arena(num_threads());
  arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, num_chunks, [&](std::size_t chunk) {
      static_cast<void>(ready.load(std::memory_order_acquire));
      const trace::AdoptedZone adopted(zone);
      body(chunk * grain, std::min(size, (chunk + 1) * grain));
      num_done.fetch_add(1, std::memory_order_release);
    });
  });
  static_cast<void>(num_done.load(std::memory_order_acquire));
}

}  // namespace tickwerk
