#include "tickwerk/job/sweep_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/io/number.h"

namespace tickwerk::job {
namespace {

constexpr int kDigits = 12;       // of a value made by steps
constexpr double kNearly = 1e-9;  // of a step: by how much the high end may be missed

[[noreturn]] void refuse(std::string_view rule, std::string_view found) {
  throw Error(Code::kInvalidArgument, fmt::format("{}, found '{}'", rule, found));
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::string_view> parts_of(std::string_view list, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = list.find(separator);
    parts.push_back(list.substr(0, end));
    if (end == std::string_view::npos) return parts;
    list.remove_prefix(end + 1);
  }
}

double rounded(double value) {
  std::string text;
  io::append_rounded(text, value, kDigits);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value + 0.0;
}

std::vector<double> steps_of(std::string_view range, std::string_view whole) {
  std::vector<double> parts;
  for (const std::string_view part : parts_of(range, ':')) {
    if (const auto number = number_of(part)) parts.push_back(*number);
  }
  if (parts.size() != 3 || std::ranges::count(range, ':') != 2) {
    refuse("a range of a swept parameter must be low:high:step, three finite numbers", whole);
  }
  const double low = parts[0], high = parts[1], step = parts[2];
  if (!(step > 0)) refuse("the step of a swept parameter must be above 0", whole);
  if (!(low <= high)) refuse("the low end of a swept parameter must not be above its high", whole);
  const double num_steps = std::floor((high - low) / step + kNearly);
  if (!(num_steps < static_cast<double>(kMaxCombinations))) {
    refuse(fmt::format("a swept parameter must have at most {} values", kMaxCombinations), whole);
  }
  std::vector<double> values;
  for (double k = 0; k <= num_steps; ++k) values.push_back(rounded(low + k * step));
  return values;
}

}  // namespace

SweepGrid::SweepGrid(std::vector<SweptParameter> parameters) : parameters_(std::move(parameters)) {
  if (parameters_.empty()) {
    throw Error(Code::kInvalidArgument, "a sweep must have at least one parameter, found none");
  }
  size_ = 1;
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    const SweptParameter& parameter = parameters_[k];
    TW_CHECK(parameter.values.size(), >, 0U);
    for (std::size_t other = 0; other < k; ++other) {
      if (parameters_[other].name == parameter.name) {
        refuse("each parameter must be swept once only", parameter.name);
      }
    }
    if (parameter.values.size() > kMaxCombinations / size_) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a sweep must have at most {} combinations, found more with '{}'",
                              kMaxCombinations, parameter.name));
    }
    size_ *= parameter.values.size();
  }
}

std::vector<std::size_t> SweepGrid::places(std::size_t combination) const {
  std::vector<std::size_t> places(parameters_.size());
  for (std::size_t k = parameters_.size(); k-- > 0;) {
    places[k] = combination % parameters_[k].values.size();
    combination /= parameters_[k].values.size();
  }
  return places;
}

double SweepGrid::value(std::size_t combination, std::size_t parameter) const {
  return parameters_[parameter].values[places(combination)[parameter]];
}

std::string SweptParameter::text(std::size_t place) const {
  if (has_words()) return words[place];
  std::string text;
  io::append_number(text, values[place]);
  return text;
}

SweptParameter parse_swept(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals + 1 == text.size()) {
    refuse("what is swept must be name=low:high:step or name=a,b,c", text);
  }
  SweptParameter parameter{.name = std::string(text.substr(0, equals)), .values = {}};
  const std::string_view list = text.substr(equals + 1);
  if (list.find(':') != std::string_view::npos) {
    parameter.values = steps_of(list, text);
    return parameter;
  }
  const std::vector<std::string_view> parts = parts_of(list, ',');
  if (std::ranges::find(parts, std::string_view()) != parts.end()) {
    refuse("no value of a swept parameter must be empty", text);
  }
  for (const std::string_view part : parts) {
    if (const auto number = number_of(part)) parameter.values.push_back(*number);
  }
  std::vector<std::string_view> words = parts;
  std::ranges::sort(words);
  std::vector<double> sorted = parameter.values;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(words) != words.end() ||
      std::ranges::adjacent_find(sorted) != sorted.end()) {
    refuse("the values of a swept parameter must differ", text);
  }
  if (parameter.values.size() == parts.size()) return parameter;
  parameter.words.assign(parts.begin(), parts.end());
  parameter.values.resize(parts.size());
  std::iota(parameter.values.begin(), parameter.values.end(), 0.0);
  return parameter;
}

SweepGrid parse_grid(std::span<const std::string> texts) {
  std::vector<SweptParameter> parameters;
  for (const std::string& text : texts) parameters.push_back(parse_swept(text));
  return SweepGrid(std::move(parameters));
}

}  // namespace tickwerk::job
