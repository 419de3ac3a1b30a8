// A flag as data: its one description drives parsing, `--help`, settings in `--set`, `--config` and
// the environment, the check of its range, shell completion and the manual page. Commands list
// flags; nothing about a flag is written anywhere else.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::cli {

enum class Kind {
  kSwitch,        // takes no value on the command line; `true` or `false` elsewhere
  kText,          // any text that is not empty
  kOptionalText,  // the value may be left out on the command line (`--update-doc [FILE]`)
  kWhole,         // a whole number inside `range`
  kNumber,        // a finite number inside `range`
  kChoice,        // one of `choices`
  kDate,          // YYYY-MM-DD
  kPairs,         // `name=number`, may be given again; a mapping in the configuration file
  kTexts,         // texts, may be given again; a list or a mapping in the configuration file
  kWords,         // the same, several after one flag: `--sweep fast=5:50:5 slow=60:240:20`
};

enum class Bound { kIncluded, kExcluded };

/// What a number may be. The words of it in help and errors are made from it.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  Bound low_bound = Bound::kIncluded;
  Bound high_bound = Bound::kIncluded;
};

/// Settings have a key in `--set`, `--config` and the environment; controls steer the command line
/// itself.
enum class Role { kSetting, kControl };

struct Flag {
  std::string_view key;          // `start_capital`; the flag is `--start-capital`
  std::string_view name = {};    // of the flag, where it is not that of the key
  std::string_view letter = {};  // `e` for a short spelling `-e`
  Kind kind = Kind::kText;
  std::string_view placeholder = {};  // `CASH`; for numbers, texts and dates
  std::string_view text;  // what it does: lower case, no full stop, no range, no default
  Range range = {};
  std::vector<std::string_view> choices = {};
  std::vector<std::string_view> later_choices = {};  // known, but not available in this version
  std::string_view default_value =
      {};                       // of settings that are not part of a RunConfig; empty = none
  std::string_view alias = {};  // another key for the same (`run` for `job`)
  Role role = Role::kSetting;
};

/// Flags under one heading of the help.
struct FlagGroup {
  std::string_view title;
  std::vector<Flag> flags;
};

/// The flag as it is typed: `--start-capital`.
std::string spelling(const Flag& flag);

/// What a value must be: `a number above 0`, `a whole number from 1 to 1000`, `one of text, json`.
std::string rule(const Flag& flag);

/// Throws kInvalidArgument (or kUnsupported for what a later version brings) naming rule, value and
/// `place`, the spelling the value came by (`--top-n`, `TICKWERK_TOP_N`, `run.yaml, line 3`).
void check(const Flag& flag, std::string_view value, std::string_view place);

}  // namespace tickwerk::cli
