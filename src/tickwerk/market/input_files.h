// The input files that a path means: one file, or the data files of a folder by name. Used by
// `load`; does not look into subfolders.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tickwerk/market/bar_file.h"

namespace tickwerk::market {

struct InputFiles {
  std::vector<std::unique_ptr<BarFile>> files;  // sorted by name
  std::vector<std::string> names;               // without folder
};

/// Opens what `prices` means. In a folder, files without a symbol column whose name is none of
/// `symbols` (null: all) are not kept. Throws Error kNotFound, kCorruptData, kIo with the path.
InputFiles open_input(const std::filesystem::path& prices,
                      const std::set<std::string, std::less<>>* symbols);

/// The name without folder, `.gz` and format: the symbol of a file without a symbol column.
std::string file_symbol(const std::filesystem::path& path);

}  // namespace tickwerk::market
