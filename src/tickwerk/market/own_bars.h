// From panels to the series of one symbol and back: the symbol's own bars in time order, without
// the rows on which it has none. Used where a feature counts a symbol's own bars.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "tickwerk/market/bars.h"

namespace tickwerk::market {

/// Computes one value per bar of a symbol from the series of some of its fields, all of the same
/// size.
using SeriesFunction =
    std::function<void(std::span<const std::vector<double>> fields, std::span<double> out)>;

/// A panel like those of the bars whose columns are `function` of the symbol's own bars (those with
/// a close); NaN where the symbol has no bar. Parallel over symbols; allocates one series per field
/// and symbol.
Panel map_own_bars(const Bars& bars,
                   std::initializer_list<std::string_view> fields,
                   const SeriesFunction& function);

}  // namespace tickwerk::market
