// The performance document (docs/PERFORMANCE_PROFILE.md): Markdown whose tables are kept true from
// the run records of an output folder. It owns the parts between its markers and never touches the
// rest of the file.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/job/job.h"
#include "tickwerk/lab/run_record.h"

namespace tickwerk::lab {

/// `text` with its parts made anew from the records that are ok; an empty text becomes a whole
/// document. The same records give the same bytes, again and again. Rows without a record stay as
/// they stand, and so does every Notes cell that is there. Throws kCorruptData, showing how to mend
/// it, when a marker is missing, doubled or misplaced.
std::string document_text(std::string_view text,
                          std::span<const job::Job> jobs,
                          std::span<const RunRecord> records);

/// Throws what update_document would throw for `path` after a measurement, when it is too late: for
/// its markers, or kIo when its folder cannot be written. An absent file is fine.
void check_document(const std::filesystem::path& path);

/// Makes or refreshes `path` from the records below `output`, whole or not at all; one process at a
/// time. Returns a sentence for every file among the records that is none.
std::vector<std::string> update_document(const std::filesystem::path& path,
                                         const std::filesystem::path& output,
                                         std::span<const job::Job> jobs);

}  // namespace tickwerk::lab
