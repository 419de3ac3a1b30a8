// A table of texts, as Markdown or as plain columns for a terminal; both line up in a fixed-width
// font. Used by the report, the summary and the page. Knows no numbers.
#pragma once

#include <string>
#include <vector>

namespace tickwerk::report {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One text a column (checked).
  void add(std::vector<std::string> row);

  /// Pipes in a text are escaped, line breaks become spaces. Ends in a newline.
  std::string markdown() const;

  /// Without pipes or titles' rule, two spaces between columns. Ends in a newline.
  std::string plain() const;

  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The text on one line, safe inside a Markdown table.
std::string markdown_cell(const std::string& text);

}  // namespace tickwerk::report
