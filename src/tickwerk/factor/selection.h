// Which factors and labels a panel holds, as one module of the language: sets and names of the
// catalogue, a user's own file or lines, and the labels of some horizons. Used by panel exports,
// factor analysis and datasets. It parses; it lowers and evaluates nothing.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/expr/module.h"

namespace tickwerk::factor {

struct Selection {
  std::string catalogue = {};  // sets and names with `+` or `,` between them, `core+vol_liquidity`
  std::filesystem::path file = {};  // of the user; empty for none
  std::string lines = {};           // in the language; they may use what the file defines
  std::vector<int> horizons = {};   // bars; each gives fwd_return_h and fwd_trade_h
};

struct SelectedExpressions {
  expr::Module module;
  /// To be lowered, each once: those of the catalogue in the order asked for, of the file, of the
  /// lines. May hold labels where a set or the user defines some.
  std::vector<std::string> names;
  std::vector<std::string> labels;  // fwd_return_h and fwd_trade_h of each horizon
};

/// Throws kNotFound for a set or name that the catalogue lacks (the nearest named),
/// kInvalidArgument for a selection of nothing, a horizon below 1 or given twice, and as
/// expr::Module.
SelectedExpressions select(const Selection& selection);

/// `fwd_return_20`: simple, from this close to the close h bars on.
std::string return_label(int horizon);

/// `fwd_trade_20`: simple, from the next open to the close h bars on.
std::string trade_label(int horizon);

}  // namespace tickwerk::factor
