#include "tickwerk/kernel/normal.h"

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {
namespace {

TW_VECTOR_CLONES void quantile_of(const double* in, double* out, std::size_t size) noexcept {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) out[i] = normal_quantile(in[i]);
}

TW_VECTOR_CLONES void uniforms_of(RandomStream stream,
                                  std::uint64_t first_block,
                                  double* out,
                                  std::size_t num_blocks) noexcept {
  for (std::size_t block = 0; block < num_blocks; ++block) {
    const std::array<std::uint64_t, 2> bits = stream.pair(first_block + block);
    out[2 * block] = open_unit(bits[0]);
    out[2 * block + 1] = open_unit(bits[1]);
  }
}

}  // namespace

void normal_quantile(std::span<const double> in, std::span<double> out) noexcept {
  quantile_of(in.data(), out.data(), in.size());
}

void fill_uniform(RandomStream stream, std::uint64_t first, std::span<double> out) noexcept {
  const std::size_t num_blocks = out.size() / 2;
  uniforms_of(stream, first / 2, out.data(), num_blocks);
  if (out.size() % 2 == 1) out.back() = stream.uniform(first + 2 * num_blocks);
}

void fill_normal(RandomStream stream, std::uint64_t first, std::span<double> out) noexcept {
  fill_uniform(stream, first, out);
  normal_quantile(out, out);
}

}  // namespace tickwerk::kernel
