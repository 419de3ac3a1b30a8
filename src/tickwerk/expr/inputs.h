// The data that expressions read, by name: panels of fields, groups, who is a member of the
// universe. Given by whoever holds bars; nothing here owns or copies a panel.
#pragma once

#include <map>
#include <span>
#include <string>

#include "tickwerk/panel/panel.h"

namespace tickwerk::expr {

struct Inputs {
  std::size_t num_rows = 0;
  std::size_t num_symbols = 0;
  PanelView bar;  // a symbol has a bar where this (the close) is not NaN; windows count these bars
  std::map<std::string, PanelView, std::less<>> fields;  // series and group codes, [time, symbol]
  std::map<std::string, std::span<const double>, std::less<>> daily;  // one value a row
  PanelView in_universe;  // 1 member, 0 not, of the day; empty = every symbol with a bar
};

}  // namespace tickwerk::expr
