// A market with everything that goes wrong in data, for the tests of properties: late listings,
// delistings, holes, a long halt, missing volume, ties, constants, spikes of 1e9. Rows and columns
// of it can be taken, moved and changed. Not part of the program.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/expr/inputs.h"
#include "tickwerk/expr/module.h"

namespace tickwerk::expr {

struct TroubledMarket {
  Panel bar, in_universe;
  std::map<std::string, Panel> fields;

  std::size_t num_rows() const { return bar.num_rows(); }
  std::size_t num_symbols() const { return bar.num_symbols(); }
  bool has_bar(std::size_t t, std::size_t s) const { return !std::isnan(bar(t, s)); }

  /// Rows [first, last).
  Inputs inputs(std::size_t first, std::size_t last) const {
    Inputs result;
    result.num_rows = last - first;
    result.num_symbols = num_symbols();
    result.bar = bar.view().rows(first, last);
    result.in_universe = in_universe.view().rows(first, last);
    for (const auto& [name, panel] : fields) {
      result.fields.emplace(name, panel.view().rows(first, last));
    }
    return result;
  }
  Inputs inputs() const { return inputs(0, num_rows()); }

  /// Own bars of the symbol on rows [first, last).
  std::int64_t num_bars(std::size_t s, std::size_t first, std::size_t last) const {
    std::int64_t count = 0;
    for (std::size_t t = first; t < last; ++t) count += has_bar(t, s) ? 1 : 0;
    return count;
  }

  /// Column i is column `from[i]`.
  TroubledMarket with_symbols(const std::vector<std::size_t>& from) const {
    TroubledMarket other;
    const auto pick = [&](const Panel& panel) {
      Panel picked(panel.num_rows(), from.size());
      for (std::size_t t = 0; t < panel.num_rows(); ++t) {
        for (std::size_t s = 0; s < from.size(); ++s) picked(t, s) = panel(t, from[s]);
      }
      return picked;
    };
    other.bar = pick(bar);
    other.in_universe = pick(in_universe);
    for (const auto& [name, panel] : fields) other.fields.emplace(name, pick(panel));
    return other;
  }

  TroubledMarket copy() const {
    std::vector<std::size_t> all;
    for (std::size_t s = 0; s < num_symbols(); ++s) all.push_back(s);
    return with_symbols(all);
  }

  /// Every value of every field but the groups becomes change(field, row, symbol, value).
  using Change = std::function<double(const std::string&, std::size_t, std::size_t, double)>;
  TroubledMarket changed(const Change& change) const {
    TroubledMarket other = copy();
    for (auto& [name, panel] : other.fields) {
      if (name == "sector") continue;
      for (std::size_t t = 0; t < num_rows(); ++t) {
        for (std::size_t s = 0; s < num_symbols(); ++s) {
          panel(t, s) = change(name, t, s, panel(t, s));
        }
      }
    }
    return other;
  }
};

inline bool is_price(std::string_view field) {
  return field == "open" || field == "high" || field == "low" || field == "close";
}

/// 19 symbols x 260 rows. Beside the bars: `noisy` with islands of NaN around 0, `tied` of few
/// whole numbers and constants, `gentle` in (0.5, 1.5) without NaN, `missing` without a value.
inline TroubledMarket troubled_market(std::uint64_t seed) {
  constexpr std::size_t kRows = 260, kSymbols = 19;
  TroubledMarket market;
  const RandomStream random{.seed = seed};
  market.bar = Panel(kRows, kSymbols, kNaN);
  market.in_universe = Panel(kRows, kSymbols, 1);
  for (const char* name :
       {"open", "high", "low", "close", "volume", "noisy", "tied", "gentle", "missing", "sector"}) {
    market.fields.emplace(name, Panel(kRows, kSymbols, kNaN));
  }
  std::uint64_t index = 0;
  const auto uniform = [&] { return random.uniform(index++); };
  for (std::size_t s = 0; s < kSymbols; ++s) {
    double price = 20 + 80 * uniform();
    for (std::size_t t = 0; t < kRows; ++t) {
      const double hole = uniform();
      price *= 0.97 + 0.06 * uniform();
      if (s == 4 && t / 40 % 2 == 1) price = 50;  // stands still
      const bool spike = s == 6 && t % 97 == 60;
      const double close = spike ? 1e9 : s == 5 ? std::round(price) : price;
      const double open = s == 5 ? std::round(price * 1.01) : close * (0.99 + 0.02 * uniform());
      market.in_universe(t, s) = s == 2 && t / 20 % 2 == 1 ? 0 : 1;
      market.fields.at("sector")(t, s) = s == 17 ? kNaN : static_cast<double>(s % 3);
      const bool absent = (s >= 10 && t < 9 * (s - 9)) || (s == 7 && t > 170) ||
                          (s == 8 && hole < 0.25 && t % 6 != 0) ||
                          (s == 9 && t >= 110 && t < 140) || s == 18;
      if (absent) continue;
      market.bar(t, s) = close;
      market.fields.at("close")(t, s) = close;
      market.fields.at("open")(t, s) = open;
      market.fields.at("high")(t, s) = std::max(open, close) * (1 + 0.01 * uniform());
      market.fields.at("low")(t, s) = std::min(open, close) * (1 - 0.01 * uniform());
      const double volume = std::floor(1000 + 9000 * uniform());
      market.fields.at("volume")(t, s) = uniform() < 0.015 ? kNaN : volume;
      const bool island = t / 9 % 4 == s % 4 && s % 2 == 0;
      market.fields.at("noisy")(t, s) = island ? kNaN : uniform() - uniform();
      market.fields.at("tied")(t, s) = s % 5 == 1 ? 2 : std::floor(4 * uniform());
      market.fields.at("gentle")(t, s) = 0.5 + uniform();
    }
  }
  return market;
}

/// The names of its fields.
inline LowerOptions fields_of_market() {
  LowerOptions options;
  for (const char* name : {"noisy", "tied", "gentle", "missing"}) {
    options.fields.series.emplace(name, Shape::kPanel);
  }
  options.fields.groups.emplace("sector", "sectors.csv");
  return options;
}

}  // namespace tickwerk::expr
