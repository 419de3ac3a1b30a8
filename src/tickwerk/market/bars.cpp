#include "tickwerk/market/bars.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tickwerk/base/hash.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {

const Panel& Bars::field(std::string_view name) const {
  const auto found = fields.find(name);
  if (found != fields.end()) return found->second;
  if (const auto label = labels.find(name); label != labels.end()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a field must not know the future, found {}, a label of {}", name,
                            label->second));
  }
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const auto& [field, panel] : fields) names.push_back(field);
  throw Error(Code::kNotFound, fmt::format("bars must have the field '{}', found only {}", name,
                                           fmt::join(names, ", ")));
}

std::size_t Bars::column(std::string_view symbol) const noexcept {
  const auto at = std::lower_bound(symbols.begin(), symbols.end(), symbol);
  return at != symbols.end() && *at == symbol ? static_cast<std::size_t>(at - symbols.begin())
                                              : symbols.size();
}

std::size_t Bars::first_row_at(Timestamp time) const noexcept {
  return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) -
                                  times.begin());
}

std::string fingerprint(const Bars& bars) {
  TW_ZONE("fingerprint");
  Hasher hasher;
  hasher.update(bars.times.data(), bars.times.size() * sizeof(Timestamp));
  for (const std::string& symbol : bars.symbols) hasher.update(symbol);
  for (const auto& [name, panel] : bars.fields) {
    hasher.update(name);
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      hasher.update(std::span(panel.row(t), panel.num_symbols()));
    }
  }
  return hasher.hex();
}

}  // namespace tickwerk::market
