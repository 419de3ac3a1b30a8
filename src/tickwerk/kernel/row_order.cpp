#include "tickwerk/kernel/row_order.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

namespace tickwerk::kernel {

void row_order(const RowArgs& args) noexcept {
  const double* const values = args.inputs[0];
  auto* const order = new (args.scratch) std::uint32_t[args.num_padded];
  std::size_t count = 0;
  for (std::size_t i = 0; i < args.num_symbols; ++i) {
    order[count] = static_cast<std::uint32_t>(i);
    count += values[i] == values[i];
  }
  std::fill_n(args.out, args.num_padded, std::numeric_limits<double>::quiet_NaN());
  std::sort(order, order + count,
            [values](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  for (std::size_t first = 0; first < count;) {
    std::size_t last = first;
    for (; last < count && values[order[last]] == values[order[first]]; ++last) {
      args.out[order[last]] = static_cast<double>(first);
    }
    first = last;
  }
}

}  // namespace tickwerk::kernel
