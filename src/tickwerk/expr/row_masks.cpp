#include "tickwerk/expr/row_masks.h"

#include <cstdint>

#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::expr {

TW_VECTOR_CLONES
std::size_t mark_bars(const double* bar, std::size_t size, double* mask) noexcept {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) mask[i] = bar[i] == bar[i] ? 1 : kNaN;
  for (std::size_t i = 0; i < size; ++i) count += bar[i] == bar[i] ? 1 : 0;
  return static_cast<std::size_t>(count);
}

TW_VECTOR_CLONES
std::size_t mark_members(const double* bars,
                         const double* member,
                         std::size_t size,
                         double* mask) noexcept {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) mask[i] = member[i] == 1 ? bars[i] : kNaN;
  for (std::size_t i = 0; i < size; ++i) count += mask[i] == 1 ? 1 : 0;
  return static_cast<std::size_t>(count);
}

TW_VECTOR_CLONES
void keep_marked(const double* values, const double* mask, std::size_t size, double* out) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double marked = mask[i] == mask[i] ? values[i] : kNaN;
    out[i] = marked == marked ? marked : kNaN;
  }
}

TW_VECTOR_CLONES
void copy_values(const double* values, std::size_t size, double* out) noexcept {
  for (std::size_t i = 0; i < size; ++i) out[i] = values[i] == values[i] ? values[i] : kNaN;
}

}  // namespace tickwerk::expr
