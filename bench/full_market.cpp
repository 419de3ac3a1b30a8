#include "full_market.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tickwerk/base/random.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::bench {
namespace {

constexpr double kCent = 0.01;
constexpr std::size_t kDrawnPerWanted = 3;  // about half of the symbols have every bar

bool has_every_bar(const Panel& close, std::size_t symbol) {
  for (std::size_t t = 0; t < close.num_rows(); ++t) {
    if (std::isnan(close(t, symbol))) return false;
  }
  return true;
}

/// Makes low <= open, close <= high true again.
void widen(const Panel& open, const Panel& close, Panel& high, Panel& low) {
  for (std::size_t t = 0; t < open.num_rows(); ++t) {
    for (std::size_t i = 0; i < open.num_symbols(); ++i) {
      high(t, i) = std::max({high(t, i), open(t, i), close(t, i)});
      low(t, i) = std::min({low(t, i), open(t, i), close(t, i)});
    }
  }
}

}  // namespace

market::Bars make_full_market(const FullMarket& wanted) {
  const market::Bars drawn =
      market::make_synthetic({.num_symbols = kDrawnPerWanted * wanted.num_symbols,
                              .num_sessions = wanted.num_sessions,
                              .seed = wanted.seed});
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < drawn.num_symbols() && kept.size() < wanted.num_symbols; ++i) {
    if (has_every_bar(drawn.close(), i)) kept.push_back(i);
  }
  if (kept.size() < wanted.num_symbols) {
    throw Error(Code::kInternal, fmt::format("{} symbols with every bar are needed, found {} of {}",
                                             wanted.num_symbols, kept.size(), drawn.num_symbols()));
  }

  market::Bars bars;
  bars.frequency = drawn.frequency;
  bars.adjustment = drawn.adjustment;
  bars.times = drawn.times;
  for (const std::size_t i : kept) bars.symbols.push_back(drawn.symbols[i]);
  std::uint64_t stream = 0;
  for (const auto& [name, from] : drawn.fields) {
    const RandomStream random{wanted.seed, stream++};
    const double reach = name == "volume" ? 0 : kCent;
    Panel to(from.num_rows(), kept.size(), kNaN);
    for (std::size_t t = 0; t < from.num_rows(); ++t) {
      for (std::size_t k = 0; k < kept.size(); ++k) {
        to(t, k) = from(t, kept[k]) + reach * (random.uniform(t * kept.size() + k) - 0.5);
      }
    }
    bars.fields.emplace(name, std::move(to));
  }
  widen(bars.field("open"), bars.field("close"), bars.fields.at("high"), bars.fields.at("low"));
  return bars;
}

}  // namespace tickwerk::bench
