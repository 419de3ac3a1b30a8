// `tickwerk check`: the proof before the user's eyes that expressions do not read the future, and
// what each of them needs: warm-up, reach, memory, cost. The compiler refuses look-ahead by the
// reach it works out; this test does not trust it. What comes from outside (further columns,
// events, groups) cannot be tested by changing bars, and is listed; a column that repeats a later
// bar is found and tested as what it is. As text: report/check_text.h.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "tickwerk/expr/module.h"
#include "tickwerk/factor/later_bars.h"
#include "tickwerk/factor/leaks.h"

namespace tickwerk::factor {

struct CheckOptions {
  LeakOptions leaks;  // fields_ahead is found out
  std::map<std::string, double, std::less<>> params;
  std::vector<std::string> names;  // definitions to check; empty = the outputs of the module
};

/// Something outside of the bars' prices and volume, taken as it is.
struct TrustedInput {
  std::string name;                        // `mcap`, `earnings.eps`, `sector`, `in_universe`
  std::string kind;                        // `column`, `events`, `group`, `universe`
  std::optional<LaterBar> later_bar = {};  // that a column repeats
};

/// What may be said of the future of a definition, and no more than that.
enum class Verdict {
  kLeak,
  kNoLeak,          // it reads prices and volume only
  kNoLeakFromBars,  // besides, it reads what must be trusted
  kNotTested,       // no number was compared
};

struct CheckedDefinition {
  expr::Definition definition;
  expr::Reach reach;
  LeakReport leaks;    // of a label: what changed although its reach was over
  double cost_ns = 0;  // estimated per value, all that it reads included
  std::vector<TrustedInput> trusted;

  Verdict verdict() const noexcept;
};

struct CheckResult {
  std::vector<CheckedDefinition> definitions;
  std::vector<TrustedInput> trusted;  // those of all definitions, each once
  std::vector<std::size_t> cuts;
  std::uint64_t seed = 0;
  std::vector<std::string> warnings;

  bool has_leak() const noexcept;
};

/// Throws what `evaluate` throws.
CheckResult check(const Sources& sources,
                  const expr::Module& module,
                  const CheckOptions& options = {});

/// Estimated nanoseconds per value on one core, of the node and everything it reads, each once.
double cost_ns(const expr::Graph& graph, expr::NodeId node);

}  // namespace tickwerk::factor
