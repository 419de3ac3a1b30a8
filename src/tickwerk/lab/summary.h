// `perf_summary.csv`: one line a run, for spreadsheets and scripts (docs/formats/perf_summary.md).
// Appended under a lock, never rewritten; a file with another header is an error that leaves it as
// it is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tickwerk/lab/run_record.h"

namespace tickwerk::lab {

/// The columns, without a line end.
extern const std::string_view kSummaryHeader;

/// The record as one line with its line end: fields with a comma, quote or line break are quoted
/// (RFC 4180), figures of a failed run are empty.
std::string summary_line(const RunRecord& record);

/// Throws kCorruptData, naming both headers, when `path` is there with another header, and kIo when
/// it is no file. An absent or empty file is fine.
void check_summary(const std::filesystem::path& path);

/// Appends the line, after the header if the file is new; waits for others who append. All of it is
/// there afterwards or, with kIo, nothing.
void append_summary(const std::filesystem::path& path, const RunRecord& record);

}  // namespace tickwerk::lab
