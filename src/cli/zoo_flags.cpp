#include "cli/zoo_flags.h"

#include "cli/job_command.h"
#include "cli/panel_flags.h"
#include "cli/run_flags.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

using model::SplitScheme;

SplitScheme scheme_of(const std::string& word) {
  if (word == "kfold") return SplitScheme::kPurgedKFold;
  if (word == "combinatorial") return SplitScheme::kCombinatorial;
  return SplitScheme::kWalkForward;
}

void require_scheme(const Settings& settings, std::string_view key, std::string_view scheme) {
  if (!settings.given(key) || settings.text("scheme") == scheme) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("{} must come with --scheme {}, found {}", settings.place(key), scheme,
                          settings.text("scheme")));
}

model::SplitConfig splits_of(const Settings& settings) {
  require_scheme(settings, "test_groups", "combinatorial");
  require_scheme(settings, "window", "walk_forward");
  const auto size = [&](std::string_view key) {
    return static_cast<std::size_t>(settings.whole(key));
  };
  model::SplitConfig splits;
  splits.scheme = scheme_of(settings.text("scheme"));
  splits.num_splits = size("splits");
  splits.min_train_dates = size("min_train");
  if (settings.given("test_groups")) splits.num_test_groups = size("test_groups");
  if (settings.given("window")) {
    splits.window = model::TrainWindow::kRolling;
    splits.window_dates = size("window");
  }
  if (settings.given("embargo")) splits.embargo = size("embargo");
  if (settings.on("no_purge")) splits.purge = model::Purge::kNone;
  if (splits.embargo && splits.scheme == SplitScheme::kWalkForward) {
    throw Error(Code::kInvalidArgument,
                fmt::format("{} must come with --scheme kfold or combinatorial, found "
                            "walk_forward, where nothing trains after a test",
                            settings.place("embargo")));
  }
  return splits;
}

}  // namespace

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

FlagGroup zoo_split_flags() {
  FlagGroup group{.title = "Splits", .flags = {}};
  group.flags.push_back({.key = "scheme",
                         .kind = Kind::kChoice,
                         .text = "walk_forward trains on the past alone; kfold and combinatorial "
                                 "test every row and train on both sides, purged",
                         .choices = {"walk_forward", "kfold", "combinatorial"},
                         .default_value = "walk_forward"});
  group.flags.push_back({.key = "splits",
                         .kind = Kind::kWhole,
                         .placeholder = "N",
                         .text = "test windows, folds, or groups of the combinatorial scheme",
                         .range = {.low = 1, .high = 10'000},
                         .default_value = "5"});
  group.flags.push_back(
      {.key = "test_groups",
       .kind = Kind::kWhole,
       .placeholder = "N",
       .text = "groups tested together in the combinatorial scheme (without it 2)",
       .range = {.low = 1, .high = 10'000}});
  group.flags.push_back({.key = "window",
                         .kind = Kind::kWhole,
                         .placeholder = "BARS",
                         .text = "train on the last so many bars only (without it on all before)",
                         .range = {.low = 1, .high = 1'000'000}});
  group.flags.push_back({.key = "embargo",
                         .kind = Kind::kWhole,
                         .placeholder = "BARS",
                         .text = "bars after a test part that train nothing, on top of the purge "
                                 "(without it the label's reach)",
                         .range = {.low = 0, .high = 1'000'000}});
  group.flags.push_back({.key = "min_train",
                         .kind = Kind::kWhole,
                         .placeholder = "BARS",
                         .text = "bars that every split must have left to train on",
                         .range = {.low = 1, .high = 1'000'000},
                         .default_value = "252"});
  group.flags.push_back({.key = "no_purge",
                         .kind = Kind::kSwitch,
                         .text = "keep training rows whose label reaches into the test: shows what "
                                 "a leak looks like, to compare with"});
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
  zoo.splits = splits_of(settings);
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
