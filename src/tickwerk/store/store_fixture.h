// A folder, a small market and a graph of columns, and what evaluating all of it gives: for the
// tests of the store. Not part of the program.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/expr/run.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/store/store.h"

namespace tickwerk::store {

/// Windows, recursions, cross sections, and their mixtures, over gaps and late listings.
inline constexpr std::string_view kText = R"(
ret_21 = log_ret(close, 21)
skip = log(close[-21] / close[-252])
trend = ema(close, 12) / ema(close, 26) - 1
smooth = ts_mean(ema(close, 20), 60)
strength = rsi(close, 14)
range = atr(14) / close
z = ts_zscore(volume, 60, min_count=10)
corr = ts_corr(close, volume, 20)
rank = cs_rank(log_ret(close, 5))
score = cs_zscore(log_ret(close, 21))
late = ts_mean(cs_zscore(ret(close)), 5)
breadth = cs_mean(close > ts_mean(close, 50))
spread = (high - low) / close
)";

/// Bars with fewer rows or symbols, or changed ones.
inline market::Bars copy_of(const market::Bars& bars) {
  market::Bars copy;
  copy.frequency = bars.frequency;
  copy.adjustment = bars.adjustment;
  copy.times = bars.times;
  copy.symbols = bars.symbols;
  for (const auto& [name, panel] : bars.fields) {
    Panel values(panel.num_rows(), panel.num_symbols(), kNaN);
    for (std::size_t t = 0; t < panel.num_rows(); ++t) {
      std::copy_n(panel.row(t), panel.num_symbols(), values.row(t));
    }
    copy.fields.emplace(name, std::move(values));
  }
  return copy;
}

inline market::Bars first_rows(const market::Bars& bars, std::size_t num_rows) {
  market::Bars part = copy_of(bars);
  part.times.resize(num_rows);
  for (auto& [name, panel] : part.fields) {
    Panel values(num_rows, panel.num_symbols(), kNaN);
    for (std::size_t t = 0; t < num_rows; ++t) {
      std::copy_n(panel.row(t), panel.num_symbols(), values.row(t));
    }
    panel = std::move(values);
  }
  return part;
}

/// Columns of the bars in the order of `symbols`, which are sorted; an unknown one has no bar.
inline market::Bars with_symbols(const market::Bars& bars, std::vector<std::string> symbols) {
  market::Bars part = copy_of(bars);
  part.symbols = std::move(symbols);
  for (auto& [name, panel] : part.fields) {
    Panel values(part.num_rows(), part.symbols.size(), kNaN);
    for (std::size_t s = 0; s < part.symbols.size(); ++s) {
      const std::size_t from = bars.column(part.symbols[s]);
      if (from == bars.num_symbols()) continue;
      for (std::size_t t = 0; t < part.num_rows(); ++t) {
        values(t, s) = bars.field(name)(t, from);
      }
    }
    panel = std::move(values);
  }
  return part;
}

inline void remove_bar(market::Bars& bars, std::size_t row, std::size_t symbol) {
  for (auto& [name, panel] : bars.fields) panel(row, symbol) = kNaN;
}

inline expr::Inputs inputs_of(const market::Bars& bars) {
  expr::Inputs inputs;
  inputs.num_rows = bars.num_rows();
  inputs.num_symbols = bars.num_symbols();
  inputs.bar = bars.close().view();
  for (const auto& [name, panel] : bars.fields) {
    if (name == "in_universe") {
      inputs.in_universe = panel.view();
    } else {
      inputs.fields.emplace(name, panel.view());
    }
  }
  return inputs;
}

/// Columns of a text of the language, and what they are without any store.
struct Expressions {
  explicit Expressions(std::string_view text = kText) {
    const auto module = expr::Module::parse(text, "store.expr", {});
    for (const expr::Definition& one : expr::lower_all(module, {}, graph)) {
      columns.push_back({.name = one.name, .node = one.node});
    }
  }
  std::vector<Panel> evaluated(const market::Bars& bars) const {
    std::vector<expr::Request> requests;
    for (const Column& column : columns) requests.push_back({.node = column.node});
    return expr::evaluate(graph, requests, inputs_of(bars)).numbers;
  }

  expr::Graph graph;
  std::vector<Column> columns;
};

/// Empty where `a` is rows [first, last) of `b` bit for bit, else the first difference.
inline std::string difference(const Panel& a, const Panel& b, std::size_t first, std::size_t last) {
  if (a.num_rows() != last - first) return "other rows";
  if (a.num_symbols() != b.num_symbols()) return "another width";
  for (std::size_t t = first; t < last; ++t) {
    for (std::size_t s = 0; s < a.num_symbols(); ++s) {
      if (std::bit_cast<std::uint64_t>(a(t - first, s)) != std::bit_cast<std::uint64_t>(b(t, s))) {
        return fmt::format("row {} symbol {}: {} against {}", t, s, a(t - first, s), b(t, s));
      }
    }
  }
  return {};
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
    config_.address = {.root = root_,
                       .group = "test",
                       .frequency = Frequency::kDaily,
                       .universe = universe_key("all")};
    config_.now = midnight(make_date(2025, 1, 15));
  }
  ~StoreTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  std::filesystem::path folder() const { return folder_of(config_.address); }

  /// Through the store; the values must be those of `expected` (of the same bars unless given).
  Result run(const market::Bars& bars,
             const Expressions& wanted,
             const market::Bars* expected_bars = nullptr) const {
    const expr::Inputs inputs = inputs_of(bars);
    Result result = read_or_evaluate({bars, inputs, wanted.graph, wanted.columns}, config_);
    const auto expected = wanted.evaluated(expected_bars != nullptr ? *expected_bars : bars);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_EQ(difference(result.values[k], expected[k], result.first_row, result.num_rows), "")
          << wanted.columns[k].name;
    }
    return result;
  }

  static std::size_t count(const Result& result, Outcome outcome) {
    std::size_t number = 0;
    for (const Finding& finding : result.findings) number += finding.outcome == outcome ? 1 : 0;
    return number;
  }
  static std::string reason(const Result& result, std::string_view column, int year) {
    for (const Finding& one : result.findings) {
      if (one.column == column && one.year == year) {
        return fmt::format("{}: {}", name(one.outcome), one.reason);
      }
    }
    return "none";
  }

  static std::string read_bytes(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  static void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  const std::filesystem::path root_ =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("tickwerk_store_{}_{}",
                  testing::UnitTest::GetInstance()->current_test_info()->name(),
                  getpid());
  Config config_;
  const market::Bars market_ =
      market::make_synthetic({.num_symbols = 37, .num_sessions = 800, .seed = 5});
  const Expressions expressions_;
};

}  // namespace tickwerk::store
