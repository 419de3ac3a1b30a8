#include <benchmark/benchmark.h>

#include <vector>

#include "tickwerk/kernel/normal.h"

namespace tickwerk {
namespace {

using Fill = void (*)(RandomStream, std::uint64_t, std::span<double>) noexcept;

template <Fill fill>
void fill_array(benchmark::State& state) {
  std::vector<double> out(2520);
  std::uint64_t stream = 0;
  for (auto _ : state) {
    fill({.seed = 1, .stream = stream++}, 0, out);
    benchmark::ClobberMemory();
  }
  const auto size = static_cast<std::int64_t>(out.size());
  state.SetItemsProcessed(state.iterations() * size);
  state.SetBytesProcessed(state.iterations() * size * 8);
}
BENCHMARK(fill_array<kernel::fill_uniform>)->Name("fill_uniform");
BENCHMARK(fill_array<kernel::fill_normal>)->Name("fill_normal");

}  // namespace
}  // namespace tickwerk
