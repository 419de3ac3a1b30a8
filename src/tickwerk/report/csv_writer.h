// CSV files of many rows: rows become text in parallel, in chunks, and reach the file in order.
// Used by the files of this folder. Memory: a few chunks, not the file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tickwerk::report {

/// Writes `header` and then what `append_rows(text, first, last)` appends for disjoint ranges that
/// cover [0, num_rows), in order. It is called from several threads, and for any range it must
/// append the rows' own text.
void write_csv(
    const std::filesystem::path& path,
    std::string_view header,
    std::size_t num_rows,
    const std::function<void(std::string& text, std::size_t first, std::size_t last)>& append_rows);

}  // namespace tickwerk::report
