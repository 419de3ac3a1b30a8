#include "cli/ml.h"
#include "tickwerk/base/error.h"
#include "tickwerk/model/names.h"

namespace tickwerk::cli {
namespace {

using model::SplitScheme;

void require_scheme(const Settings& settings, std::string_view key, std::string_view scheme) {
  if (!settings.given(key) || settings.text("scheme") == scheme) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("{} must come with --scheme {}, found {}", settings.place(key), scheme,
                          settings.text("scheme")));
}

}  // namespace

FlagGroup split_flags() {
  FlagGroup group{.title = "Splits", .flags = {}};
  group.flags.push_back({.key = "scheme",
                         .kind = Kind::kChoice,
                         .text = "walk_forward trains on the past alone, the only one that could "
                                 "have predicted on its days; purged_kfold and combinatorial test "
                                 "every row and train on both sides, purged",
                         .choices = {"walk_forward", "purged_kfold", "combinatorial"},
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
                         .placeholder = "DATES",
                         .text = "train on the last so many dates only (without it on all before)",
                         .range = {.low = 1, .high = 1'000'000}});
  group.flags.push_back({.key = "embargo",
                         .kind = Kind::kWhole,
                         .placeholder = "BARS",
                         .text = "bars after a test part that train nothing, on top of the purge "
                                 "(without it the label's reach)",
                         .range = {.low = 0, .high = 1'000'000}});
  group.flags.push_back({.key = "min_train",
                         .kind = Kind::kWhole,
                         .placeholder = "DATES",
                         .text = "dates that every split must have left to train on",
                         .range = {.low = 1, .high = 1'000'000},
                         .default_value = "252"});
  group.flags.push_back({.key = "no_purge",
                         .kind = Kind::kSwitch,
                         .text = "keep training rows whose label reaches into the test: shows what "
                                 "a leak looks like, to compare with"});
  return group;
}

model::SplitConfig split_config(const Settings& settings) {
  require_scheme(settings, "test_groups", "combinatorial");
  require_scheme(settings, "window", "walk_forward");
  const auto size = [&](std::string_view key) {
    return static_cast<std::size_t>(settings.whole(key));
  };
  model::SplitConfig splits{.set_by = model::SetBy::kFlags};
  splits.scheme = model::parse_split_scheme(settings.text("scheme"));
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
                fmt::format("{} must come with --scheme purged_kfold or combinatorial, found "
                            "walk_forward, where nothing trains after a test",
                            settings.place("embargo")));
  }
  return splits;
}

}  // namespace tickwerk::cli
