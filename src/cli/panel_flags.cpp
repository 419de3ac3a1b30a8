#include "cli/panel_flags.h"

#include <charconv>

#include "cli/expressions.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
std::vector<int> horizons_of(const Settings& settings, std::string_view key) {
  const std::string given = settings.text(key);
  std::vector<int> horizons;
  for (std::string_view list = given; !list.empty();) {
    const std::string_view word = list.substr(0, list.find(','));
    int horizon = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), horizon);
    if (error != std::errc() || end != word.data() + word.size() || horizon < 1) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("--{} must be whole numbers of bars, at least 1, with commas between "
                              "them, found '{}'",
                              key, word));
    }
    horizons.push_back(horizon);
    list.remove_prefix(std::min(word.size() + 1, list.size()));
  }
  return horizons;
}

FlagGroup panel_flags(Horizons horizons) {
  FlagGroup group = expression_flags();
  group.title = "Factors";
  const std::vector<Flag> chosen = {
      {.key = "factors",
       .placeholder = "NAMES",
       .text = "sets and factors of the catalogue with + between them, `core+vol_liquidity`"},
      {.key = "horizon",
       .placeholder = "BARS",
       .text =
           horizons == Horizons::kSeveral
               ? "how far labels look ahead, several with commas between them: fwd_return_h "
                 "from close to close, fwd_trade_h from the next open"
               : "how far labels look ahead: fwd_return_h from close to close, fwd_trade_h from "
                 "the next open",
       .default_value = "20"}};
  group.flags.insert(group.flags.begin(), chosen.begin(), chosen.end());
  return group;
}

PanelSelection read_panel_selection(const Settings& settings) {
  return {.selection = {.catalogue = settings.text("factors"),
                        .file = settings.text("file"),
                        .lines = fmt::format("{}", fmt::join(settings.texts("expr"), "\n")),
                        .horizons = horizons_of(settings, "horizon")},
          .params = params_of(settings)};
}

}  // namespace tickwerk::cli
