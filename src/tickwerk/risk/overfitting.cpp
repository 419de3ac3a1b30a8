#include "tickwerk/risk/overfitting.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/risk/moments.h"

namespace tickwerk::risk {
namespace {

constexpr std::size_t kMaxBlocks = 20;

/// Share of the squares around the mean of the record that a half without deviation may keep.
constexpr double kRounding = 1e-12;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(Code::kInvalidArgument, message);
}

void require_valid(PanelView returns, const OverfittingConfig& config) {
  const std::size_t num_blocks = config.num_blocks;
  if (num_blocks < 2 || num_blocks > kMaxBlocks || num_blocks % 2 != 0) {
    refuse(fmt::format("num_blocks must be even and in [2, {}]: {}", kMaxBlocks, num_blocks));
  }
  if (returns.num_symbols < 2) {
    refuse(fmt::format("overfitting needs at least 2 trials: {}", returns.num_symbols));
  }
  if (returns.num_rows < 2 * num_blocks) {
    refuse(fmt::format("{} blocks need at least {} returns: {}", num_blocks, 2 * num_blocks,
                       returns.num_rows));
  }
  for (std::size_t t = 0; t < returns.num_rows; ++t) {
    for (std::size_t i = 0; i < returns.num_symbols; ++i) {
      if (std::isfinite(returns(t, i))) continue;
      refuse(fmt::format("a return must be finite: {} in row {} of trial {}", returns(t, i), t, i));
    }
  }
}

/// What a set of blocks amounts to: [trial]. Returns are taken around the trial's mean, so that
/// squares keep their digits.
struct Sums {
  std::vector<double> sum;
  std::vector<double> squares;
  std::size_t num_rows = 0;

  explicit Sums(std::size_t num_trials) : sum(num_trials), squares(num_trials) {}

  void clear() {
    std::fill(sum.begin(), sum.end(), 0.0);
    std::fill(squares.begin(), squares.end(), 0.0);
    num_rows = 0;
  }
  void add(const Sums& other) {
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] += other.sum[i];
      squares[i] += other.squares[i];
    }
    num_rows += other.num_rows;
  }
};

class Halves {
 public:
  Halves(PanelView returns, std::size_t num_blocks)
      : mean_(returns.num_symbols), half_(returns.num_symbols), ratios_(returns.num_symbols) {
    for (std::size_t t = 0; t < returns.num_rows; ++t) {
      for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i] += returns(t, i);
    }
    for (double& mean : mean_) mean /= static_cast<double>(returns.num_rows);
    for (std::size_t b = 0; b < num_blocks; ++b) {
      Sums& block = blocks_.emplace_back(mean_.size());
      const std::size_t first = returns.num_rows * b / num_blocks;
      const std::size_t last = returns.num_rows * (b + 1) / num_blocks;
      block.num_rows = last - first;
      for (std::size_t t = first; t < last; ++t) {
        for (std::size_t i = 0; i < mean_.size(); ++i) {
          const double distance = returns(t, i) - mean_[i];
          block.sum[i] += distance;
          block.squares[i] += distance * distance;
        }
      }
    }
  }

  /// Ratio of each trial over the blocks whose `chosen` is `wanted`. Valid until the next call.
  const std::vector<double>& ratios(const std::vector<char>& chosen, char wanted) {
    half_.clear();
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      if (chosen[b] == wanted) half_.add(blocks_[b]);
    }
    const auto n = static_cast<double>(half_.num_rows);
    for (std::size_t i = 0; i < ratios_.size(); ++i) {
      const double distance = half_.sum[i] / n;
      const double variance = (half_.squares[i] - n * distance * distance) / (n - 1);
      const bool is_rounding = variance * (n - 1) <= kRounding * half_.squares[i];
      const double deviation = is_rounding ? 0 : std::sqrt(variance);
      ratios_[i] = deviation < kNoDeviation ? 0 : (mean_[i] + distance) / deviation;
    }
    return ratios_;
  }

 private:
  std::vector<double> mean_;
  std::vector<Sums> blocks_;
  Sums half_;
  std::vector<double> ratios_;
};

double logit_of(const std::vector<double>& ratios, std::size_t trial) {
  double twice_rank = 1;  // 1 is the worst, equal ratios share theirs
  for (const double ratio : ratios) {
    twice_rank += ratio < ratios[trial] ? 2 : ratio == ratios[trial] ? 1 : 0;
  }
  const double share = twice_rank / 2 / (static_cast<double>(ratios.size()) + 1);
  return std::log(share / (1 - share));
}

std::optional<double> slope(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = *mean(x), mean_y = *mean(y);
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (std::sqrt(xx / static_cast<double>(x.size())) < kNoDeviation) return {};
  return xy / xx;
}

}  // namespace

Overfitting probability_of_overfitting(PanelView returns, const OverfittingConfig& config) {
  require_valid(returns, config);
  Halves halves(returns, config.num_blocks);
  std::vector<char> chosen(config.num_blocks, 0);
  std::fill_n(chosen.begin(), config.num_blocks / 2, char{1});
  Overfitting result;
  std::vector<double> where_chosen, after;
  do {
    const std::vector<double>& inside = halves.ratios(chosen, 1);
    const auto best =
        static_cast<std::size_t>(std::max_element(inside.begin(), inside.end()) - inside.begin());
    where_chosen.push_back(inside[best]);
    const std::vector<double>& outside = halves.ratios(chosen, 0);
    after.push_back(outside[best]);
    result.logits.push_back(logit_of(outside, best));
  } while (std::prev_permutation(chosen.begin(), chosen.end()));

  const auto count = static_cast<double>(result.logits.size());
  const auto share = [count](const std::vector<double>& values, auto is_counted) {
    return static_cast<double>(std::count_if(values.begin(), values.end(), is_counted)) / count;
  };
  result.num_splits = result.logits.size();
  result.probability = share(result.logits, [](double logit) { return logit <= 0; });
  result.probability_of_loss = share(after, [](double ratio) { return ratio < 0; });
  result.mean_chosen = *mean(where_chosen);
  result.mean_after = *mean(after);
  result.degradation_slope = slope(where_chosen, after);
  return result;
}

}  // namespace tickwerk::risk
