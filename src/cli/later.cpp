#include "cli/later.h"

namespace tickwerk::cli {

std::vector<Command> later_commands() {
  static constexpr struct {
    std::string_view name;
    std::string_view summary;
  } kLater[] = {
      {"regime", "market regimes"},
      {"risk", "risk of a portfolio"},
      {"walkforward", "parameters chosen on the past, tested on what followed"},
      {"playbook", "a research playbook"},
      {"compare", "whether a change made a job faster, and how sure that is"},
      {"history", "the run time of a job over commits"},
      {"lab", "run records"},
      {"report", "a page about a measured run"},
      {"batch", "many runs"},
  };
  std::vector<Command> commands;
  for (const auto& later : kLater) {
    commands.push_back({.name = later.name, .summary = later.summary, .listing = Listing::kLater});
  }
  return commands;
}

}  // namespace tickwerk::cli
