#include "tickwerk/store/prints.h"

#include <algorithm>
#include <bit>

#include "tickwerk/base/hash.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/store/byte_reader.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::store {
namespace {

constexpr std::size_t kRowsPerTask = 64;
constexpr std::string_view kMagic = "TWPRINT1";
constexpr std::uint64_t kFirstKey = 0x9e3779b97f4a7c15U;
constexpr std::uint64_t kSecondKey = 0xc2b2ae3d27d4eb4fU;

/// The product makes every bit depend on others in a way that no sum of prints undoes, also when
/// the same bit flips in two symbols; the rotations carry its low bits up. One product, not two:
/// vector units are slow at them.
[[gnu::always_inline]] inline std::uint64_t stirred(std::uint64_t x) {
  x = (x & 0xffffffffU) * (x >> 32) + std::rotl(x, 24) + kFirstKey;
  x ^= std::rotl(x, 29) ^ kSecondKey;
  x += std::rotl(x, 17);
  return x ^ std::rotl(x, 41);
}

[[gnu::always_inline]] inline std::uint64_t print_of(std::uint64_t bits, std::uint64_t key) {
  return stirred(bits ^ key);
}

TW_VECTOR_CLONES
std::uint64_t sum_of_prints(const double* values,
                            const double* bar,
                            const std::uint64_t* keys,
                            std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t s = 0; s < size; ++s) {
    const std::uint64_t print = print_of(std::bit_cast<std::uint64_t>(values[s]), keys[s]);
    sum += bar[s] == bar[s] ? print : 0;
  }
  return sum;
}

/// Of values that are the same on every row: their prints are made once.
TW_VECTOR_CLONES
std::uint64_t sum_of_bars(const double* bar, const std::uint64_t* prints, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t s = 0; s < size; ++s) sum += bar[s] == bar[s] ? prints[s] : 0;
  return sum;
}

TW_VECTOR_CLONES
void add_symbol_prints(const double* values,
                       const double* bar,
                       const std::uint64_t* keys,
                       std::uint64_t row_key,
                       std::size_t size,
                       std::uint64_t* sums) {
  for (std::size_t s = 0; s < size; ++s) {
    const std::uint64_t print = print_of(std::bit_cast<std::uint64_t>(values[s]), keys[s]);
    sums[s] += bar[s] == bar[s] ? stirred(print ^ row_key) : 0;
  }
}

TW_VECTOR_CLONES
void count_bars(const double* bar,
                std::size_t size,
                std::int64_t row,
                std::int64_t* first,
                std::int64_t* last,
                std::int64_t* count) {
  for (std::size_t s = 0; s < size; ++s) {
    const bool is_there = bar[s] == bar[s];
    first[s] = is_there && first[s] < 0 ? row : first[s];
    last[s] = is_there ? row : last[s];
    count[s] += is_there ? 1 : 0;
  }
}

std::vector<std::uint64_t> keys_of(const std::vector<std::string>& symbols) {
  std::vector<std::uint64_t> keys;
  keys.reserve(symbols.size());
  for (const std::string& symbol : symbols) {
    Hasher hasher;
    hasher.update(symbol);
    keys.push_back(hasher.low_64());
  }
  return keys;
}

/// Where the values of an input stand; `row` is null for a daily one.
struct Source {
  PanelView panel;
  std::span<const double> daily;
  bool is_known = true;
};

Source source_of(const expr::Inputs& inputs,
                 std::string_view name,
                 std::span<const double> zeros,
                 std::span<const double> places) {
  const auto same_on_every_row = [&](std::span<const double> row) {
    return Source{.panel = {row.data(), inputs.num_rows, row.size(), 0}, .daily = {}};
  };
  if (name == kBarInput) return same_on_every_row(zeros);
  if (name == kPlaceInput) return same_on_every_row(places);
  if (name == "in_universe" && inputs.in_universe.data != nullptr) {
    return {.panel = inputs.in_universe, .daily = {}};
  }
  if (const auto found = inputs.fields.find(name); found != inputs.fields.end()) {
    return {.panel = found->second, .daily = {}};
  }
  if (const auto found = inputs.daily.find(name); found != inputs.daily.end()) {
    return {.panel = {}, .daily = found->second};
  }
  return {.panel = {}, .daily = {}, .is_known = false};
}

/// The rows that are no values of a field.
struct MadeRows {
  explicit MadeRows(std::size_t num_symbols) : zeros(num_symbols, 0.0) {
    for (std::size_t s = 0; s < num_symbols; ++s) places.push_back(static_cast<double>(s));
  }
  std::vector<double> zeros, places;
};

std::size_t most_missing(const expr::Inputs& inputs, std::size_t num_rows) {
  constexpr std::size_t kParts = 8;
  const std::size_t size = inputs.num_symbols;
  const std::size_t grain = std::max<std::size_t>((num_rows + kParts - 1) / kParts, 1);
  std::vector<std::vector<std::int64_t>> firsts(kParts), lasts(kParts), counts(kParts);
  parallel_for(num_rows, grain, [&](std::size_t begin, std::size_t end) {
    const std::size_t part = begin / grain;
    firsts[part].assign(size, -1);
    lasts[part].assign(size, -1);
    counts[part].assign(size, 0);
    for (std::size_t t = begin; t < end; ++t) {
      count_bars(inputs.bar.row(t), size, static_cast<std::int64_t>(t), firsts[part].data(),
                 lasts[part].data(), counts[part].data());
    }
  });
  std::int64_t most = 0;
  for (std::size_t s = 0; s < size; ++s) {
    std::int64_t first = -1, last = -1, count = 0;
    for (std::size_t part = 0; part < kParts; ++part) {
      if (counts[part].empty() || counts[part][s] == 0) continue;
      if (first < 0) first = firsts[part][s];
      last = lasts[part][s];
      count += counts[part][s];
    }
    if (count > 0) most = std::max(most, last - first + 1 - count);
  }
  return static_cast<std::size_t>(most);
}

}  // namespace

Prints make_prints(const market::Bars& bars,
                   const expr::Inputs& inputs,
                   const std::set<std::string, std::less<>>& names,
                   std::size_t num_rows) {
  TW_ZONE("store::make_prints");
  Prints prints{.times = std::span(bars.times).first(num_rows), .rows = {}};
  const std::vector<std::uint64_t> keys = keys_of(bars.symbols);
  const MadeRows made(inputs.num_symbols);
  struct Work {
    Source source;
    std::uint64_t* rows = nullptr;
    std::vector<std::uint64_t> same_on_every_row;  // prints, or empty
  };
  std::vector<Work> work;
  for (const std::string& name : names) {
    const Source source = source_of(inputs, name, made.zeros, made.places);
    if (!source.is_known) continue;
    std::vector<std::uint64_t>& rows = prints.rows[name];
    rows.resize(num_rows);
    work.push_back({.source = source, .rows = rows.data(), .same_on_every_row = {}});
    if (source.panel.data == nullptr || source.panel.stride != 0) continue;
    for (std::size_t s = 0; s < keys.size(); ++s) {
      work.back().same_on_every_row.push_back(
          print_of(std::bit_cast<std::uint64_t>(source.panel.data[s]), keys[s]));
    }
  }
  parallel_for(num_rows, kRowsPerTask, [&](std::size_t begin, std::size_t end) {
    // Field by field, so that memory is read in long stretches; the bars of the rows stay in cache.
    for (const Work& one : work) {
      for (std::size_t t = begin; t < end; ++t) {
        const double* bar = inputs.bar.row(t);
        if (!one.same_on_every_row.empty()) {
          one.rows[t] = sum_of_bars(bar, one.same_on_every_row.data(), keys.size());
        } else if (one.source.daily.empty()) {
          one.rows[t] = sum_of_prints(one.source.panel.row(t), bar, keys.data(), keys.size());
        } else {
          one.rows[t] = stirred(std::bit_cast<std::uint64_t>(one.source.daily[t]) ^ kSecondKey);
        }
      }
    }
  });
  prints.most_missing = most_missing(inputs, num_rows);
  return prints;
}

std::string fingerprint(const Prints& prints,
                        std::string_view input,
                        std::size_t first,
                        std::size_t last) {
  Hasher hasher;
  hasher.update(prints.times.data() + first, (last - first) * sizeof(Timestamp));
  const auto& rows = prints.rows.find(input)->second;
  hasher.update(rows.data() + first, (last - first) * sizeof rows[0]);
  return hasher.hex();
}

std::vector<std::uint64_t> symbol_prints(const market::Bars& bars,
                                         const expr::Inputs& inputs,
                                         std::string_view name,
                                         std::size_t first,
                                         std::size_t last) {
  const std::vector<std::uint64_t> keys = keys_of(bars.symbols);
  const MadeRows made(inputs.num_symbols);
  std::vector<std::uint64_t> sums(inputs.num_symbols, 0);
  const Source source = source_of(inputs, name, made.zeros, made.places);
  if (!source.is_known || !source.daily.empty()) return sums;
  for (std::size_t t = first; t < last; ++t) {
    const auto row_key = stirred(static_cast<std::uint64_t>(bars.times[t].ns) ^ kFirstKey);
    add_symbol_prints(source.panel.row(t), inputs.bar.row(t), keys.data(), row_key,
                      inputs.num_symbols, sums.data());
  }
  return sums;
}

std::string to_bytes(const StoredPrints& prints) {
  std::string bytes(kMagic);
  append_all(bytes, std::span(prints.times));
  append(bytes, std::uint64_t{prints.symbols.size()});
  for (const std::string& symbol : prints.symbols) append_text(bytes, symbol);
  append(bytes, std::uint64_t{prints.rows.size()});
  for (const auto& [name, rows] : prints.rows) {
    append_text(bytes, name);
    append_all(bytes, std::span(rows));
    append_all(bytes, std::span(prints.symbols_of.at(name)));
  }
  return bytes;
}

StoredPrints prints_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.expect(kMagic);
  StoredPrints prints;
  prints.times = reader.all<std::int64_t>();
  const auto num_symbols = reader.value<std::uint64_t>();
  for (std::uint64_t s = 0; s < num_symbols; ++s) prints.symbols.push_back(reader.text());
  const auto num_inputs = reader.value<std::uint64_t>();
  for (std::uint64_t i = 0; i < num_inputs; ++i) {
    const std::string name = reader.text();
    prints.rows[name] = reader.all<std::uint64_t>();
    prints.symbols_of[name] = reader.all<std::uint64_t>();
    const bool fits = prints.rows[name].size() == prints.times.size() &&
                      prints.symbols_of[name].size() == prints.symbols.size();
    if (!fits) {
      throw Error(Code::kCorruptData, "prints of the store must fit their times and symbols");
    }
  }
  reader.expect_end();
  return prints;
}

}  // namespace tickwerk::store
