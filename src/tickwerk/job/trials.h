// Trials on record: every backtest that was run, every factor that was analysed and every model of
// a zoo that was scored over the same bars, in one file `<output>/trials/<start of the data
// fingerprint>.csv`. The deflated Sharpe ratio counts them; a sweep that was cut off finds what it
// has done. Several processes may add to one file.
// Format: docs/formats/trials.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tickwerk/job/run_config.h"
#include "tickwerk/job/trial_figures.h"
#include "tickwerk/market/bars.h"

namespace tickwerk::job {

/// What makes two runs over the same bars the same trial.
struct TrialKey {
  std::string settings;  // of a backtest trial_settings(); factors and models have their own
  std::string params;    // of a backtest trial_params()

  auto operator<=>(const TrialKey&) const = default;
};

struct Trial {
  std::string strategy;  // its name, `factor NAME`, `model NAME`: said, but no part of the key
  TrialFigures figures;
};

/// Sixteen hexadecimal digits of everything but the bars and the parameters that can change the
/// result of a backtest: the strategy's text and rules, costs, fills, the first bar traded, the
/// content of groups and events. Throws kInvalidArgument for a strategy that make_strategy refuses,
/// kIo, kNotFound.
std::string trial_settings(const RunConfig& config, Timestamp first_traded);

/// `fast=20;slow=60`.
std::string trial_params(const strategy::StrategySpec& spec);

/// What the deflated Sharpe ratio reads of all trials that have a Sharpe ratio.
struct TrialStatistics {
  std::size_t num_trials = 0;
  std::optional<double> variance;  // sample variance of the ratios per period; empty below two
};

class TrialBook {
 public:
  /// The trials on record; none when the file does not exist. Throws kCorruptData naming a damaged
  /// file, what is wrong and the way out; such a file is never written to.
  TrialBook(const std::filesystem::path& output, std::string_view data_fingerprint);

  const Trial* find(const TrialKey& key) const;

  enum class Known { kKeep, kReplace };  // what an older trial of the key does

  void add(const TrialKey& key, Trial trial, Known known = Known::kKeep);

  /// Writes all trials, sorted, with those that other processes have added since. The file is the
  /// old or the new one at every moment. Does nothing when nothing was added. Throws kIo.
  void save();

  std::size_t size() const noexcept { return trials_.size(); }
  TrialStatistics statistics() const;
  const std::filesystem::path& file() const noexcept { return file_; }  // below the output folder

 private:
  using Trials = std::map<TrialKey, Trial>;

  std::filesystem::path path_;
  std::filesystem::path file_;
  Trials trials_;
  enum class State { kSaved, kChanged } state_ = State::kSaved;
};

}  // namespace tickwerk::job
