#include "cli/flag.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/base/nearest.h"
#include "tickwerk/base/time.h"
#include "tickwerk/io/number.h"

namespace tickwerk::cli {
namespace {

template <typename T>
std::optional<T> parsed(std::string_view text) {
  T value{};
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::string words(double value) {
  if (std::abs(value) < 1e15 && value == std::floor(value)) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  std::string text;
  io::append_number(text, value);
  return text;
}

bool inside(const Range& range, double value) {
  const bool above = range.low_bound == Bound::kIncluded ? value >= range.low : value > range.low;
  const bool below =
      range.high_bound == Bound::kIncluded ? value <= range.high : value < range.high;
  return std::isfinite(value) && above && below;
}

std::string rule_of_range(std::string_view noun, const Range& range) {
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  const bool above = range.low_bound == Bound::kExcluded;
  const bool below = range.high_bound == Bound::kExcluded;
  if (!low && !high) return fmt::format("{} that is finite", noun);
  if (low && high && !above && !below) {
    return fmt::format("{} from {} to {}", noun, words(range.low), words(range.high));
  }
  std::string text(noun);
  if (low) text += fmt::format(" {} {}", above ? "above" : "of at least", words(range.low));
  if (low && high) text += " and";
  if (high) text += fmt::format(" {} {}", below ? "below" : "at most", words(range.high));
  return text;
}

bool is_pairs(std::string_view value) {
  while (true) {
    const std::size_t comma = value.find(',');
    const std::string_view pair = value.substr(0, comma);
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    const std::optional<double> number = parsed<double>(pair.substr(equals + 1));
    if (!number || !std::isfinite(*number)) return false;
    if (comma == std::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

bool fits(const Flag& flag, std::string_view value) {
  switch (flag.kind) {
    case Kind::kSwitch:
      return value == "true" || value == "false";
    case Kind::kText:
    case Kind::kTexts:
    case Kind::kWords:
      return !value.empty();
    case Kind::kOptionalText:
      return true;
    case Kind::kWhole: {
      const auto number = parsed<std::int64_t>(value);
      return number && inside(flag.range, static_cast<double>(*number));
    }
    case Kind::kNumber: {
      const auto number = parsed<double>(value);
      return number && inside(flag.range, *number);
    }
    case Kind::kChoice:
      return std::ranges::find(flag.choices, value) != flag.choices.end();
    case Kind::kDate:
      return parse_date(value).has_value();
    case Kind::kPairs:
      return is_pairs(value);
  }
  return false;
}

std::string said_where(const Flag& flag, std::string_view place) {
  return place == spelling(flag) ? std::string() : fmt::format(" ({})", place);
}

}  // namespace

std::string spelling(const Flag& flag) {
  std::string text = fmt::format("--{}", flag.name.empty() ? flag.key : flag.name);
  std::ranges::replace(text, '_', '-');
  return text;
}

std::string rule(const Flag& flag) {
  switch (flag.kind) {
    case Kind::kSwitch:
      return "true or false";
    case Kind::kText:
    case Kind::kTexts:
    case Kind::kWords:
    case Kind::kOptionalText:
      return "a text that is not empty";
    case Kind::kWhole:
      return rule_of_range("a whole number", flag.range);
    case Kind::kNumber:
      return rule_of_range("a number", flag.range);
    case Kind::kChoice:
      return fmt::format("one of {}", fmt::join(flag.choices, ", "));
    case Kind::kDate:
      return "a day that exists, as YYYY-MM-DD";
    case Kind::kPairs:
      return "name=number";
  }
  return {};
}

void check(const Flag& flag, std::string_view value, std::string_view place) {
  if (std::ranges::find(flag.later_choices, value) != flag.later_choices.end()) {
    throw Error(Code::kUnsupported, fmt::format("{} {} is not available in this version{}",
                                                spelling(flag), value, said_where(flag, place)));
  }
  if (fits(flag, value)) return;
  std::string hint;
  if (flag.kind == Kind::kChoice) {
    const std::vector<std::string> names(flag.choices.begin(), flag.choices.end());
    hint = nearest_hint(value, names);
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("{} must be {}, found '{}'{}{}", spelling(flag), rule(flag), value, hint,
                          said_where(flag, place)));
}

}  // namespace tickwerk::cli
