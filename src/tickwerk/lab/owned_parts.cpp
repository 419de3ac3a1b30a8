#include "tickwerk/lab/owned_parts.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::lab {
namespace {

constexpr std::string_view kBeginPrefix = "<!-- tickwerk:begin ";
constexpr std::string_view kEndPrefix = "<!-- tickwerk:end ";
constexpr std::string_view kClose = " -->";

enum class Side { kBegin, kEnd };

struct Marker {
  Side side = Side::kBegin;
  std::string_view name;
  std::size_t line = 0;   // counted from 1
  std::size_t first = 0;  // offset of the line
  std::size_t next = 0;   // offset of the line after it
  bool crlf = false;
};

std::optional<Marker> marker_of(std::string_view line) {
  Marker marker;
  marker.crlf = line.ends_with('\r');
  const auto last = line.find_last_not_of(" \t\r");
  line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
  for (const auto& [prefix, side] :
       {std::pair(kBeginPrefix, Side::kBegin), std::pair(kEndPrefix, Side::kEnd)}) {
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    if (line.ends_with(kClose)) line.remove_suffix(kClose.size());
    marker.side = side;
    marker.name = line;
    return marker;
  }
  return {};
}

std::vector<Marker> markers_of(std::string_view text) {
  std::vector<Marker> markers;
  std::size_t number = 0;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = std::min(text.find('\n', first), text.size());
    const std::size_t next = std::min(end + 1, text.size());
    ++number;
    if (auto marker = marker_of(text.substr(first, end - first))) {
      marker->line = number;
      marker->first = first;
      marker->next = next;
      markers.push_back(*marker);
    }
    first = next;
  }
  return markers;
}

[[noreturn]] void refuse(std::string_view found, std::string_view name) {
  throw Error(
      Code::kCorruptData,
      fmt::format("every part of the document must stand between its two markers, found {}; "
                  "to mend it, have these two lines once, one below the other, each alone "
                  "on its line: {} and {} (what stands between them is made anew)",
                  found, begin_marker(name), end_marker(name)));
}

}  // namespace

std::string begin_marker(std::string_view name) {
  return fmt::format("{}{}{}", kBeginPrefix, name, kClose);
}
std::string end_marker(std::string_view name) {
  return fmt::format("{}{}{}", kEndPrefix, name, kClose);
}

OwnedParts find_parts(std::string_view text, std::span<const std::string_view> names) {
  OwnedParts parts;
  const std::vector<Marker> markers = markers_of(text);
  const Marker* open = nullptr;
  for (const Marker& marker : markers) {
    if (std::find(names.begin(), names.end(), marker.name) == names.end()) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a marker of the document must name one of {}, found '{}' in line {}; "
                      "to mend it, correct the name or delete the line",
                      fmt::join(names, ", "), marker.name, marker.line));
    }
    if (marker.side == Side::kBegin) {
      if (open != nullptr) {
        refuse(fmt::format("no end of '{}' before line {}", open->name, marker.line), open->name);
      }
      if (parts.contains(marker.name)) {
        refuse(fmt::format("'{}' a second time in line {}", marker.name, marker.line), marker.name);
      }
      open = &marker;
    } else {
      if (open == nullptr || open->name != marker.name) {
        refuse(fmt::format("an end of '{}' without its beginning in line {}", marker.name,
                           marker.line),
               marker.name);
      }
      parts[std::string(marker.name)] = text.substr(open->next, marker.first - open->next);
      open = nullptr;
    }
  }
  if (open != nullptr) {
    refuse(fmt::format("no end of '{}', which begins in line {}", open->name, open->line),
           open->name);
  }
  for (const std::string_view name : names) {
    if (!parts.contains(name)) refuse(fmt::format("no part '{}'", name), name);
  }
  return parts;
}

std::string replace_parts(std::string_view text, const OwnedParts& parts) {
  std::string result;
  std::size_t done = 0;
  for (const Marker& marker : markers_of(text)) {
    if (marker.side == Side::kBegin) {
      result += text.substr(done, marker.next - done);
      for (const char c : parts.find(marker.name)->second) {
        if (c == '\n' && marker.crlf) result += '\r';
        result += c;
      }
    }
    done = marker.side == Side::kBegin ? marker.next : marker.first;
  }
  return result += text.substr(done);
}

}  // namespace tickwerk::lab
