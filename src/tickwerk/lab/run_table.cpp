#include "tickwerk/lab/run_table.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "tickwerk/io/csv.h"

namespace tickwerk::lab {
namespace {

using io::trimmed;

std::vector<std::string> cells_of(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<std::string> cells;
  std::size_t first = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells.emplace_back(trimmed(line.substr(first, i - first)));
      first = i + 1;
    }
  }
  if (!trimmed(line.substr(first)).empty()) cells.emplace_back(trimmed(line.substr(first)));
  return cells;
}

/// The rule below a table's header: dashes and colons only.
bool is_rule(std::string_view line) {
  return line.find('-') != std::string_view::npos &&
         line.find_first_not_of("|-: \t\r") == std::string_view::npos;
}

/// The cells from `first` on as one: a person may have written a bare `|` into the last.
std::string joined(const std::vector<std::string>& cells, std::size_t first) {
  std::string text = cells[first];
  for (std::size_t i = first + 1; i < cells.size(); ++i) text += " \\| " + cells[i];
  return text;
}

struct Position {
  std::size_t first = 0;  // of the time
  std::size_t size = 0;
};

/// Where `-YYYYMMDDTHHMMSSZ-` stands in a run id.
Position find_time(std::string_view id) {
  constexpr std::string_view kShape = "00000000T000000Z-";
  const auto fits = [](char c, char shape) {
    return shape == '0' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == shape;
  };
  for (auto dash = id.find('-'); dash != std::string_view::npos; dash = id.find('-', dash + 1)) {
    const std::string_view rest = id.substr(dash + 1);
    if (rest.size() > kShape.size() &&
        std::equal(kShape.begin(), kShape.end(), rest.begin(),
                   [&](char shape, char c) { return fits(c, shape); })) {
      return {dash + 1, kShape.size() - 1};
    }
  }
  return {};
}

}  // namespace

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return std::string(trimmed(result));
}

std::vector<RunRow> parse_rows(std::string_view table) {
  std::vector<RunRow> rows;
  bool below_rule = false;
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    std::string_view line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!below_rule) {
      below_rule = is_rule(line);
    } else if (trimmed(line).starts_with('|')) {
      rows.push_back({.cells = cells_of(line), .line = std::string(line)});
    }
  }
  return rows;
}

std::vector<RunRow> merge_rows(const std::vector<RunRow>& old,
                               const std::vector<RunRow>& made,
                               Notes notes) {
  std::vector<RunRow> rows;
  std::set<std::string> seen;
  for (const RunRow& row : old) {
    const std::string id = row.cells.empty() ? "" : row.cells.front();
    if (!id.empty() && !seen.insert(id).second) continue;
    const auto found = std::find_if(made.begin(), made.end(),
                                    [&](const RunRow& other) { return other.cells.front() == id; });
    if (found == made.end()) {
      rows.push_back(row);
      continue;
    }
    RunRow merged = *found;
    if (notes == Notes::kLastColumn && row.cells.size() >= merged.cells.size()) {
      merged.cells.back() = joined(row.cells, merged.cells.size() - 1);
    }
    rows.push_back(std::move(merged));
  }
  for (const RunRow& row : made) {
    if (!seen.contains(row.cells.front())) rows.push_back(row);
  }
  std::vector<std::pair<std::string, RunRow>> keyed;
  for (RunRow& row : rows) {
    std::string time = row.cells.empty() ? "" : time_of_run_id(row.cells.front());
    if (time.empty() && !keyed.empty()) time = keyed.back().first;
    keyed.emplace_back(std::move(time), std::move(row));
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  rows.clear();
  for (auto& entry : keyed) rows.push_back(std::move(entry.second));
  return rows;
}

std::string table_text(const std::vector<std::string>& header, const std::vector<RunRow>& rows) {
  const auto line_of = [](const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& text : cells) line += text.empty() ? " |" : " " + text + " |";
    return line + '\n';
  };
  std::string text = line_of(header);
  text += '|';
  for (std::size_t i = 0; i < header.size(); ++i) text += " --- |";
  text += '\n';
  for (const RunRow& row : rows) text += row.line.empty() ? line_of(row.cells) : row.line + '\n';
  return text;
}

std::string time_of_run_id(std::string_view run_id) {
  const Position time = find_time(run_id);
  return std::string(run_id.substr(time.first, time.size));
}

std::string job_of_run_id(std::string_view run_id) {
  const Position time = find_time(run_id);
  return time.size == 0 ? "" : std::string(run_id.substr(0, time.first - 1));
}

}  // namespace tickwerk::lab
