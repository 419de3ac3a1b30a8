// A folder of its own and small files in it, for the tests of the jobs.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/job/job.h"
#include "tickwerk/market/synthetic.h"
#include "tickwerk/market/write_bars.h"

namespace tickwerk::job {

class JobFixture : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ =
        std::filesystem::path(testing::TempDir()) / fmt::format("job.{}.{}", name, ::getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path file(const std::string& name, std::string_view text) const {
    io::write_file(folder_ / name, text);
    return folder_ / name;
  }

  static std::string text_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// A synthetic market as a file of prices.
  std::filesystem::path market(std::size_t num_symbols, std::size_t num_sessions) const {
    const std::filesystem::path path = folder_ / "market.parquet";
    market::write_parquet(
        market::make_synthetic({.num_symbols = num_symbols, .num_sessions = num_sessions}), path);
    return path;
  }

  RunConfig config_of(const std::filesystem::path& prices) const {
    RunConfig config;
    config.load.prices = prices;
    config.strategy = strategy::built_in_spec("ema_trend");
    config.strategy.params = {{"fast", 3}, {"slow", 8}};
    config.output = folder_ / "output";
    return config;
  }

 private:
  std::filesystem::path folder_;
};

inline testing::AssertionResult contains(std::string_view text, std::string_view words) {
  if (text.find(words) != std::string_view::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << words << "' is not in '" << text << "'";
}

/// Whether one of the texts contains the words.
inline testing::AssertionResult contains(const std::vector<std::string>& texts,
                                         std::string_view words) {
  for (const std::string& text : texts) {
    if (contains(text, words)) return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "'" << words << "' is in none of " << texts.size();
}

/// The same values but for rounding, NaN in the same places.
inline void expect_values(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (expected[i] == expected[i]) {
      EXPECT_DOUBLE_EQ(found[i], expected[i]) << i;
    } else {
      EXPECT_NE(found[i], found[i]) << i;
    }
  }
}

/// The error that `action` throws; what() is empty when there is none.
template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {Code::kInternal, ""};
}

/// Daily bars from the first of January 2024 on with these closes, one inner list a day.
inline market::Bars bars_of(const std::vector<std::string>& symbols,
                            const std::vector<std::vector<double>>& closes) {
  market::Bars bars;
  bars.symbols = symbols;
  Panel close(closes.size(), symbols.size(), kNaN);
  for (std::size_t t = 0; t < closes.size(); ++t) {
    bars.times.push_back(midnight(Date{make_date(2024, 1, 1).days + static_cast<int>(t)}));
    std::copy(closes[t].begin(), closes[t].end(), close.row(t));
  }
  bars.fields.emplace("close", std::move(close));
  return bars;
}

}  // namespace tickwerk::job
