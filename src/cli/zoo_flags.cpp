#include "cli/zoo_flags.h"

#include "cli/ml.h"
#include "cli/panel_flags.h"
#include "cli/run_flags.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {

FlagGroup zoo_feature_flags() {
  FlagGroup group = panel_flags(Horizons::kOne);
  group.title = "Features and label";
  for (Flag& flag : group.flags) {
    if (flag.key == "factors") {
      flag.text =
          "features: sets and factors of the catalogue with + between them; core+vol_liquidity "
          "where neither -e nor --file says what they are";
    }
    if (flag.key == "horizon") flag.text = "bars that the label looks ahead";
  }
  group.flags.push_back({.key = "label",
                         .kind = Kind::kChoice,
                         .text = "what is predicted: trade is the return from the next open to the "
                                 "close so many bars on, return that from the close that decides",
                         .choices = {"trade", "return"},
                         .default_value = "trade"});
  return group;
}

job::RunConfig zoo_config(const Settings& settings, std::vector<std::string> models) {
  job::RunConfig config = bars_config(settings);
  PanelSelection panel = read_panel_selection(settings);
  job::ZooSettings& zoo = config.zoo;
  if (panel.selection.horizons.size() != 1) {
    throw Error(
        Code::kInvalidArgument,
        fmt::format("--horizon must be one number of bars, found '{}'", settings.text("horizon")));
  }
  zoo.horizon = panel.selection.horizons.front();
  panel.selection.horizons.clear();
  const bool is_said = !panel.selection.catalogue.empty() || !panel.selection.file.empty() ||
                       !panel.selection.lines.empty();
  if (is_said) zoo.features = std::move(panel.selection);
  zoo.params = std::move(panel.params);
  zoo.label = settings.text("label") == "return" ? job::ZooLabel::kReturn : job::ZooLabel::kTrade;
  zoo.models = std::move(models);
  zoo.splits = split_config(settings);
  return config;
}

std::vector<std::string> model_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    std::string_view name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(name.size() + 1, list.size()));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    names.emplace_back(name);
  }
  return names;
}

}  // namespace tickwerk::cli
