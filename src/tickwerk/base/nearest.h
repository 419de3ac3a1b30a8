// Names like the one that was not found, for error messages about symbols, flags, keys and
// strategies. Only suggests: nobody may act on a guess.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk {

/// Single-character insertions, deletions, replacements and swaps of neighbours that turn `a` into
/// `b`, letters of either case being equal (optimal string alignment). Cost: O(size of a * size of
/// b).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// At most `limit` of `names` that could have been meant, best first (ties by bytes): a distance of
/// at most a third of the name's length (at least 1), or one beginning with the other. Empty when
/// nothing is near.
std::vector<std::string> nearest_names(std::string_view name,
                                       std::span<const std::string> names,
                                       std::size_t limit = 3);

/// The end of a message: `, nearest: AAPL, AAP`, or nothing.
std::string nearest_hint(std::string_view name, std::span<const std::string> names);

}  // namespace tickwerk
