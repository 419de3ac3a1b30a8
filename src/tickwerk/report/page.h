// One self-contained HTML page: sections of text, key figures, tables and charts. Used by the jobs
// that end in a page; opens from a file, without network, in light, dark and print. The same calls
// give the same bytes. Does not write files and computes nothing but colours and thinned tables.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/report/page_chart.h"
#include "tickwerk/report/table.h"

namespace tickwerk::report {

struct PageHead {
  std::string title = {};
  std::string lead = {};  // one or two sentences below the title: what was done, over what
};

struct KeyFigure {
  std::string label = {};
  std::string value = {};  // with its unit, as it shall read
  std::string note = {};   // its uncertainty or reference, below it
};

/// Texts are plain text in UTF-8: everything is escaped, bytes that are not UTF-8 become U+FFFD.
/// What is added appears in the order of the calls. Series must have as many values as their chart
/// has points (checked).
class Page {
 public:
  /// Rows of a chart that are drawn and rows of a table that are printed, at most; of longer ones
  /// every k-th and the last, which the page says.
  static constexpr std::size_t kMaxPoints = 8000;
  static constexpr std::size_t kMaxTableRows = 130;

  explicit Page(PageHead head) : head_(std::move(head)) {}

  void section(std::string_view title);
  void paragraph(std::string_view text);
  void list(const std::vector<std::string>& items);
  void figures(const std::vector<KeyFigure>& figures);

  /// All rows of the table.
  void table(std::string_view caption, const Table& table);

  /// Lines with a cursor that tells the values, zoom, and a legend that hides series; behind them a
  /// table. Numbers are drawn with seven significant digits.
  void chart(const DateChart& chart);
  void chart(const NumberChart& chart);
  void chart(const BarChart& chart);
  void chart(const HeatMap& chart);

  std::string html() const;

 private:
  struct Section {
    std::string id;
    std::string title;
  };

  void add_drawn(const ChartText& text, std::string_view data, std::string_view table);
  void begin_figure(std::string_view kind, const ChartText& text);

  PageHead head_;
  std::string body_;
  std::vector<Section> sections_;
  std::size_t num_charts_ = 0;
  std::size_t num_drawn_ = 0;
};

}  // namespace tickwerk::report
