// Columns of an input that know the future: those whose file says so (panels, datasets and
// predictions of tickwerk give each column a role), and those called as the program calls its own
// labels, which a CSV cannot say. The readers of bars and of tables beside them leave them out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::io {
class ParquetReader;
}

namespace tickwerk::market {

/// Columns with the role `label` in the metadata `tickwerk` of the file, as written; none where it
/// has no such metadata. Throws kCorruptData when there are some that cannot be read.
std::vector<std::string> label_columns(const io::ParquetReader& file);

/// Whether a name, as `column_name` writes it, is one of those that `factors export` gives to its
/// labels: fwd_return_20, fwd_trade_20.
bool is_label_name(std::string_view name);

/// `fwd_return_20 of panel.parquet is a label, which knows the future: left out`.
std::string left_out(std::span<const std::string> labels, std::string_view file);

}  // namespace tickwerk::market
