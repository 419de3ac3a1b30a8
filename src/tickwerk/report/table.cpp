#include "tickwerk/report/table.h"

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/utf8.h"

namespace tickwerk::report {
namespace {

std::string padded(const std::string& text, std::size_t columns, Align align) {
  const std::string space(columns - std::min(columns, num_utf8_characters(text)), ' ');
  return align == Align::kLeft ? text + space : space + text;
}

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::size_t> widths_of(const Rows& rows, std::size_t at_least) {
  std::vector<std::size_t> widths(rows.front().size(), at_least);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], num_utf8_characters(row[i]));
    }
  }
  return widths;
}

Rows with_titles(const std::vector<Column>& columns, const Rows& rows) {
  Rows all(1);
  for (const Column& column : columns) all.front().push_back(column.title);
  all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

}  // namespace

std::string markdown_cell(const std::string& text) {
  std::string cell;
  for (const char letter : text) {
    if (letter == '|') {
      cell += "\\|";
    } else {
      cell += letter == '\n' || letter == '\r' ? ' ' : letter;
    }
  }
  return cell;
}

void Table::add(std::vector<std::string> row) {
  TW_CHECK(row.size(), ==, columns_.size());
  rows_.push_back(std::move(row));
}

std::string Table::markdown() const {
  Rows all = with_titles(columns_, rows_);
  for (auto& row : all) std::transform(row.begin(), row.end(), row.begin(), markdown_cell);
  const auto widths = widths_of(all, 3);
  std::string text;
  for (std::size_t r = 0; r < all.size(); ++r) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text += "| " + padded(all[r][i], widths[i], columns_[i].align) + " ";
    }
    text += "|\n";
    if (r > 0) continue;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text += "| " + std::string(widths[i] - 1, '-');
      text += columns_[i].align == Align::kRight ? ": " : "- ";
    }
    text += "|\n";
  }
  return text;
}

std::string Table::plain() const {
  const Rows all = with_titles(columns_, rows_);
  const auto widths = widths_of(all, 0);
  std::string text;
  for (const auto& row : all) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += "  ";
      line += padded(row[i], widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace tickwerk::report
