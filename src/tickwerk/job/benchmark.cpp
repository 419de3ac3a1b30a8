#include "tickwerk/job/benchmark.h"

#include <fmt/format.h>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

std::vector<double> equal_weight(const market::Bars& bars, std::size_t first_row) {
  const Panel& close = bars.close();
  std::vector<double> returns, terms(bars.num_symbols());
  for (std::size_t t = first_row + 1; t < bars.num_rows(); ++t) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < bars.num_symbols(); ++i) {
      const double change = close(t, i) / close(t - 1, i) - 1;
      const bool present = change == change;
      terms[i] = present ? change : 0;
      count += present ? 1 : 0;
    }
    const double sum = kernel::lane_sum(terms.data(), terms.size());
    returns.push_back(count > 0 ? sum / static_cast<double>(count) : kNaN);
  }
  return returns;
}

/// Returns of one column of `prices`, on the rows of `bars`.
std::vector<double> column_returns(const market::Bars& prices,
                                   std::size_t column,
                                   const market::Bars& bars,
                                   std::size_t first_row) {
  const Panel& close = prices.close();
  const auto close_at = [&](Timestamp time) {
    const std::size_t t = prices.first_row_at(time);
    return t < prices.num_rows() && prices.times[t] == time ? close(t, column) : kNaN;
  };
  std::vector<double> returns;
  for (std::size_t t = first_row + 1; t < bars.num_rows(); ++t) {
    returns.push_back(close_at(bars.times[t]) / close_at(bars.times[t - 1]) - 1);
  }
  return returns;
}

}  // namespace

std::vector<double> benchmark_returns(const RunConfig& config,
                                      const market::Bars& bars,
                                      std::size_t first_row) {
  const std::string& name = config.benchmark;
  if (name.empty()) return {};
  TW_ZONE("benchmark_returns");
  if (name == "equal_weight") return equal_weight(bars, first_row);
  if (const std::size_t column = bars.column(name); column < bars.num_symbols()) {
    return column_returns(bars, column, bars, first_row);
  }
  market::LoadConfig load;
  load.frequency = config.load.frequency;
  load.on_duplicate = config.load.on_duplicate;
  if (std::filesystem::exists(name)) {
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
    return column_returns(loaded.bars, 0, bars, first_row);
  } catch (const Error& error) {
    throw error.with_context("while reading the benchmark");
  }
}

}  // namespace tickwerk::job
