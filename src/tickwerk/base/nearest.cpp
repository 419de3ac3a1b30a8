#include "tickwerk/base/nearest.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace tickwerk {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view start) {
  return !start.empty() && start.size() <= text.size() &&
         std::equal(start.begin(), start.end(), text.begin(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] =
          std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::vector<std::string> nearest_names(std::string_view name,
                                       std::span<const std::string> names,
                                       std::size_t limit) {
  struct Candidate {
    std::size_t distance;
    const std::string* name;
  };
  std::vector<Candidate> near;
  const std::size_t bound = std::max<std::size_t>(1, name.size() / 3);
  for (const std::string& other : names) {
    const std::size_t distance = edit_distance(name, other);
    const bool starts = name.size() > 1 && other.size() > 1 &&
                        (begins_with(other, name) || begins_with(name, other));
    if (distance <= bound || starts) near.push_back({distance, &other});
  }
  std::sort(near.begin(), near.end(), [](const Candidate& x, const Candidate& y) {
    return x.distance != y.distance ? x.distance < y.distance : *x.name < *y.name;
  });
  std::vector<std::string> result;
  for (std::size_t i = 0; i < std::min(limit, near.size()); ++i) result.push_back(*near[i].name);
  return result;
}

std::string nearest_hint(std::string_view name, std::span<const std::string> names) {
  const std::vector<std::string> near = nearest_names(name, names);
  return near.empty() ? "" : fmt::format(", nearest: {}", fmt::join(near, ", "));
}

}  // namespace tickwerk
