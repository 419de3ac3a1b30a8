#include "cli/panel_flags.h"

#include <charconv>

#include "cli/expressions.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

std::vector<int> horizons_of(std::string_view list) {
  std::vector<int> horizons;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(','));
    int horizon = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), horizon);
    if (error != std::errc() || end != word.data() + word.size()) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("--horizon must be whole numbers of bars with commas between them, "
                              "found '{}'",
                              word));
    }
    horizons.push_back(horizon);
    list.remove_prefix(std::min(word.size() + 1, list.size()));
  }
  return horizons;
}

}  // namespace

FlagGroup panel_flags(std::string_view default_horizon) {
  FlagGroup group = expression_flags();
  group.title = "Factors";
  const std::vector<Flag> chosen = {
      {.key = "factors",
       .placeholder = "NAMES",
       .text = "sets and factors of the catalogue with + between them, `core+vol_liquidity`"},
      {.key = "horizon",
       .placeholder = "BARS",
       .text = "how far labels look ahead, several with commas between them: fwd_return_h from "
               "close to close, fwd_trade_h from the next open",
       .default_value = default_horizon}};
  group.flags.insert(group.flags.begin(), chosen.begin(), chosen.end());
  return group;
}

PanelSelection read_panel_selection(const Settings& settings) {
  return {.selection = {.catalogue = settings.text("factors"),
                        .file = settings.text("file"),
                        .lines = fmt::format("{}", fmt::join(settings.texts("expr"), "\n")),
                        .horizons = horizons_of(settings.text("horizon"))},
          .params = params_of(settings)};
}

}  // namespace tickwerk::cli
