#include "tickwerk/factor/altered_bars.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tickwerk/base/random.h"

namespace tickwerk::factor {
namespace {

constexpr double kHugeValue = 1e9;
constexpr std::array kEachFuture = {Future::kOther, Future::kHuge, Future::kMissing};

market::Bars without_fields(const market::Bars& bars, std::size_t num_rows) {
  market::Bars copy;
  copy.frequency = bars.frequency;
  copy.adjustment = bars.adjustment;
  copy.times.assign(bars.times.begin(), bars.times.begin() + static_cast<std::ptrdiff_t>(num_rows));
  copy.symbols = bars.symbols;
  return copy;
}

Panel first_rows(const Panel& panel, std::size_t num_rows) {
  Panel copy(num_rows, panel.num_symbols());
  std::copy_n(panel.row(0), num_rows * panel.stride(), copy.row(0));
  return copy;
}

bool is_price(std::string_view field) {
  return field == "open" || field == "high" || field == "low" || field == "close";
}

/// Multiplies a symbol's values on rows after `last_row`; the four prices of a bar alike.
void change(Panel& panel,
            std::size_t symbol,
            std::size_t last_row,
            Future future,
            const RandomStream& random) {
  for (std::size_t t = last_row + 1; t < panel.num_rows(); ++t) {
    double& value = panel(t, symbol);
    if (value != value) continue;
    switch (future) {
      case Future::kOther:
        value = value * (0.5 + random.uniform(t)) + (value == 0 ? 1.0 : 0.0);
        break;
      case Future::kHuge:
        value = kHugeValue;
        break;
      case Future::kMissing:
      case Future::kMixed:
        value = kNaN;
        break;
    }
  }
}

}  // namespace

market::Bars cut_after(const market::Bars& bars, std::size_t last_row) {
  market::Bars cut = without_fields(bars, last_row + 1);
  for (const auto& [name, panel] : bars.fields) {
    cut.fields.emplace(name, first_rows(panel, last_row + 1));
  }
  return cut;
}

market::Bars with_other_future(const market::Bars& bars,
                               std::size_t last_row,
                               Future future,
                               std::uint64_t seed) {
  market::Bars altered = without_fields(bars, bars.num_rows());
  std::uint64_t stream = bars.num_symbols();  // below it: the prices, one stream a symbol
  for (const auto& [name, panel] : bars.fields) {
    Panel copy = first_rows(panel, bars.num_rows());
    for (std::size_t s = 0; s < bars.num_symbols(); ++s, ++stream) {
      if (name == "in_universe") {
        for (std::size_t t = last_row + 1; t < copy.num_rows(); ++t) copy(t, s) = 1 - copy(t, s);
        continue;
      }
      const Future of_symbol = future == Future::kMixed ? kEachFuture[(s + seed) % 3] : future;
      change(copy, s, last_row, of_symbol, {seed, is_price(name) ? s : stream});
    }
    altered.fields.emplace(name, std::move(copy));
  }
  return altered;
}

void forget_later_bars(market::Bars& altered, std::size_t last_row, const FieldsAhead& fields) {
  const Panel& close = altered.close();
  for (const auto& [name, ahead] : fields) {
    Panel& panel = altered.fields.find(name)->second;
    for (std::size_t s = 0; s < altered.num_symbols(); ++s) {
      std::int64_t left = ahead;
      for (std::size_t t = last_row + 1; t-- > 0 && left > 0;) {
        if (std::isnan(close(t, s))) continue;
        panel(t, s) = kNaN;
        --left;
      }
    }
  }
}

}  // namespace tickwerk::factor
