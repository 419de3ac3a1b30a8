#include "tickwerk/store/state_file.h"

#include <algorithm>
#include <utility>

#include "tickwerk/store/byte_reader.h"

namespace tickwerk::store {
namespace {

constexpr std::string_view kMagic = "TWSTATE1";

void check(std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw Error(Code::kCorruptData,
              fmt::format("a state of the store must have {} values, found {}", expected, found));
}

}  // namespace

std::string to_bytes(const NamedState& named) {
  const expr::State& state = named.state;
  std::string bytes(kMagic);
  append(bytes, std::uint64_t{named.symbols.size()});
  for (const std::string& symbol : named.symbols) append_text(bytes, symbol);
  append(bytes, std::uint64_t{state.num_rows});
  append(bytes, std::uint64_t{state.first_row});
  append_all(bytes, std::span(state.bars_before));
  append_all(bytes, std::span(state.num_bars));
  append_all(bytes, std::span(state.stopped));
  append(bytes, std::uint64_t{state.recursions.size()});
  for (const auto& [text, recursion] : state.recursions) {
    append_text(bytes, text);
    append(bytes, std::uint64_t{recursion.row});
    append(bytes, std::uint64_t{recursion.is_daily ? 1U : 0U});
    append_all(bytes, std::span(recursion.values));
  }
  return bytes;
}

NamedState state_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.expect(kMagic);
  NamedState named;
  expr::State& state = named.state;
  const auto num_symbols = reader.value<std::uint64_t>();
  for (std::uint64_t s = 0; s < num_symbols; ++s) named.symbols.push_back(reader.text());
  state.num_rows = reader.value<std::uint64_t>();
  state.first_row = reader.value<std::uint64_t>();
  state.bars_before = reader.all<std::int64_t>();
  state.num_bars = reader.all<std::int64_t>();
  state.stopped = reader.all<std::uint8_t>();
  check(state.bars_before.size(), num_symbols);
  check(state.num_bars.size(), num_symbols);
  check(state.stopped.size(), num_symbols);
  const auto num_recursions = reader.value<std::uint64_t>();
  for (std::uint64_t i = 0; i < num_recursions; ++i) {
    expr::State::Recursion& recursion = state.recursions[reader.text()];
    recursion.row = reader.value<std::uint64_t>();
    recursion.is_daily = reader.value<std::uint64_t>() != 0;
    recursion.values = reader.all<double>();
    const std::size_t width = recursion.is_daily ? 1 : num_symbols;
    check(width == 0 ? recursion.values.size() : recursion.values.size() % width, 0);
  }
  reader.expect_end();
  return named;
}

expr::State for_symbols(const NamedState& named, const std::vector<std::string>& symbols) {
  if (named.symbols == symbols) return named.state;
  std::vector<std::int64_t> from;
  std::size_t num_found = 0;
  for (const std::string& symbol : symbols) {
    const auto at = std::ranges::lower_bound(named.symbols, symbol);
    const bool is_there = at != named.symbols.end() && *at == symbol;
    from.push_back(is_there ? at - named.symbols.begin() : -1);
    num_found += is_there ? 1 : 0;
  }
  if (num_found != named.symbols.size()) {
    throw Error(Code::kNotFound,
                fmt::format("the bars must have all symbols of the stored state, found {} of {}",
                            num_found, named.symbols.size()));
  }
  return expr::select_symbols(named.state, from);
}

void merge(expr::State& into, const expr::State& other) {
  TW_CHECK(into.num_rows, ==, other.num_rows);
  if (other.first_row < into.first_row) {
    into.first_row = other.first_row;
    into.bars_before = other.bars_before;
  }
  for (const auto& [text, recursion] : other.recursions) {
    const auto [at, is_new] = into.recursions.try_emplace(text, recursion);
    if (!is_new && recursion.row < at->second.row) at->second = recursion;
  }
}

}  // namespace tickwerk::store
