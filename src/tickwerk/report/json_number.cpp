#include "tickwerk/report/json_number.h"

#include <charconv>
#include <cmath>
#include <string>

#include "tickwerk/io/number.h"

namespace tickwerk::report {
namespace {

constexpr int kDigits = 12;

}  // namespace

nlohmann::json json_number(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  std::string text;
  io::append_rounded(text, *value, kDigits);
  double rounded = 0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded + 0.0;  // no negative zero
}

}  // namespace tickwerk::report
