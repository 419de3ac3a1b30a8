#include "tickwerk/base/parallel.h"

#include <sched.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

#ifdef __SANITIZE_THREAD__
// oneTBB's library is not instrumented, so that each of its loops looks like a race: under the
// thread sanitizer the chunks run on threads whose order it sees.
template <class Run>
void run_chunks(std::size_t num_chunks, const Run& run) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < num_threads(); ++i) {
    threads.emplace_back([&] {
      for (std::size_t chunk = next++; chunk < num_chunks; chunk = next++) run(chunk);
    });
  }
}
#else
template <class Run>
void run_chunks(std::size_t num_chunks, const Run& run) {
  // More threads than cores would only make the library warn.
  tbb::task_arena arena(std::min(num_threads(), available_cores()));
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, num_chunks, run); });
}
#endif

/// The exception of the lowest chunk that threw: the one a single thread would have met.
class LowestFailure {
 public:
  bool is_below(std::size_t chunk) const noexcept { return chunk_ < chunk; }

  void keep(std::size_t chunk, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (chunk > chunk_) return;
    chunk_ = chunk;
    failure_ = std::move(failure);
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::atomic<std::size_t> chunk_{std::numeric_limits<std::size_t>::max()};
  std::exception_ptr failure_;
};

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

void parallel_for(std::size_t size,
                  std::size_t grain,
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
  LowestFailure failure;
  run_chunks(num_chunks, [&](std::size_t chunk) {
    if (failure.is_below(chunk)) return;
    const trace::AdoptedZone adopted(zone);
    try {
      body(chunk * grain, std::min(size, (chunk + 1) * grain));
    } catch (...) {
      failure.keep(chunk, std::current_exception());
    }
  });
  failure.rethrow();
}

}  // namespace tickwerk
