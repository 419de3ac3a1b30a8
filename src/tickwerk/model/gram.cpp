#include "tickwerk/model/gram.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/model/gram_lanes.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kChunkRows = 16 * kBlockRows;
constexpr std::size_t kChunksAtOnce =
    64;  // bounds the memory of their sums; no value depends on it
constexpr std::size_t kShiftRows = 256;

// Of a column's mean, and squared of its largest sum of squares: what is smaller is rounding.
constexpr double kSameValue = 1e-14;
constexpr double kRoundingOfSums = 1e-12;

const double* column(const TrainingRows& rows, std::size_t c) noexcept {
  return c < rows.features.num_rows ? rows.features.row(c) : rows.target.data();
}

TW_VECTOR_CLONES
void subtract_shift(const double* from, double shift, std::size_t size, double* to) noexcept {
  for (std::size_t i = 0; i < size; ++i) to[i] = from[i] - shift;
}

TW_VECTOR_CLONES
void multiply(const double* a, const double* b, std::size_t size, double* out) noexcept {
  for (std::size_t i = 0; i < size; ++i) out[i] = a[i] * b[i];
}

/// Visits the rows [first, last) of the rows selected by `ranges`, counted through, as
/// visit(first row of the matrix, place, how many).
template <class Visit>
void for_each_run(std::span<const RowRange> ranges,
                  std::size_t first,
                  std::size_t last,
                  Visit visit) {
  std::size_t begin = 0;
  for (const RowRange& range : ranges) {
    const std::size_t end = begin + (range.last - range.first);
    const std::size_t from = std::max(first, begin);
    const std::size_t to = std::min(last, end);
    if (from < to) visit(range.first + (from - begin), from - first, to - from);
    if (end >= last) return;
    begin = end;
  }
}

/// Copies rows of a matrix, shifted, into blocks of columns beside a column of ones.
class Blocks {
 public:
  Blocks(const TrainingRows& rows, std::span<const double> shift)
      : rows_(rows),
        shift_(shift),
        plain_(padded_columns(shift.size() + 1), kBlockRows),
        weighted_(rows.weights.empty() ? 0 : plain_.num_rows(), kBlockRows) {}

  std::size_t num_columns() const noexcept { return plain_.num_rows(); }

  void add(std::size_t first, std::size_t last, PanelSpan lane_sums) {
    const std::size_t size = last - first;
    const std::size_t filled = Panel::padded(size);
    double* const ones = plain_.row(shift_.size());
    for_each_run(rows_.rows, first, last, [&](std::size_t row, std::size_t at, std::size_t count) {
      for (std::size_t c = 0; c < shift_.size(); ++c) {
        subtract_shift(column(rows_, c) + row, shift_[c], count, plain_.row(c) + at);
      }
      if (rows_.weights.empty()) return;
      std::copy_n(rows_.weights.data() + row, count, weighted_.row(shift_.size()) + at);
    });
    for (std::size_t c = 0; c < shift_.size(); ++c) {
      std::fill(plain_.row(c) + size, plain_.row(c) + filled, 0.0);
    }
    std::fill(ones, ones + size, 1.0);
    std::fill(ones + size, ones + filled, 0.0);
    if (rows_.weights.empty()) {
      add_products(plain_.view(), plain_.view(), filled, lane_sums);
      return;
    }
    double* const weights = weighted_.row(shift_.size());
    std::fill(weights + size, weights + filled, 0.0);
    for (std::size_t c = 0; c < shift_.size(); ++c) {
      multiply(weights, plain_.row(c), filled, weighted_.row(c));
    }
    add_products(weighted_.view(), plain_.view(), filled, lane_sums);
  }

 private:
  const TrainingRows& rows_;
  std::span<const double> shift_;
  Panel plain_;
  Panel weighted_;
};

/// The mean of the first rows, exactly their value where they are all the same.
std::vector<double> first_means(const TrainingRows& rows, std::size_t num_columns) {
  const std::size_t size = std::min(num_rows(rows.rows), kShiftRows);
  std::vector<double> means;
  for (std::size_t c = 0; c < num_columns; ++c) {
    double first = kNaN;
    double sum = 0;
    for_each_run(rows.rows, 0, size, [&](std::size_t row, std::size_t at, std::size_t count) {
      const double* const values = column(rows, c) + row;
      if (at == 0) first = values[0];
      for (std::size_t i = 0; i < count; ++i) sum += values[i] - first;
    });
    means.push_back(first + sum / static_cast<double>(size));
  }
  return means;
}

/// Says which value made a sum NaN or infinite.
[[noreturn]] void refuse(const TrainingRows& rows) {
  const std::size_t num_features = rows.features.num_rows;
  const auto name = [num_features](std::size_t c) {
    return c < num_features ? fmt::format("feature {}", c) : std::string("the target");
  };
  for (const RowRange& range : rows.rows) {
    for (std::size_t row = range.first; row < range.last; ++row) {
      for (std::size_t c = 0; c <= num_features; ++c) {
        const double value = column(rows, c)[row];
        if (!std::isfinite(value)) {
          throw Error(Code::kInvalidArgument,
                      fmt::format("features and target of training rows must be finite: {} in {}, "
                                  "row {}",
                                  value, name(c), row));
        }
      }
    }
  }
  for (std::size_t c = 0; c <= num_features; ++c) {
    double size = 0;
    for (const RowRange& range : rows.rows) {
      for (std::size_t row = range.first; row < range.last; ++row) {
        size = std::max(size, std::abs(column(rows, c)[row]));
      }
    }
    if (size > 1e140) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("training rows must have squares that a double can add up: {} in {}",
                              size, name(c)));
    }
  }
  throw Error(Code::kInvalidArgument,
              "weights of training rows must be small enough for a double to add them up");
}

void check_weights(const TrainingRows& rows) {
  if (rows.weights.empty()) return;
  for (const RowRange& range : rows.rows) {
    for (std::size_t row = range.first; row < range.last; ++row) {
      const double weight = rows.weights[row];
      if (weight >= 0 && std::isfinite(weight)) continue;
      throw Error(Code::kInvalidArgument,
                  fmt::format("weights of training rows must be finite and not negative: {} in "
                              "row {}",
                              weight, row));
    }
  }
}

}  // namespace

// Source: Knuth (1997), "The Art of Computer Programming", volume 2, section 4.2.2, theorem B: the
// rounding error of a sum of two numbers, whichever is larger.
void Gram::Sum::add(double value) noexcept {
  const double sum = high + value;
  const double added = sum - high;
  const double error = (high - (sum - added)) + (value - added);
  const double rest = low + error;
  high = sum + rest;
  low = rest - (high - sum);
}

Gram::Gram(std::size_t num_features)
    : num_features_(num_features),
      shift_(num_features + 1, 0.0),
      products_(num_pairs(num_features + 2)),
      peak_(num_features + 1, 0.0) {}

void Gram::check(const TrainingRows& rows) const {
  TW_CHECK(rows.features.num_rows, ==, num_features_);
  TW_CHECK(rows.target.size(), ==, rows.features.num_symbols);
  if (!rows.weights.empty()) TW_CHECK(rows.weights.size(), ==, rows.target.size());
  std::size_t end = 0;
  for (const RowRange& range : rows.rows) {
    TW_CHECK(range.first, >=, end);
    TW_CHECK(range.last, >=, range.first);
    end = range.last;
  }
  TW_CHECK(end, <=, rows.target.size());
  check_weights(rows);
}

void Gram::add(const TrainingRows& rows) {
  check(rows);
  if (num_rows_ == 0) {
    *this = Gram(num_features_);
    shift_ = first_means(rows, num_features_ + 1);
  }
  include(rows, Sign::kAdd);
}

void Gram::subtract(const TrainingRows& rows) {
  check(rows);
  const std::size_t size = model::num_rows(rows.rows);
  if (size > num_rows_) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("rows taken away must have been added: {} rows of {}", size, num_rows_));
  }
  include(rows, Sign::kSubtract);
}

void Gram::include(const TrainingRows& rows, Sign sign) {
  const std::size_t size = model::num_rows(rows.rows);
  const std::size_t num_columns = num_features_ + 2;
  const std::size_t num_chunks = (size + kChunkRows - 1) / kChunkRows;
  std::vector<Sum> products = products_;
  std::vector<double> totals(std::min(num_chunks, kChunksAtOnce) * products.size());
  for (std::size_t begin = 0; begin < num_chunks; begin += kChunksAtOnce) {
    const std::size_t end = std::min(begin + kChunksAtOnce, num_chunks);
    parallel_for(end - begin, 1, [&](std::size_t first, std::size_t last) {
      Blocks blocks(rows, shift_);
      for (std::size_t k = first; k < last; ++k) {
        Panel lane_sums = make_lane_sums(blocks.num_columns());
        const std::size_t chunk = (begin + k) * kChunkRows;
        const std::size_t chunk_end = std::min(chunk + kChunkRows, size);
        for (std::size_t row = chunk; row < chunk_end; row += kBlockRows) {
          blocks.add(row, std::min(row + kBlockRows, chunk_end), lane_sums.span());
        }
        total_products(lane_sums.view(), num_columns, totals.data() + k * products.size());
      }
    });
    const double factor = sign == Sign::kAdd ? 1 : -1;
    for (std::size_t k = 0; k < end - begin; ++k) {
      const double* const chunk = totals.data() + k * products.size();
      for (std::size_t p = 0; p < products.size(); ++p) products[p].add(factor * chunk[p]);
    }
  }
  for (const Sum& sum : products) {
    if (!std::isfinite(sum.high)) refuse(rows);
  }
  products_ = std::move(products);
  num_rows_ = sign == Sign::kAdd ? num_rows_ + size : num_rows_ - size;
  for (std::size_t c = 0; c <= num_features_; ++c) {
    peak_[c] = std::max(peak_[c], products_[pair_at(c, c)].high);
  }
}

double Gram::weight() const noexcept { return products_.back().high; }

double Gram::mean(std::size_t c) const noexcept {
  return shift_[c] + products_[pair_at(c, num_features_ + 1)].high / weight();
}

double Gram::centred(std::size_t a, std::size_t b) const noexcept {
  const std::size_t ones = num_features_ + 1;
  const double of_means =
      products_[pair_at(a, ones)].high * (products_[pair_at(b, ones)].high / weight());
  return products_[pair_at(std::min(a, b), std::max(a, b))].high - of_means;
}

double Gram::deviation(std::size_t c) const noexcept {
  const double squares = centred(c, c);
  if (!(squares > kRoundingOfSums * peak_[c])) return 0;
  const double result = std::sqrt(squares / weight());
  return result > kSameValue * std::abs(mean(c)) ? result : 0;
}

}  // namespace tickwerk::model
