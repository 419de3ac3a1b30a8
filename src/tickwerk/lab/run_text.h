// A run record as text that a person reads: the table on stdout after `tickwerk profile`, and the
// log with everything else that is known of the run.
#pragma once

#include <cstddef>
#include <string>

#include "tickwerk/lab/run_record.h"

namespace tickwerk::lab {

/// Total, steps, the longest functions and what to know about the numbers. `output` is put before
/// the files' names.
std::string run_text(const RunRecord& record, const std::string& output, std::size_t num_functions);

/// run_text and, after it, iterations, environment, timed blocks and every file written.
std::string run_log(const RunRecord& record, const std::string& output);

}  // namespace tickwerk::lab
