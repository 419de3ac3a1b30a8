// The section of every job in the performance document: what it does, how to run it, with which
// parameters, what it leaves and what it is for. Made from the jobs themselves, so that it cannot
// say anything else than they do.
#pragma once

#include <span>
#include <string>

#include "tickwerk/job/job.h"

namespace tickwerk::lab {

/// Markdown, one `###` section a job; lines end with a line feed.
std::string job_sections(std::span<const job::Job> jobs);

}  // namespace tickwerk::lab
