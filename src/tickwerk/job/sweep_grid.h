// The combinations of a sweep: parameters with the values each takes, from texts such as
// `fast=5:50:5`, `slow=60,120` and `rebalance=weekly,monthly`. Knows no strategy and runs nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::job {

inline constexpr std::size_t kMaxCombinations = 1'000'000;

struct SweptParameter {
  std::string name;
  std::vector<double> values;           // in the order given, each once
  std::vector<std::string> words = {};  // instead of numbers: then `values` counts them from 0

  bool has_words() const noexcept { return !words.empty(); }
  /// The value at a place as it is written.
  std::string text(std::size_t place) const;
};

class SweepGrid {
 public:
  SweepGrid() = default;
  /// Throws kInvalidArgument: no parameter, one given twice or without values, more than
  /// kMaxCombinations.
  explicit SweepGrid(std::vector<SweptParameter> parameters);

  const std::vector<SweptParameter>& parameters() const noexcept { return parameters_; }
  std::size_t size() const noexcept { return size_; }

  /// Which value each parameter has in a combination; the last parameter varies fastest.
  std::vector<std::size_t> places(std::size_t combination) const;
  double value(std::size_t combination, std::size_t parameter) const;

 private:
  std::vector<SweptParameter> parameters_;
  std::size_t size_ = 0;
};

/// `name=low:high:step` (both ends included, where the steps meet the high one), `name=a,b,c` or
/// `name=a`; a list of which one is no number is one of words. Values are decimal: of 0.1:0.5:0.1
/// the third is 0.3. Throws kInvalidArgument.
SweptParameter parse_swept(std::string_view text);
SweepGrid parse_grid(std::span<const std::string> texts);

}  // namespace tickwerk::job
