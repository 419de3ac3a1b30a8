// The metrics of one committed series against the numbers that other libraries give for it, which
// tests/parity/metrics_parity.py wrote down. ctest says where they lie in TICKWERK_GOLDEN.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tickwerk/risk/summary.h"

namespace tickwerk::risk {
namespace {

struct Golden {
  std::vector<double> returns;
  std::vector<double> benchmark;
  std::map<std::string, double> pins;
};

Golden read_golden(const std::string& path) {
  Golden golden;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "series") {
      words >> golden.returns.emplace_back() >> golden.benchmark.emplace_back();
    } else if (kind == "pin") {
      std::string name;
      words >> name;
      words >> golden.pins[name];
    }
  }
  return golden;
}

TEST(Parity, MetricsEqualThoseOfOtherLibraries) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
  const Golden golden = read_golden(std::string(folder) + "/metrics_parity.txt");
  ASSERT_EQ(golden.returns.size(), 300u);

  std::vector<EquityRow> rows(golden.returns.size() + 1);
  double equity = 1000;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) equity *= 1 + golden.returns[i - 1];
    rows[i].time = midnight(Date{18'000 + static_cast<std::int32_t>(i)});
    rows[i].equity = equity;
  }
  SummaryInput input;
  input.equity = rows;
  input.start_capital = 1000;
  std::vector<double> benchmark{1000};
  for (const double change : golden.benchmark) benchmark.push_back(benchmark.back() * (1 + change));
  input.benchmark = benchmark;
  const Metrics metrics = summarize(input);
  const BenchmarkComparison& against = *metrics.against_benchmark;
  const std::map<std::string, std::optional<double>> ours{
      {"total_return", metrics.net.total_return},
      {"cagr", metrics.net.cagr},
      {"sharpe", metrics.net.sharpe},
      {"sortino", metrics.net.sortino},
      {"max_drawdown_pct", metrics.net.max_drawdown_pct},
      {"calmar", metrics.net.calmar},
      {"volatility", metrics.net.volatility},
      {"var_95", metrics.net.var_95},
      {"es_95", metrics.net.es_95},
      {"skew", metrics.net.skew},
      {"excess_kurtosis", metrics.net.excess_kurtosis},
      {"probabilistic_sharpe", metrics.sharpe_confidence.probabilistic_sharpe},
      {"beta", against.beta},
      {"alpha", against.alpha},
      {"correlation", against.correlation},
      {"tracking_error", against.tracking_error},
      {"information_ratio", against.information_ratio}};
  EXPECT_EQ(golden.pins.size(), ours.size());
  for (const auto& [name, value] : golden.pins) {
    ASSERT_TRUE(ours.contains(name)) << name;
    // Returns taken from equity again differ from the series by rounding, some 1e-16 each.
    EXPECT_NEAR(*ours.at(name), value, 1e-11 * std::max(1.0, std::abs(value))) << name;
  }
}

}  // namespace
}  // namespace tickwerk::risk
