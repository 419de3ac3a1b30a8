// The probability of overfitting of committed returns against the steps of the paper taken one by
// one in numpy, which tests/parity/model_scores_parity.py wrote down. ctest says where they lie in
// TICKWERK_GOLDEN.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tickwerk/risk/moments.h"
#include "tickwerk/risk/overfitting.h"

namespace tickwerk::risk {
namespace {

TEST(OverfittingParity, EqualsTheStepsOfThePaper) {
  const char* folder = std::getenv("TICKWERK_GOLDEN");
  if (folder == nullptr) GTEST_SKIP() << "TICKWERK_GOLDEN does not name the folder tests/golden";
  std::ifstream file(std::string(folder) + "/overfitting.txt");
  std::vector<std::vector<double>> rows;
  std::map<std::size_t, std::map<std::string, double>> pins;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "row") {
      rows.emplace_back();
      for (double value; words >> value;) rows.back().push_back(value);
    } else if (kind == "pin") {
      std::size_t num_blocks = 0;
      std::string name;
      words >> num_blocks >> name;
      words >> pins[num_blocks][name];
    }
  }
  ASSERT_EQ(rows.size(), 130u);
  ASSERT_EQ(pins.size(), 5u);
  Panel returns(rows.size(), rows.front().size());
  for (std::size_t t = 0; t < rows.size(); ++t) {
    std::copy(rows[t].begin(), rows[t].end(), returns.row(t));
  }
  for (const auto& [num_blocks, expected] : pins) {
    const Overfitting found = probability_of_overfitting(returns.view(), {num_blocks});
    const std::map<std::string, std::optional<double>> ours{
        {"probability", found.probability}, {"probability_of_loss", found.probability_of_loss},
        {"mean_logit", mean(found.logits)}, {"mean_chosen", found.mean_chosen},
        {"mean_after", found.mean_after},   {"degradation_slope", found.degradation_slope}};
    EXPECT_EQ(expected.size(), ours.size());
    for (const auto& [name, value] : expected) {
      ASSERT_TRUE(ours.at(name)) << name;
      EXPECT_NEAR(*ours.at(name), value, 1e-11 * std::max(1.0, std::abs(value)))
          << name << " of " << num_blocks << " blocks";
    }
  }
}

}  // namespace
}  // namespace tickwerk::risk
