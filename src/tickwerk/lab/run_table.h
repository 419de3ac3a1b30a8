// A Markdown table with one row a run, which outlives the records it was made from: rows of known
// runs are made anew, rows of others stay as they stand, and a Notes cell that is there is a
// person's. Used by the document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::lab {

struct RunRow {
  std::vector<std::string> cells;  // the run id first, the notes (if the table has them) last
  std::string line;  // of a row that is kept, as it stands; empty = made from the cells
};

/// `|` and line breaks would end a cell: the first is escaped, the others become blanks.
std::string cell(std::string_view text);

/// The rows of a table, or of none; header and rule are left out. Cells are as written, without
/// outer blanks.
std::vector<RunRow> parse_rows(std::string_view table);

enum class Notes { kNone, kLastColumn };

/// The old rows with those of `made` in the place of the same run id, and the rest of `made`;
/// ordered by the time in the run id, a row without one behind its neighbour.
std::vector<RunRow> merge_rows(const std::vector<RunRow>& old,
                               const std::vector<RunRow>& made,
                               Notes notes);

/// The table with its header; lines end with a line feed.
std::string table_text(const std::vector<std::string>& header, const std::vector<RunRow>& rows);

/// `20261123T034419Z` of `JOB-20261123T034419Z-1a2b3c`; empty when the id has none.
std::string time_of_run_id(std::string_view run_id);
/// `JOB` of the same; empty when the id has no time.
std::string job_of_run_id(std::string_view run_id);

}  // namespace tickwerk::lab
