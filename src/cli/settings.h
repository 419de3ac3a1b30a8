// The settings of one invocation: for every flag of the command its value and where that came from:
// flag, then --set, then --config, then environment, then default. Values were checked against
// their flag when they came in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/flag.h"
#include "tickwerk/base/time.h"

namespace tickwerk::cli {

enum class Source { kDefault, kEnvironment, kConfig, kSet, kFlag };
std::string_view to_string(Source source) noexcept;

/// One value as it came in, with the place to name when it is wrong.
struct Given {
  std::string value;
  Source source = Source::kDefault;
  std::string place;  // `--top-n`, `--set top_n`, `run.yaml, line 3`, `TICKWERK_TOP_N`
};

class Settings {
 public:
  explicit Settings(std::vector<Flag> flags) : flags_(std::move(flags)) {}

  /// The flag of a key (`-` and `_` are the same, aliases count), or null.
  const Flag* find(std::string_view key) const noexcept;

  /// Throws kInvalidArgument with the nearest key when there is none. `place` is where the key
  /// stands.
  const Flag& flag(std::string_view key, std::string_view place) const;

  /// Checks and keeps a value. To be called from the weakest source to the strongest; of values
  /// from one source the last counts, while pairs of all sources add up, the stronger overwriting
  /// the same name.
  void give(const Flag& flag, Given given);

  /// Whether anything but the default speaks for a key.
  bool given(std::string_view key) const;
  Source source(std::string_view key) const;
  std::string place(std::string_view key) const;

  /// The value, or the flag's default; empty when it has none. The readers below say what they make
  /// of it; a key the command does not have, or a number without value or default, is an internal
  /// error.
  std::string text(std::string_view key) const;
  double number(std::string_view key) const;
  std::int64_t whole(std::string_view key) const;
  bool on(std::string_view key) const;
  std::optional<Date> date(std::string_view key) const;
  std::map<std::string, std::string> pairs(std::string_view key) const;
  /// All values of the strongest source that gave any, in their order.
  std::vector<std::string> texts(std::string_view key) const;

  const std::vector<Flag>& flags() const noexcept { return flags_; }

  /// The given values of those of `keys` as `--key=value`: a child process given these has the same
  /// settings.
  std::vector<std::string> arguments(const std::vector<Flag>& keys) const;

 private:
  const std::vector<Given>* values(std::string_view key) const;

  std::vector<Flag> flags_;
  std::map<std::string, std::vector<Given>, std::less<>> given_;
};

}  // namespace tickwerk::cli
