#include "tickwerk/io/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "tickwerk/base/error.h"
#include "tickwerk/panel/panel.h"

namespace tickwerk::io {
namespace {

std::optional<double> missing_word(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 6> kWords = {"nan", "na", "n/a", "null", "none", "-"};
  for (const std::string_view word : kWords) {
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
    if (std::equal(text.begin(), text.end(), word.begin(), word.end(), same)) return kNaN;
  }
  return {};
}

}  // namespace

std::string_view CsvReader::quoted_field() {
  rest_.remove_prefix(1);
  std::string text;
  bool doubled = false;
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) {
      throw Error(Code::kCorruptData, "a quoted field must end with a quote, found none");
    }
    const std::string_view part = rest_.substr(0, quote);
    rest_.remove_prefix(quote + 1);
    if (!rest_.empty() && rest_.front() == '"') {
      text.append(part).push_back('"');
      rest_.remove_prefix(1);
      doubled = true;
      continue;
    }
    const bool ends = rest_.empty() || rest_.front() == ',' || rest_.front() == '\n' ||
                      rest_ == "\r" || rest_.starts_with("\r\n");
    if (!ends) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a quoted field must be followed by a comma or a line end, found '{}'",
                      rest_.front()));
    }
    if (!doubled) return part;
    return unescaped_.emplace_back(text.append(part));
  }
}

bool CsvReader::next(std::vector<std::string_view>& fields) {
  fields.clear();
  if (rest_.empty()) return false;
  unescaped_.clear();
  for (;;) {
    if (!rest_.empty() && rest_.front() == '"') {
      fields.push_back(quoted_field());
    } else {
      const char* const begin = rest_.data();
      const char* const end = begin + rest_.size();
      const char* at = begin;
      while (at != end && *at != ',' && *at != '\n') ++at;
      const char* last = at;
      if (at != end && *at == '\n' && last != begin && last[-1] == '\r') --last;
      if (at == end && last != begin && last[-1] == '\r') --last;
      fields.emplace_back(begin, static_cast<std::size_t>(last - begin));
      rest_.remove_prefix(static_cast<std::size_t>(at - begin));
    }
    if (!rest_.empty() && rest_.front() == '\r') rest_.remove_prefix(1);
    if (rest_.empty()) return true;
    const char separator = rest_.front();
    rest_.remove_prefix(1);
    if (separator == '\n') return true;
  }
}

std::size_t whole_records(std::string_view text) noexcept {
  if (std::memchr(text.data(), '"', text.size()) == nullptr) {
    const std::size_t newline = text.rfind('\n');
    return newline == std::string_view::npos ? 0 : newline + 1;
  }
  std::size_t whole = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (text[i] == '\n' && !inside) whole = i + 1;
  }
  return whole;
}

std::vector<std::string_view> split_records(std::string_view text, std::size_t num_parts) {
  std::vector<std::string_view> parts;
  const std::size_t step = text.size() / std::max<std::size_t>(1, num_parts) + 1;
  const bool quotes = !text.empty() && std::memchr(text.data(), '"', text.size()) != nullptr;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = std::min(text.size(), begin + step);
    bool inside = false;
    if (quotes) inside = std::count(text.begin() + begin, text.begin() + end, '"') % 2 != 0;
    while (end < text.size()) {
      const char last = text[end - 1];
      if (last == '\n' && !inside) break;
      if (text[end] == '"') inside = !inside;
      ++end;
    }
    parts.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  if (parts.empty()) parts.push_back(text);
  return parts;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<double> parse_number(std::string_view text) noexcept {
  if (text.empty()) return kNaN;
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto plain = std::from_chars(text.data(), end, value);
  if (plain.ec == std::errc() && plain.ptr == end) return value;
  text = trimmed(text);
  if (text.empty()) return kNaN;
  if (text.front() == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && at == end) return value;
  return missing_word(text);
}

}  // namespace tickwerk::io
