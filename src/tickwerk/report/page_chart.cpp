#include "tickwerk/report/page_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "tickwerk/base/error.h"
#include "tickwerk/report/figures.h"
#include "tickwerk/report/page.h"
#include "tickwerk/report/page_text.h"

namespace tickwerk::report {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

/// Every k-th of `size` rows and the last, at most `limit` of them.
struct Thinned {
  Thinned(std::size_t size, std::size_t limit)
      : step(size > limit ? (size + limit - 3) / (limit - 1) : 1) {
    for (std::size_t row = 0; row < size; row += step) rows.push_back(row);
    if (size > 0 && rows.back() != size - 1) rows.push_back(size - 1);
  }

  std::vector<double> of(const std::vector<double>& values) const {
    std::vector<double> kept;
    kept.reserve(values.empty() ? 0 : rows.size());
    for (std::size_t i = 0; !values.empty() && i < rows.size(); ++i) {
      kept.push_back(values[rows[i]]);
    }
    return kept;
  }

  std::size_t step;
  std::vector<std::size_t> rows;
};

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::kPercent:
      return "percent";
    case Unit::kBps:
      return "bps";
    case Unit::kNumber:
      break;
  }
  return "number";
}

void append_axis(std::string& out, std::string_view key, const Axis& axis) {
  out += fmt::format(",\"{}\":{{\"title\":", key);
  append_json(out, axis.title);
  out += fmt::format(",\"unit\":\"{}\"}}", name_of(axis.unit));
}

void append_series(std::string& out, const std::vector<Series>& all, const Thinned& thinned) {
  out += ",\"series\":[";
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += i == 0 ? "{\"name\":" : ",{\"name\":";
    append_json(out, all[i].name);
    out += ",\"values\":";
    append_json(out, thinned.of(all[i].values));
    if (!all[i].low.empty()) {
      out += ",\"low\":";
      append_json(out, thinned.of(all[i].low));
      out += ",\"high\":";
      append_json(out, thinned.of(all[i].high));
    }
    if (all[i].area == Series::Area::kToZero) out += ",\"area\":true";
    if (all[i].marks == Series::Marks::kDots) out += ",\"dots\":true";
    out += '}';
  }
  out += ']';
}

/// Times as the first and the differences to the one before, in the longest of day, minute and
/// second that divides all of them.
void append_times(std::string& out, const std::vector<Timestamp>& times, const Thinned& thinned) {
  std::int64_t step = 0;
  for (const std::int64_t seconds : {86'400, 60, 1}) {
    step = seconds * kNsPerSecond;
    const auto divides = [&](Timestamp time) { return time.ns % step == 0; };
    if (std::all_of(times.begin(), times.end(), divides)) break;
  }
  out += fmt::format(",\"step\":{},\"times\":[", step / kNsPerSecond);
  std::int64_t before = 0;
  for (std::size_t i = 0; i < thinned.rows.size(); ++i) {
    const std::int64_t now = times[thinned.rows[i]].ns / step;
    out += fmt::format("{}{}", i == 0 ? "" : ",", now - before);
    before = now;
  }
  out += ']';
}

void check_sizes(const std::vector<Series>& all, std::size_t num_points) {
  for (const Series& series : all) {
    TW_CHECK(series.values.size(), ==, num_points);
    TW_CHECK(series.low.size(), ==, series.high.size());
    if (!series.low.empty()) TW_CHECK(series.low.size(), ==, num_points);
  }
}

struct Cells {
  std::vector<std::string> titles;
  std::vector<const std::vector<double>*> columns;
  std::vector<int> decimals;
};

Cells cells_of(const std::vector<Series>& all, Unit unit) {
  Cells cells;
  const auto add = [&](std::string title, const std::vector<double>& values, int decimals) {
    cells.titles.push_back(std::move(title));
    cells.columns.push_back(&values);
    cells.decimals.push_back(decimals);
  };
  const std::string suffix = unit == Unit::kBps ? " (bp)" : "";
  for (const Series& series : all) {
    const int decimals = decimals_for(unit, series.values);
    add(series.name + suffix, series.values, decimals);
    if (series.low.empty()) continue;
    add(series.name + ", low" + suffix, series.low, decimals);
    add(series.name + ", high" + suffix, series.high, decimals);
  }
  return cells;
}

struct Behind {
  std::string first_title;
  std::size_t num_rows = 0;
  std::function<std::string(std::size_t)> first_cell;
  Align align = Align::kLeft;
};

/// The table behind a chart, closed until it is asked for.
std::string details(const ChartText& text,
                    const Behind& behind,
                    const std::vector<Series>& series,
                    Unit unit) {
  const Thinned thinned(behind.num_rows, Page::kMaxTableRows);
  const Cells cells = cells_of(series, unit);
  std::string out = "<details><summary>Table: ";
  if (thinned.step == 1) {
    out += counted(behind.num_rows, "row");
  } else {
    out += fmt::format("{} of {} rows (1 in {}, and the last)", count(thinned.rows.size()),
                       count(behind.num_rows), thinned.step);
  }
  out += fmt::format(
      "</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">"
      "<table><caption class=\"unseen\">{0}</caption>\n<thead><tr><th scope=\"col\"{2}>{1}</th>",
      html_text(text.title), html_text(behind.first_title),
      behind.align == Align::kRight ? " class=\"n\"" : "");
  for (const std::string& title : cells.titles) {
    out += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", html_text(title));
  }
  out += "</tr></thead>\n<tbody class=\"n\">\n";
  for (const std::size_t row : thinned.rows) {
    out += fmt::format("<tr><th{}>", behind.align == Align::kRight ? " class=\"n\"" : "");
    append_html(out, behind.first_cell(row));
    for (std::size_t i = 0; i < cells.columns.size(); ++i) {
      out += fmt::format("<td>{}", cell_text((*cells.columns[i])[row], unit, cells.decimals[i]));
    }
    out += '\n';
  }
  return out + "</tbody></table></div></details>\n";
}

std::string thinned_note(const Thinned& thinned, std::size_t num_points) {
  if (thinned.step == 1) return {};
  return fmt::format(" Drawn: {} of {} points, 1 in {}.", count(thinned.rows.size()),
                     count(num_points), thinned.step);
}

}  // namespace

void Page::begin_figure(std::string_view kind, const ChartText& text) {
  body_ += fmt::format("<figure class=\"{}\" id=\"chart-{}\">\n<figcaption><b>{}</b>", kind,
                       ++num_charts_, html_text(text.title));
  if (!text.caption.empty()) body_ += fmt::format("<span>{}</span>", html_text(text.caption));
  body_ += "</figcaption>\n";
}

void Page::add_drawn(const ChartText& text, std::string_view data, std::string_view table) {
  begin_figure("chart", text);
  ++num_drawn_;
  const std::string& words = text.alt.empty() ? text.caption : text.alt;
  body_ += fmt::format(
      "<div class=\"plot\" tabindex=\"0\" role=\"group\" aria-roledescription=\"chart\" "
      "aria-label=\"{}. {}\"></div>\n<script type=\"application/json\">{}</script>\n{}</figure>\n",
      html_text(text.title), html_text(words), data, table);
}

void Page::chart(const DateChart& chart) {
  TW_CHECK(std::is_sorted(chart.times.begin(), chart.times.end()), ==, true);
  check_sizes(chart.series, chart.times.size());
  const Thinned thinned(chart.times.size(), kMaxPoints);
  ChartText text = chart.text;
  text.caption += thinned_note(thinned, chart.times.size());
  std::string data = "{\"kind\":\"dates\"";
  append_times(data, chart.times, thinned);
  append_axis(data, "y", chart.y);
  append_series(data, chart.series, thinned);
  data += '}';
  const auto time = [&](std::size_t row) { return to_string(chart.times[row], chart.frequency); };
  const std::string title = chart.frequency == Frequency::kDaily ? "Date" : "Time (UTC)";
  add_drawn(text, data,
            details(text, {title, chart.times.size(), time}, chart.series, chart.y.unit));
}

void Page::chart(const NumberChart& chart) {
  TW_CHECK(std::is_sorted(chart.points.begin(), chart.points.end()), ==, true);
  const auto finite = [](double point) { return std::isfinite(point); };
  TW_CHECK(std::all_of(chart.points.begin(), chart.points.end(), finite), ==, true);
  check_sizes(chart.series, chart.points.size());
  const Thinned thinned(chart.points.size(), kMaxPoints);
  ChartText text = chart.text;
  text.caption += thinned_note(thinned, chart.points.size());
  std::string data = "{\"kind\":\"numbers\",\"points\":";
  append_json(data, thinned.of(chart.points));
  append_axis(data, "x", chart.x);
  append_axis(data, "y", chart.y);
  append_series(data, chart.series, thinned);
  data += '}';
  const int decimals = decimals_for(chart.x.unit, chart.points);
  const auto point = [&](std::size_t row) {
    return cell_text(chart.points[row], chart.x.unit, decimals);
  };
  add_drawn(text, data,
            details(text, {chart.x.title, chart.points.size(), point, Align::kRight}, chart.series,
                    chart.y.unit));
}

void Page::chart(const BarChart& chart) {
  check_sizes(chart.series, chart.groups.size());
  const Thinned all(chart.groups.size(), chart.groups.size() + 2);
  std::string data = "{\"kind\":\"bars\",\"groups\":[";
  for (std::size_t i = 0; i < chart.groups.size(); ++i) {
    if (i > 0) data += ',';
    append_json(data, chart.groups[i]);
  }
  data += ']';
  append_axis(data, "x", chart.x);
  append_axis(data, "y", chart.y);
  append_series(data, chart.series, all);
  data += '}';
  const auto group = [&](std::size_t row) { return chart.groups[row]; };
  add_drawn(
      chart.text, data,
      details(chart.text, {chart.x.title, chart.groups.size(), group}, chart.series, chart.y.unit));
}

}  // namespace tickwerk::report
