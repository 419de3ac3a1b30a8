// What a chart of a page shows: its words, its axes and its numbers. Given to report/page.h, which
// draws them. Holds data only; a value that is missing is NaN and leaves a gap. Name a chart and
// set its fields: for one made inside a call, g++ 12 warns of members that are not uninitialized.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickwerk/base/time.h"

namespace tickwerk::report {

/// How the numbers of an axis read: 0.0123 as `0.0123`, `1.23 %` or `123.0` basis points.
enum class Unit { kNumber, kPercent, kBps };

struct Axis {
  std::string title = {};  // with the unit where `unit` does not say it: `Equity (USD)`
  Unit unit = Unit::kNumber;
};

struct ChartText {
  std::string title = {};
  std::string caption = {};  // what is seen and how it was computed
  std::string alt = {};  // what a reader who does not see the chart must know; empty: the caption
};

/// A line, or the bars of one colour. `low` and `high` are empty or hold one value each point: the
/// band around a line, the whiskers of a bar or a dot.
struct Series {
  enum class Area { kNone, kToZero };
  /// kDots: a dot each point that has a value, joined by a line across those that have none.
  enum class Marks { kLine, kDots };

  std::string name = {};
  std::vector<double> values = {};
  std::vector<double> low = {};
  std::vector<double> high = {};
  Area area = Area::kNone;     // lines only
  Marks marks = Marks::kLine;  // of date and number charts
};

struct DateChart {
  ChartText text;
  std::vector<Timestamp> times = {};  // ascending
  Frequency frequency = Frequency::kDaily;
  Axis y;
  std::vector<Series> series = {};
};

struct NumberChart {
  ChartText text;
  Axis x;
  std::vector<double> points = {};  // ascending, finite
  Axis y;
  std::vector<Series> series = {};
};

/// One group of bars side by side a name, one bar a series.
struct BarChart {
  ChartText text;
  Axis x;  // its title; names have no unit
  std::vector<std::string> groups = {};
  Axis y;
  std::vector<Series> series = {};
};

/// A table whose cells are coloured by their values, which stand in them.
struct HeatMap {
  /// kAroundZero: two hues that meet at zero. kFromLow: one hue, from the least value to the most.
  enum class Scale { kAroundZero, kFromLow };

  ChartText text;
  std::string corner = {};  // what rows and columns are: `Year`
  std::vector<std::string> rows = {};
  std::vector<std::string> columns = {};
  std::vector<double> values = {};  // [row, column]
  Unit unit = Unit::kNumber;
  int decimals = 2;
  Scale scale = Scale::kAroundZero;
  std::optional<double> limit =
      {};  // |value| of the strongest colour around zero; else the largest
};

}  // namespace tickwerk::report
