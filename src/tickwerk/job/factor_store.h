// Which store a run's factors belong to: its folder, and the rule by which its symbols were chosen.
#pragma once

#include <optional>

#include "tickwerk/factor/stored.h"
#include "tickwerk/job/job.h"

namespace tickwerk::job {

/// Empty where the run keeps nothing. `config.load.prices` must be set. The universe is called by
/// the name of the prices and the rule (a file of members with its content, a list of symbols, the
/// first so many) and a hash with the path of the prices, so that other data or another rule have a
/// store of their own. A cold run reads nothing of it and keeps what it replaces like any other.
/// Throws kNotFound, kIo for the file of members.
std::optional<factor::StoreConfig> store_of(const RunConfig& config);

/// What the store did joins what is said on stderr, and whether it was cold or warm what records
/// say of a run; reports, which are results, do not know it.
void say_store(const factor::StoreReport& report, JobResult& job);

}  // namespace tickwerk::job
