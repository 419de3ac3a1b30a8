#include "tickwerk/job/price_levels.h"

#include <fmt/ranges.h>

#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/job/feature_source.h"
#include "tickwerk/market/names.h"
#include "tickwerk/report/figures.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kMostNamed = 12;

struct Told {
  std::vector<std::string> names;
  std::size_t num_unread = 0;
};

std::optional<expr::Module> module_of(const model::FeatureSource& source) {
  try {
    return factor::select(selection_of(source)).module;
  } catch (const Error& error) {
    if (error.code() == Code::kInternal) throw;
    return {};
  }
}

/// Empty where the text needs what only the bars had.
std::optional<bool> depends_on_level(const expr::Module& module,
                                     const std::string& name,
                                     const model::FeatureSource& source) {
  try {
    expr::Graph graph;
    const std::string names[] = {name};
    const expr::LowerOptions options{
        .fields = expr::FieldTable::of_bars(), .params = source.params, .hint = {}};
    return expr::lower_named(module, names, options, graph).front().depends_on_level;
  } catch (const Error& error) {
    if (error.code() == Code::kInternal) throw;
    return {};
  }
}

Told told_by(const model::DatasetDescription& description, const DatasetRecipe& recipe) {
  if (recipe.price_levels) return {*recipe.price_levels};
  Told told;
  const std::optional<expr::Module> module = module_of(recipe.features);
  for (const model::FeatureText& feature : description.features) {
    const std::optional<bool> depends =
        module ? depends_on_level(*module, feature.name, recipe.features) : std::nullopt;
    if (!depends) ++told.num_unread;
    if (depends.value_or(false)) told.names.push_back(feature.name);
  }
  return told;
}

std::string named(const std::vector<std::string>& names) {
  if (names.size() <= kMostNamed) return fmt::format("{}", fmt::join(names, ", "));
  const std::vector<std::string> first(names.begin(), names.begin() + kMostNamed);
  return fmt::format("{} and {} more", fmt::join(first, ", "),
                     report::count(names.size() - kMostNamed));
}

}  // namespace

model::AuditLine price_level_line(const model::DatasetDescription& description,
                                  const DatasetRecipe& recipe) {
  const Told told = told_by(description, recipe);
  const std::string adjustment = recipe.adjustment.value_or("unknown");
  model::AuditLine line{.check = "price levels",
                        .value = static_cast<double>(told.names.size()),
                        .limit = 0,
                        .text = {}};
  if (adjustment == to_string(market::Adjustment::kRaw)) {
    line.limit = {};
    line.text = "prices are raw: their level is what it was on the day";
  } else if (!told.names.empty()) {
    line.verdict = model::AuditVerdict::kWarning;
    line.text = fmt::format("{} {} on the level of prices, {}", named(told.names),
                            told.names.size() == 1 ? "depends" : "depend",
                            adjustment == to_string(market::Adjustment::kAdjusted)
                                ? "and adjusted ones know later splits and dividends"
                                : "and if they are adjusted, which the input does not say, they "
                                  "know later splits and dividends");
  } else if (told.num_unread > 0) {
    line.verdict = model::AuditVerdict::kNotTested;
    line.value = {};
    line.text = fmt::format("{} cannot be read again without the bars and what stood beside them",
                            report::counted(told.num_unread, "feature"));
  } else {
    line.text =
        "no feature depends on the level of prices, which later splits and dividends change";
  }
  return line;
}

}  // namespace tickwerk::job
