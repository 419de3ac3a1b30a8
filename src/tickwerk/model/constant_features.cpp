#include "tickwerk/model/constant_features.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kMostNamed = 5;

}  // namespace

std::vector<std::string> constant_features(const Dataset& dataset) {
  std::vector<std::string> said;
  for (std::size_t f = 0; f < dataset.num_features(); ++f) {
    const double* const values = dataset.features.row(f);
    const double* const end = values + dataset.num_rows();
    const double* const first = std::find_if(values, end, [](double x) { return x == x; });
    const bool varies =
        std::any_of(first, end, [first](double x) { return x == x && x != *first; });
    if (varies) continue;
    said.push_back(
        fmt::format("{} {}", dataset.feature_names[f],
                    first == end ? "has no value in any row" : "is the same in all rows"));
  }
  return said;
}

void require_variation(const Dataset& dataset) {
  std::vector<std::string> said = constant_features(dataset);
  if (said.size() < dataset.num_features() || dataset.num_rows() == 0) return;
  const std::size_t num_more = said.size() - std::min(said.size(), kMostNamed);
  said.resize(said.size() - num_more);
  throw Error(Code::kInvalidArgument,
              fmt::format("a feature at least must differ from row to row, found that {}{}",
                          fmt::join(said, ", "),
                          num_more > 0 ? fmt::format(", and {} more alike", num_more) : ""));
}

}  // namespace tickwerk::model
