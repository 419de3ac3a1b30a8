// Row kernels at 500 and 3000 symbols over 64 different rows in turn: items are symbols, so that
// the time per item is what the registry calls cost. A row that is whole, and one with an eighth of
// its values missing.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "tickwerk/kernel/row_fixture.h"
#include "tickwerk/kernel/row_groups.h"
#include "tickwerk/kernel/row_least_squares.h"
#include "tickwerk/kernel/row_moments.h"
#include "tickwerk/kernel/row_order.h"
#include "tickwerk/kernel/row_quantile.h"
#include "tickwerk/kernel/row_rank.h"

namespace tickwerk::kernel {
namespace {

constexpr std::size_t kNumRows = 64;

enum class Inputs { kValues, kOrders, kValuesAndOrder, kCodesAndValues };

Panel filled(std::size_t num_symbols, std::uint64_t missing) {
  Panel panel(kNumRows, num_symbols, kNaN);
  for (std::size_t t = 0; t < kNumRows; ++t) {
    const Values row = random_row(Shape::kContinuous, num_symbols, 4 * t + missing);
    std::copy(row.begin(), row.end(), panel.row(t));
  }
  return panel;
}

Panel ordered(const Panel& values) {
  Panel orders(kNumRows, values.num_symbols(), kNaN);
  Panel scratch(kOrderScratchRows, values.num_symbols());
  for (std::size_t t = 0; t < kNumRows; ++t) {
    const double* const inputs[] = {values.row(t)};
    row_order(
        {inputs, orders.row(t), values.num_symbols(), values.stride(), 1, nullptr, scratch.row(0)});
  }
  return orders;
}

/// Eleven groups, as sectors are.
Panel codes(std::size_t num_symbols) {
  Panel panel(kNumRows, num_symbols, kNaN);
  for (std::size_t t = 0; t < kNumRows; ++t) {
    for (std::size_t i = 0; i < num_symbols; ++i) {
      panel(t, i) = static_cast<double>(i * 7919 % 97 % 11);
    }
  }
  return panel;
}

struct Case {
  const char* name;
  RowKernel kernel;
  Inputs inputs = Inputs::kValues;
  std::size_t num_inputs = 1;
  std::size_t scratch_rows = 0;
  Values constants = {1, 1};
};

void run(benchmark::State& state, const Case& of) {
  const auto num_symbols = static_cast<std::size_t>(state.range(0));
  std::vector<Panel> panels;
  for (std::uint64_t k = 0; k < of.num_inputs; ++k) {
    // Streams that are multiples of four have no NaN.
    panels.push_back(filled(num_symbols, state.range(1) != 0 ? 4 * k + 1 : 4 * k));
  }
  if (of.inputs == Inputs::kOrders) {
    for (Panel& panel : panels) panel = ordered(panel);
  }
  if (of.inputs == Inputs::kValuesAndOrder) panels.push_back(ordered(panels[0]));
  if (of.inputs == Inputs::kCodesAndValues) panels.insert(panels.begin(), codes(num_symbols));
  Panel scratch(of.scratch_rows + 1, num_symbols);
  Panel out(1, num_symbols);
  std::vector<const double*> inputs(panels.size());
  std::size_t t = 0;
  for (auto _ : state) {
    for (std::size_t k = 0; k < panels.size(); ++k) inputs[k] = panels[k].row(t);
    of.kernel({inputs.data(), out.row(0), num_symbols, out.stride(), inputs.size(),
               of.constants.data(), scratch.row(0)});
    benchmark::ClobberMemory();
    t = (t + 1) % kNumRows;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * 8 *
                          static_cast<std::int64_t>(panels.size()));
  state.counters["ns_per_value"] =
      benchmark::Counter(1e-9 * static_cast<double>(state.iterations() * state.range(0)),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <RowKernel kernel>
void by_group(const RowArgs& args) noexcept {
  row_by_group(args, kernel);
}

/// The sort that the network replaces.
void std_sort(const RowArgs& args) noexcept {
  double* const end = std::copy_if(args.inputs[0], args.inputs[0] + args.num_symbols, args.out,
                                   [](double x) { return x == x; });
  std::sort(args.out, end);
}

const Case kCases[] = {
    {"std_sort", std_sort},
    {"order", row_order, Inputs::kValues, 1, kOrderScratchRows},
    {"rank", row_rank, Inputs::kOrders, 1, kRankScratchRows},
    {"bucket", row_bucket, Inputs::kOrders, 1, kRankScratchRows, {5}},
    {"spearman", row_spearman, Inputs::kOrders, 2, kRankScratchRows},
    {"median", row_median, Inputs::kValuesAndOrder, 1},
    {"winsorize", row_winsorize, Inputs::kValuesAndOrder, 1, 0, {0.01, 0.99}},
    {"zscore", row_zscore},
    {"demean", row_demean},
    {"scale", row_scale},
    {"sum", row_sum},
    {"mean", row_mean},
    {"deviation", row_deviation},
    {"max", row_max},
    {"count", row_count},
    {"correlation", row_correlation, Inputs::kValues, 2},
    {"residual_1", row_residual, Inputs::kValues, 2, kResidualScratchRows},
    {"residual_5", row_residual, Inputs::kValues, 6, kResidualScratchRows},
    {"zscore_by_group", by_group<row_zscore>, Inputs::kCodesAndValues, 1, group_scratch_rows(2)},
    {"order_by_group", by_group<row_order>, Inputs::kCodesAndValues, 1,
     group_scratch_rows(2) + kOrderScratchRows},
};

const bool kRegistered = [] {
  for (const Case& of : kCases) {
    benchmark::RegisterBenchmark(of.name, [&of](benchmark::State& state) { run(state, of); })
        ->ArgNames({"symbols", "missing"})
        ->Args({500, 0})
        ->Args({500, 1})
        ->Args({3000, 0})
        ->Args({3000, 1});
  }
  return true;
}();

}  // namespace
}  // namespace tickwerk::kernel
