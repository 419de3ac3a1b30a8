#include "tickwerk/kernel/exp_log.h"

#include "tickwerk/kernel/vector_clones.h"

namespace tickwerk::kernel {
namespace {

// ivdep: the same memory for input and output carries nothing from one element to the next.
TW_VECTOR_CLONES void exp_of(const double* in, double* out, std::size_t size) noexcept {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) out[i] = exp(in[i]);
}

TW_VECTOR_CLONES void log_of(const double* in, double* out, std::size_t size) noexcept {
#pragma GCC ivdep
  for (std::size_t i = 0; i < size; ++i) out[i] = log(in[i]);
}

using ArrayKernel = void (*)(const double* in, double* out, std::size_t size) noexcept;

void each_row(ArrayKernel kernel, PanelView in, PanelSpan out) noexcept {
  if (in.stride == out.stride) {
    kernel(in.data, out.data, in.num_rows * in.stride);
    return;
  }
  for (std::size_t t = 0; t < in.num_rows; ++t) kernel(in.row(t), out.row(t), in.num_symbols);
}

}  // namespace

void exp(std::span<const double> in, std::span<double> out) noexcept {
  exp_of(in.data(), out.data(), in.size());
}
void log(std::span<const double> in, std::span<double> out) noexcept {
  log_of(in.data(), out.data(), in.size());
}
void exp(PanelView in, PanelSpan out) noexcept { each_row(exp_of, in, out); }
void log(PanelView in, PanelSpan out) noexcept { each_row(log_of, in, out); }

}  // namespace tickwerk::kernel
