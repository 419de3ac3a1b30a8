#include "tickwerk/strategy/module_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tickwerk::strategy {

bool ModuleText::is_free(std::size_t first, std::size_t last) const {
  for (std::size_t number = first; number <= last && number < lines_.size(); ++number) {
    if (!lines_[number].empty()) return false;
  }
  return true;
}

std::string& ModuleText::line(std::size_t number) {
  if (lines_.size() <= number) lines_.resize(number + 1);
  return lines_[number];
}

void ModuleText::place(std::size_t head_line,
                       std::string_view head,
                       const Body& body,
                       std::string_view tail) {
  const std::size_t num_lines = std::max<std::size_t>(body.lines.size(), 1);
  if (!is_free(head_line, body.line + num_lines - 1)) {
    append(fmt::format("{}{}{}", head, fmt::join(body.lines, "\n"), tail));
    return;
  }
  line(head_line) = head;
  for (std::size_t i = 0; i < body.lines.size(); ++i) {
    std::string& text = line(body.line + i);
    if (text.size() < body.column && !body.lines[i].empty()) text.resize(body.column, ' ');
    text += body.lines[i];
  }
  line(body.line + num_lines - 1) += tail;
}

std::string ModuleText::text() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  for (const std::string& statement : appended_) text += statement + "\n";
  return text;
}

}  // namespace tickwerk::strategy
