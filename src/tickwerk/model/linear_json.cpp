#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/base/error.h"
#include "tickwerk/model/linear.h"

namespace tickwerk::model {
namespace {

// Keys in the order in which they are written.
using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "tickwerk linear model";
constexpr std::int64_t kVersion = 1;

struct KindName {
  ModelKind kind;
  std::string_view name;
};
constexpr KindName kKinds[] = {
    {ModelKind::kLinear, "linear"}, {ModelKind::kRidge, "ridge"}, {ModelKind::kLasso, "lasso"}};

[[noreturn]] void refuse(const std::string& found) {
  throw Error(Code::kCorruptData,
              fmt::format("a linear model must be as tickwerk wrote it, found {}", found));
}

double finite(const Json& value, const char* key) {
  if (!value.is_number()) refuse(fmt::format("{} in '{}'", value.dump(), key));
  const double number = value.get<double>();
  if (!std::isfinite(number)) refuse(fmt::format("{} in '{}'", number, key));
  return number;
}

const Json& member(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) refuse(fmt::format("no '{}'", key));
  return *found;
}

double number(const Json& json, const char* key) { return finite(member(json, key), key); }

std::vector<double> numbers(const Json& json, const char* key) {
  const Json& list = member(json, key);
  if (!list.is_array()) refuse(fmt::format("no list in '{}'", key));
  std::vector<double> result;
  for (const Json& value : list) result.push_back(finite(value, key));
  return result;
}

ModelKind kind_of(const Json& json) {
  const Json& name = member(json, "kind");
  for (const KindName& known : kKinds) {
    if (name == known.name) return known.kind;
  }
  refuse(fmt::format("kind {}", name.dump()));
}

void check_version(const Json& json) {
  if (!json.is_object() || json.value("format", Json()) != kFormat) refuse("another format");
  const Json& version = member(json, "version");
  if (!version.is_number_integer() || version.get<std::int64_t>() < 1) {
    refuse(fmt::format("version {}", version.dump()));
  }
  if (version.get<std::int64_t>() > kVersion) {
    throw Error(Code::kUnsupported,
                fmt::format("a linear model must have version {} or older, found {}", kVersion,
                            version.dump()));
  }
}

void check_numbers(const LinearNumbers& model) {
  if (model.alpha < 0) refuse(fmt::format("alpha {}", model.alpha));
  const std::size_t size = model.coefficient.size();
  if (model.mean.size() != size || model.deviation.size() != size) {
    refuse(fmt::format("{} coefficients, {} means and {} deviations", size, model.mean.size(),
                       model.deviation.size()));
  }
  for (std::size_t f = 0; f < size; ++f) {
    const double deviation = model.deviation[f];
    if (deviation < 0 || (deviation == 0 && model.coefficient[f] != 0)) {
      refuse(fmt::format("deviation {} beside coefficient {} of feature {}", deviation,
                         model.coefficient[f], f));
    }
  }
}

}  // namespace

std::string linear_to_json(const FittedModel& model) {
  const auto* const linear = dynamic_cast<const LinearModel*>(&model);
  if (linear == nullptr) {
    throw Error(Code::kInvalidArgument, "a model must be linear to be written as one");
  }
  const LinearNumbers& of = linear->numbers();
  Json json;
  json["format"] = kFormat;
  json["version"] = kVersion;
  for (const KindName& known : kKinds) {
    if (of.kind == known.kind) json["kind"] = known.name;
  }
  json["alpha"] = of.alpha;
  json["num_rows"] = of.num_rows;
  json["intercept"] = of.intercept;
  json["coefficients"] = of.coefficient;
  json["means"] = of.mean;
  json["deviations"] = of.deviation;
  return json.dump(1) + "\n";
}

std::unique_ptr<LinearModel> linear_from_json(std::string_view text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    refuse(error.what());
  }
  check_version(json);
  LinearNumbers result;
  result.kind = kind_of(json);
  result.alpha = number(json, "alpha");
  const Json& rows = member(json, "num_rows");
  if (!rows.is_number_unsigned()) refuse(fmt::format("{} in 'num_rows'", rows.dump()));
  result.num_rows = rows.get<std::size_t>();
  result.intercept = number(json, "intercept");
  result.coefficient = numbers(json, "coefficients");
  result.mean = numbers(json, "means");
  result.deviation = numbers(json, "deviations");
  check_numbers(result);
  return std::make_unique<LinearModel>(std::move(result));
}

}  // namespace tickwerk::model
