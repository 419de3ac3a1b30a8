// The parts of a Markdown file that the lab owns: whole lines between `<!-- tickwerk:begin NAME
// -->` and
// `<!-- tickwerk:end NAME -->`. Finds and replaces them, byte for byte nothing else; refuses a file
// whose markers do not pair up, since it could not tell what is a person's.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace tickwerk::lab {

/// Part by name, its lines without the markers.
using OwnedParts = std::map<std::string, std::string, std::less<>>;

std::string begin_marker(std::string_view name);
std::string end_marker(std::string_view name);

/// `text` must have each of `names` exactly once, not nested, and no other. Throws kCorruptData
/// that says which line is wrong and which lines to write.
OwnedParts find_parts(std::string_view text, std::span<const std::string_view> names);

/// `text`, which find_parts accepts, with the contents of `parts` between the markers. Line ends
/// follow those of the marker above.
std::string replace_parts(std::string_view text, const OwnedParts& parts);

}  // namespace tickwerk::lab
