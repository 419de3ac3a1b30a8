#include "tickwerk/job/benchmark.h"

#include <fmt/format.h>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

/// The mean return of the members of the row before that have both closes, compounded from 1.
std::vector<double> equal_weight(const market::Bars& bars, std::size_t first_row) {
  const Panel& close = bars.close();
  const Panel* member = bars.has("in_universe") ? &bars.field("in_universe") : nullptr;
  std::vector<double> values{1.0}, terms(bars.num_symbols());
  for (std::size_t t = first_row + 1; t < bars.num_rows(); ++t) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      const double change = close(t, i) / close(t - 1, i) - 1;
      const bool counts = change == change && (member == nullptr || (*member)(t - 1, i) != 0);
      terms[i] = counts ? change : 0;
      count += counts ? 1 : 0;
    }
    const double sum = kernel::lane_sum(terms.data(), terms.size());
    values.push_back(values.back() * (count > 0 ? 1 + sum / static_cast<double>(count) : 1));
  }
  return values;
}

/// The closes of one column of `prices` at the times of `bars`.
std::vector<double> closes_of(const market::Bars& prices,
                              std::size_t column,
                              const market::Bars& bars,
                              std::size_t first_row) {
  std::vector<double> values;
  for (std::size_t row = first_row; row < bars.num_rows(); ++row) {
    const std::size_t t = prices.first_row_at(bars.times[row]);
    const bool there = t < prices.num_rows() && prices.times[t] == bars.times[row];
    values.push_back(there ? prices.close()(t, column) : kNaN);
  }
  return values;
}

}  // namespace

std::vector<double> benchmark_values(const RunConfig& config,
                                     const market::Bars& bars,
                                     std::size_t first_row) {
  const std::string& name = config.benchmark;
  if (name.empty()) return {};
  TW_ZONE("benchmark_values");
  if (name == "equal_weight") return equal_weight(bars, first_row);
  if (const std::size_t column = bars.column(name); column < bars.num_symbols()) {
    return closes_of(bars, column, bars, first_row);
  }
  market::LoadConfig load;
  load.frequency = config.load.frequency;
  load.on_duplicate = config.load.on_duplicate;
  const bool is_file = std::filesystem::exists(name);
  if (is_file) {
    load.prices = name;
  } else {
    load.prices = config.load.prices;
    load.symbols = {name};
  }
  try {
    const market::LoadedBars loaded = market::load(load);
    if (loaded.bars.num_symbols() != 1) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a benchmark file must hold one symbol, found {} in {}",
                              loaded.bars.num_symbols(), name));
    }
    return closes_of(loaded.bars, 0, bars, first_row);
  } catch (const Error& error) {
    throw error.with_context(
        is_file ? "while reading the benchmark"
                : fmt::format("the benchmark '{}' is neither equal_weight nor a file", name));
  }
}

}  // namespace tickwerk::job
