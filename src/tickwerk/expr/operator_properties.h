// What must hold of every expression, checked by evaluating it again on data that were cut,
// changed, moved or scaled. Each check gives sentences about what it found, so that a test can also
// ask that an operator that is wrong is found. Not part of the program.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/expr/operator_market.h"
#include "tickwerk/expr/run.h"

namespace tickwerk::expr {

struct Case {
  std::string text;
  NodeId node = 0;
};

/// Expressions that are evaluated together.
struct Cases {
  Graph graph;
  std::vector<Case> cases;

  std::vector<Request> requests() const {
    std::vector<Request> wanted;
    for (const Case& one : cases) wanted.push_back({one.node});
    return wanted;
  }
  const Reach& reach(std::size_t index) const { return graph[cases[index].node].reach; }

  /// Whether any operator of `kind` stands in the expression.
  bool uses(NodeId id, OperatorKind kind) const {
    const Node& node = graph[id];
    if (node.op != nullptr && node.op->kind == kind) return true;
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](NodeId input) { return uses(input, kind); });
  }
  bool is_across(std::size_t index) const {
    return uses(cases[index].node, OperatorKind::kCrossSectional);
  }
  bool is_recursive(NodeId id) const {
    const Node& node = graph[id];
    if (node.op != nullptr && node.op->num_state > 0) return true;
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](NodeId input) { return is_recursive(input); });
  }
};

using Findings = std::vector<std::string>;

inline bool equal_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Values of one run, the rows counted as in the market.
struct RowsOf {
  const Values& values;
  std::size_t first_row = 0;

  bool is_daily(std::size_t i) const { return values.numbers[i].num_symbols() == 1; }
  double at(std::size_t i, std::size_t t, std::size_t s) const {
    return values.numbers[i](t - first_row, is_daily(i) ? 0 : s);
  }
};

/// Compares `found` with `expected` on rows [first, last) where `applies(i, t, s)`; one finding per
/// case at most.
template <class Applies, class Same>
void compare(const Cases& cases,
             const std::string& what,
             const RowsOf& found,
             const RowsOf& expected,
             std::size_t first,
             std::size_t last,
             std::size_t num_symbols,
             Applies&& applies,
             Same&& same,
             Findings& findings) {
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    const auto differs = [&] {
      for (std::size_t t = first; t < last; ++t) {
        for (std::size_t s = 0; s < (expected.is_daily(i) ? 1 : num_symbols); ++s) {
          if (!applies(i, t, s)) continue;
          const double a = found.at(i, t, s), b = expected.at(i, t, s);
          if (same(a, b)) continue;
          findings.push_back(fmt::format("{}: {} row {} symbol {}: {:.17g} against {:.17g}", what,
                                         cases.cases[i].text, t, s, a, b));
          return;
        }
      }
    };
    differs();
  }
}

inline constexpr auto kEverywhere = [](std::size_t, std::size_t, std::size_t) { return true; };

inline constexpr std::size_t kCuts[] = {1, 17, 64, 100, 145, 200, 259};

/// What `others` gives on rows before the cut, against the whole market. Look-ahead is allowed as
/// far as the reach says.
inline void compare_before(const Cases& cases,
                           const std::string& what,
                           const TroubledMarket& market,
                           const Values& other,
                           const Values& whole,
                           std::size_t cut,
                           Findings& findings) {
  const auto settled = [&](std::size_t i, std::size_t t, std::size_t s) {
    const std::int64_t ahead = cases.reach(i).lookahead;
    return ahead <= 0 || market.num_bars(s, t + 1, cut) >= ahead;
  };
  compare(cases, fmt::format("{} at {}", what, cut), {other}, {whole}, 0, cut, market.num_symbols(),
          settled, equal_bits, findings);
}

/// Cutting the rows from some row on off changes no earlier bit.
inline Findings check_prefix(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const Values whole = evaluate(cases.graph, cases.requests(), market.inputs());
  for (const std::size_t cut : kCuts) {
    const Values cut_off = evaluate(cases.graph, cases.requests(), market.inputs(0, cut));
    compare_before(cases, "cut", market, cut_off, whole, cut, findings);
  }
  return findings;
}

/// Another future, with other values and fewer bars, changes no earlier bit.
inline Findings check_future(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const Values whole = evaluate(cases.graph, cases.requests(), market.inputs());
  for (const std::size_t cut : kCuts) {
    const RandomStream random{.seed = cut};
    TroubledMarket other =
        market.changed([&](const std::string&, std::size_t t, std::size_t s, double value) {
          return t < cut ? value : s % 4 == 0 ? 1e9 : value * (0.5 + random.uniform(t * 32 + s));
        });
    for (std::size_t t = cut; t < market.num_rows(); ++t) {
      for (std::size_t s = 0; s < market.num_symbols(); s += 3) other.bar(t, s) = kNaN;
    }
    // The reach ahead counts the bars that both markets have.
    TroubledMarket common = market.copy();
    for (std::size_t t = cut; t < market.num_rows(); ++t) {
      for (std::size_t s = 0; s < market.num_symbols(); ++s) common.bar(t, s) = kNaN;
    }
    const Values changed = evaluate(cases.graph, cases.requests(), other.inputs());
    compare_before(cases, "another future", common, changed, whole, cut, findings);
  }
  return findings;
}

/// A run that goes on from stored state, twice, gives the bits of one run over everything.
inline Findings check_resume(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const std::vector<Request> requests = cases.requests();
  for (const std::size_t cut : {1u, 17u, 64u, 100u, 145u, 200u, 240u}) {
    const std::size_t second = cut + 7;
    State state, later;
    evaluate(cases.graph, requests, market.inputs(0, cut), {.save = &state});
    const Values middle = evaluate(
        cases.graph, requests, market.inputs(state.first_row, second),
        {.tile_bars = 32, .resume = &state, .rows_before = state.first_row, .save = &later});
    const Values known = evaluate(cases.graph, requests, market.inputs(0, second));
    compare(cases, fmt::format("resumed at {}", cut), {middle, state.first_row}, {known}, cut,
            second, market.num_symbols(), kEverywhere, equal_bits, findings);
    const Values last =
        evaluate(cases.graph, requests, market.inputs(later.first_row, market.num_rows()),
                 {.resume = &later, .rows_before = later.first_row});
    const Values whole = evaluate(cases.graph, requests, market.inputs());
    compare(cases, fmt::format("resumed at {} and {}", cut, second), {last, later.first_row},
            {whole}, second, market.num_rows(), market.num_symbols(), kEverywhere, equal_bits,
            findings);
  }
  return findings;
}

/// Any number of threads and any tile give the same bits.
inline Findings check_tiles(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const Values whole = evaluate(cases.graph, cases.requests(), market.inputs());
  for (const std::size_t tile_bars : {16u, 48u, 128u, 512u}) {
    const Values other =
        evaluate(cases.graph, cases.requests(), market.inputs(), {.tile_bars = tile_bars});
    compare(cases, fmt::format("tiles of {}", tile_bars), {other}, {whole}, 0, market.num_rows(),
            market.num_symbols(), kEverywhere, equal_bits, findings);
  }
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    const Values other = evaluate(cases.graph, cases.requests(), market.inputs());
    compare(cases, fmt::format("{} threads", threads), {other}, {whole}, 0, market.num_rows(),
            market.num_symbols(), kEverywhere, equal_bits, findings);
  }
  set_num_threads(available_cores());
  return findings;
}

/// The largest of the finite values of a row, 1 at least.
inline double size_of_row(const Panel& values, std::size_t t) {
  double size = 1;
  for (std::size_t s = 0; s < values.num_symbols(); ++s) {
    if (std::isfinite(values(t, s))) size = std::max(size, std::abs(values(t, s)));
  }
  return size;
}

/// What does not compare symbols gives the same bits wherever a symbol stands and whoever stands
/// beside it. What does gives them exactly where it reads the order of the day alone, else within
/// rounding of its inputs.
inline Findings check_symbols(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const Values whole = evaluate(cases.graph, cases.requests(), market.inputs());
  std::vector<std::size_t> fewer, moved;
  for (std::size_t s = 0; s < market.num_symbols(); ++s) {
    if (s != 3) fewer.push_back(s);
    moved.push_back((7 * s + 5) % market.num_symbols());
  }
  const auto read_by = [&](std::size_t i) {
    const Node& node = cases.graph[cases.cases[i].node];
    std::vector<Request> requests;
    for (const NodeId input : node.inputs) requests.push_back({input});
    return evaluate(cases.graph, requests, market.inputs());
  };
  for (const bool is_moved : {false, true}) {
    const std::vector<std::size_t>& from = is_moved ? moved : fewer;
    const std::string what = is_moved ? "symbols in another order" : "a symbol less";
    const Values other =
        evaluate(cases.graph, cases.requests(), market.with_symbols(from).inputs());
    for (std::size_t i = 0; i < cases.cases.size(); ++i) {
      const bool across = cases.is_across(i);
      if (across && !is_moved) continue;
      const Node& node = cases.graph[cases.cases[i].node];
      const bool orders =
          !across || std::any_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
            const Operator* read = cases.graph[input].op;
            return read != nullptr && read->name == "$cs_order";
          });
      const Values inputs = orders ? Values() : read_by(i);
      const RowsOf found{other}, expected{whole};
      const auto differs = [&] {
        for (std::size_t t = 0; t < market.num_rows(); ++t) {
          double size = size_of_row(whole.numbers[i], t);
          for (const Panel& input : inputs.numbers) size = std::max(size, size_of_row(input, t));
          for (std::size_t s = 0; s < (expected.is_daily(i) ? 1 : from.size()); ++s) {
            const double a = found.at(i, t, s), b = expected.at(i, t, from[s]);
            if (equal_bits(a, b) || (!orders && std::abs(a - b) <= 1e-12 * size)) continue;
            findings.push_back(fmt::format("{}: {} row {} symbol {}: {:.17g} against {:.17g}", what,
                                           cases.cases[i].text, t, from[s], a, b));
            return;
          }
        }
      };
      differs();
    }
  }
  return findings;
}

/// A bar outside of the reach changes nothing; a bar at either edge of it changes something. Counts
/// own bars, so cross-sections are compared on the row of the bar alone.
inline Findings check_reach(const Cases& cases, const TroubledMarket& market) {
  Findings findings;
  const Values unchanged = evaluate(cases.graph, cases.requests(), market.inputs());
  const RowsOf whole{unchanged};
  std::vector<std::uint8_t> oldest(cases.cases.size(), 0), newest(cases.cases.size(), 0);
  // Row 170 is the last of a symbol that stops.
  for (const std::size_t at : {70u, 130u, 170u}) {
    for (const double to : {1e7, -3.0, kNaN}) {
      const Values changed =
          evaluate(cases.graph, cases.requests(),
                   market
                       .changed([&](const std::string&, std::size_t t, std::size_t, double value) {
                         return t == at ? to : value;
                       })
                       .inputs());
      for (std::size_t i = 0; i < cases.cases.size(); ++i) {
        if (cases.is_recursive(cases.cases[i].node)) continue;
        const Reach& reach = cases.reach(i);
        const bool daily = whole.is_daily(i);
        std::string outside;
        for (std::size_t s = 0; s < (daily ? 1 : market.num_symbols()); ++s) {
          if (!daily && !market.has_bar(at, s)) continue;
          std::int64_t age = daily ? -static_cast<std::int64_t>(at) : -market.num_bars(s, 0, at);
          for (std::size_t t = 0; t < market.num_rows(); ++t) {
            if (!daily && !market.has_bar(t, s)) continue;
            const double a = RowsOf{changed}.at(i, t, s), b = whole.at(i, t, s);
            if (!equal_bits(a, b)) {
              oldest[i] |= age == reach.lookback ? 1 : 0;
              newest[i] |= -age == reach.lookahead ? 1 : 0;
              if (age > reach.lookback || -age > reach.lookahead) {
                outside = fmt::format("reads beyond its reach: {} on the bar {} after the changed",
                                      cases.cases[i].text, age);
              }
            }
            ++age;
          }
        }
        if (!outside.empty()) findings.push_back(outside);
      }
    }
  }
  for (std::size_t i = 0; i < cases.cases.size(); ++i) {
    if (cases.is_recursive(cases.cases[i].node)) continue;
    const Panel& values = unchanged.numbers[i];
    bool some = false;
    for (std::size_t t = 0; t < values.num_rows() && !some; ++t) {
      for (std::size_t s = 0; s < values.num_symbols(); ++s) some |= !std::isnan(values(t, s));
    }
    if (!some) continue;
    if (!oldest[i]) {
      findings.push_back("never reads the oldest bar of its reach: " + cases.cases[i].text);
    }
    if (!newest[i]) {
      findings.push_back("never reads the newest bar of its reach: " + cases.cases[i].text);
    }
  }
  return findings;
}

}  // namespace tickwerk::expr
