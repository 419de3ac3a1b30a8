// Dense matrices [time, symbol]: one row per bar time, symbols contiguous, each row padded to whole
// 64-byte vectors. A missing bar is NaN. `Panel` owns its memory; `PanelView` and `PanelSpan` are
// what kernels take. Nothing here knows symbols' names or dates: see market/bars.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "tickwerk/base/error.h"

namespace tickwerk {

inline constexpr std::size_t kVectorBytes = 64;
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Read-only look at rows of a panel. Row t begins at `data + t * stride`; `stride >= num_symbols`,
/// and the padding [num_symbols, stride) may be read (never meaningful).
template <class T>
struct BasicPanelView {
  const T* data = nullptr;
  std::size_t num_rows = 0;
  std::size_t num_symbols = 0;
  std::size_t stride = 0;

  const T* row(std::size_t t) const noexcept { return data + t * stride; }
  T operator()(std::size_t t, std::size_t symbol) const noexcept { return row(t)[symbol]; }
  BasicPanelView rows(std::size_t first, std::size_t last) const noexcept {
    return {row(first), last - first, num_symbols, stride};
  }
};

/// The same, writable; the padding may be written too.
template <class T>
struct BasicPanelSpan {
  T* data = nullptr;
  std::size_t num_rows = 0;
  std::size_t num_symbols = 0;
  std::size_t stride = 0;

  T* row(std::size_t t) const noexcept { return data + t * stride; }
  T& operator()(std::size_t t, std::size_t symbol) const noexcept { return row(t)[symbol]; }
  operator BasicPanelView<T>() const noexcept { return {data, num_rows, num_symbols, stride}; }
};

/// Asks the system for huge pages under memory that is about to be written for the first time: a
/// page fault per page is dearer than the writing. Only the whole huge pages inside; no promise.
void prefer_huge_pages(void* memory, std::size_t bytes) noexcept;

namespace detail {
/// Zeroed memory on a vector boundary, on huge pages where that pays.
void* allocate_panel(std::size_t bytes);
void free_panel(void* memory) noexcept;
}  // namespace detail

template <class T>
class BasicPanel {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  BasicPanel() = default;

  /// All elements, the padding too, are `fill`.
  BasicPanel(std::size_t num_rows, std::size_t num_symbols, T fill)
      : BasicPanel(num_rows, num_symbols) {
    std::fill_n(memory_.get(), num_rows_ * stride_, fill);
  }

  /// All elements are zero.
  BasicPanel(std::size_t num_rows, std::size_t num_symbols)
      : num_rows_(num_rows), num_symbols_(num_symbols), stride_(padded(num_symbols)) {
    const std::size_t bytes = num_rows_ * stride_ * sizeof(T);
    if (bytes == 0) return;
    memory_.reset(static_cast<T*>(detail::allocate_panel(bytes)));
  }

  BasicPanel(BasicPanel&&) noexcept = default;
  BasicPanel& operator=(BasicPanel&&) noexcept = default;

  std::size_t num_rows() const noexcept { return num_rows_; }
  std::size_t num_symbols() const noexcept { return num_symbols_; }
  std::size_t stride() const noexcept { return stride_; }
  std::size_t num_bytes() const noexcept { return num_rows_ * stride_ * sizeof(T); }
  bool empty() const noexcept { return num_rows_ == 0 || num_symbols_ == 0; }

  T* row(std::size_t t) noexcept { return memory_.get() + t * stride_; }
  const T* row(std::size_t t) const noexcept { return memory_.get() + t * stride_; }
  T& operator()(std::size_t t, std::size_t symbol) noexcept { return row(t)[symbol]; }
  T operator()(std::size_t t, std::size_t symbol) const noexcept { return row(t)[symbol]; }

  BasicPanelView<T> view() const noexcept {
    return {memory_.get(), num_rows_, num_symbols_, stride_};
  }
  BasicPanelSpan<T> span() noexcept { return {memory_.get(), num_rows_, num_symbols_, stride_}; }

  /// Elements per row, rounded up to whole vectors.
  static std::size_t padded(std::size_t num_symbols) noexcept {
    constexpr std::size_t kLanes = kVectorBytes / sizeof(T);
    return (num_symbols + kLanes - 1) / kLanes * kLanes;
  }

 private:
  struct Free {
    void operator()(T* memory) const noexcept { detail::free_panel(memory); }
  };

  std::size_t num_rows_ = 0;
  std::size_t num_symbols_ = 0;
  std::size_t stride_ = 0;
  std::unique_ptr<T[], Free> memory_;
};

using Panel = BasicPanel<double>;
using PanelView = BasicPanelView<double>;
using PanelSpan = BasicPanelSpan<double>;

}  // namespace tickwerk
