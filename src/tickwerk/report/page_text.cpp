#include "tickwerk/report/page_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/base/utf8.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::report {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr int kPlottedDigits = 7;
constexpr int kCellDigits = 6;
constexpr int kMaxDecimals = 8;
// Beyond these a cell has an exponent.
constexpr double kLargestWritten = 1e15;
constexpr double kLeastWritten = 1e-6;

/// Calls `append(character)` for each character; what is not UTF-8, or a control character that
/// neither HTML nor JSON may hold, becomes U+FFFD.
template <typename Append>
void for_each_character(std::string_view text, Append append) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_character_size(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = byte < 0x20 ? byte != '\n' && byte != '\t' : byte == 0x7f;
    append(size == 0 || control ? kReplacement : text.substr(at, size));
    at += std::max<std::size_t>(size, 1);
  }
}

/// JSON needs no plus sign and no zeros in an exponent: `1.5e+06` is `1.5e6`.
void append_short(std::string& out, double value) {
  const std::string digits = fmt::format("{:.{}g}", value == 0 ? 0 : value, kPlottedDigits);
  const std::size_t exponent = digits.find('e');
  if (exponent == std::string::npos) {
    out += digits;
    return;
  }
  out += digits.substr(0, exponent + 1);
  if (digits[exponent + 1] == '-') out += '-';
  out += digits.substr(digits.find_first_not_of("+-0", exponent + 1));
}

}  // namespace

void append_html(std::string& out, std::string_view text) {
  for_each_character(text, [&](std::string_view character) {
    switch (character.front()) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += character;
    }
  });
}

std::string html_text(std::string_view text) {
  std::string out;
  append_html(out, text);
  return out;
}

std::string with_minus_sign(std::string_view figure) {
  const bool negative =
      figure.size() > 1 && figure[0] == '-' && figure[1] >= '0' && figure[1] <= '9';
  return negative ? "\u2212" + std::string(figure.substr(1)) : std::string(figure);
}

std::string with_minus_signs(std::string_view sentence) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool begins = i == 0 || sentence[i - 1] == ' ' || sentence[i - 1] == '(';
    const bool is_figure =
        i + 1 < sentence.size() && sentence[i + 1] >= '0' && sentence[i + 1] <= '9';
    if (begins && is_figure && sentence[i] == '-') {
      out += "\u2212";
    } else {
      out += sentence[i];
    }
  }
  return out;
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for_each_character(text, [&](std::string_view character) {
    switch (character.front()) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '<':
        out += "\\u003c";
        break;
      default:
        out += character;
    }
  });
  out += '"';
}

void append_json(std::string& out, std::span<const double> values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    if (std::isfinite(values[i])) {
      append_short(out, values[i]);
    } else {
      out += "null";
    }
  }
  out += ']';
}

int decimals_for(Unit unit, std::span<const double> values) {
  if (unit == Unit::kPercent) return 2;
  if (unit == Unit::kBps) return 1;
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  if (largest == 0) return 0;
  const int whole_digits = static_cast<int>(std::floor(std::log10(largest))) + 1;
  int decimals = std::clamp(kCellDigits - whole_digits, 0, kMaxDecimals);
  const auto is_zero_digit = [&](double value) {
    return !std::isfinite(value) || fmt::format("{:.{}f}", value, decimals).back() == '0';
  };
  while (decimals > 0 && std::all_of(values.begin(), values.end(), is_zero_digit)) --decimals;
  return decimals;
}

std::string cell_text(double value, Unit unit, int decimals) {
  if (!std::isfinite(value)) return "\u2013";
  const double shown = unit == Unit::kPercent ? 100 * value
                       : unit == Unit::kBps   ? 10'000 * value
                                              : value;
  const double size = std::abs(shown);
  if (size >= kLargestWritten || (decimals == kMaxDecimals && size > 0 && size < kLeastWritten)) {
    return with_minus_sign(fmt::format("{:.{}g}", shown, kCellDigits)) +
           (unit == Unit::kPercent ? " %" : "");
  }
  return with_minus_sign(with_decimals(shown, decimals)) + (unit == Unit::kPercent ? " %" : "");
}

}  // namespace tickwerk::report
