#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/base/error.h"
#include "tickwerk/report/page.h"
#include "tickwerk/report/page_text.h"

namespace tickwerk::report {
namespace {

/// Colours on each side of zero; the style has one class for each: `h-5` to `h5`.
constexpr int kNumShades = 5;

/// Where the colours of a map begin and end.
struct Shades {
  explicit Shades(const HeatMap& map) {
    for (const double value : map.values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    if (map.scale == HeatMap::Scale::kFromLow) return;
    high = map.limit.value_or(low > high ? 0 : std::max(std::abs(low), std::abs(high)));
    low = -high;
  }

  int of(double value, HeatMap::Scale scale) const {
    if (!(high > low)) return 0;
    const double place =
        scale == HeatMap::Scale::kFromLow ? (value - low) / (high - low) : value / high;
    return static_cast<int>(std::lround(kNumShades * std::clamp(place, -1.0, 1.0)));
  }

  double low = HUGE_VAL;
  double high = -HUGE_VAL;
};

/// A name that may break after its underscores, so that a long one does not widen its column.
std::string breakable(std::string_view name) {
  std::string out;
  for (const char letter : html_text(name)) {
    out += letter;
    if (letter == '_') out += "<wbr>";
  }
  return out;
}

/// The colours in a row between the values they stand for.
std::string legend(const HeatMap& map, const Shades& shades) {
  if (!(shades.high > shades.low)) return {};
  const auto text = [&](double value) { return cell_text(value, map.unit, map.decimals); };
  std::string out = fmt::format("<p class=\"shades\" aria-hidden=\"true\">{}", text(shades.low));
  const int first = map.scale == HeatMap::Scale::kFromLow ? 0 : -kNumShades;
  for (int shade = first; shade <= kNumShades; ++shade) {
    out += fmt::format("<i class=\"h{}\"></i>", shade);
  }
  return out + text(shades.high) + (map.unit == Unit::kBps ? " bp" : "") + "</p>\n";
}

}  // namespace

void Page::chart(const HeatMap& map) {
  TW_CHECK(map.values.size(), ==, map.rows.size() * map.columns.size());
  const Shades shades(map);
  begin_figure("heat", map.text);
  body_ += legend(map, shades);
  const std::string& alt = map.text.alt.empty() ? map.text.caption : map.text.alt;
  body_ += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}. {}\">"
      "<table><thead><tr><th scope=\"col\">{}</th>",
      html_text(map.text.title), html_text(alt), html_text(map.corner));
  for (const std::string& column : map.columns) {
    body_ += fmt::format("<th scope=\"col\">{}</th>", breakable(column));
  }
  body_ += "</tr></thead>\n<tbody>\n";
  for (std::size_t row = 0; row < map.rows.size(); ++row) {
    body_ += fmt::format("<tr><th scope=\"row\">{}</th>", html_text(map.rows[row]));
    for (std::size_t column = 0; column < map.columns.size(); ++column) {
      const double value = map.values[row * map.columns.size() + column];
      if (std::isfinite(value)) {
        body_ += fmt::format("<td class=\"h{}\">{}</td>", shades.of(value, map.scale),
                             cell_text(value, map.unit, map.decimals));
      } else {
        body_ += "<td>\u2013</td>";
      }
    }
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n</figure>\n";
}

}  // namespace tickwerk::report
