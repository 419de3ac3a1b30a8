#include "tickwerk/market/input_files.h"

#include <algorithm>
#include <system_error>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::market {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 32'767;  // BarSources counts files in 16 bits

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_parquet_name(const std::string& name) {
  return name.ends_with(".parquet") || name.ends_with(".pq");
}

bool is_data_name(const fs::path& path) {
  const std::string name = lower(path.filename().string());
  if (name.starts_with(".")) return false;
  return name.ends_with(".csv") || name.ends_with(".csv.gz") || is_parquet_name(name);
}

/// The data files of a folder. A link that leads nowhere is one: a universe must not shrink
/// unnoticed.
std::vector<fs::path> data_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    if (is_data_name(entry->path()) && !entry->is_directory(unknown)) {
      paths.push_back(entry->path());
    }
  }
  if (error) {
    throw Error(Code::kIo, fmt::format("a folder must be readable, found: {}, reading {}",
                                       error.message(), folder.string()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<fs::path> list(const fs::path& prices) {
  std::error_code error;
  const fs::file_status status = fs::status(prices, error);
  if (status.type() == fs::file_type::not_found) {
    throw Error(Code::kNotFound,
                fmt::format("a file or folder of prices must exist: {}", prices.string()));
  }
  if (fs::exists(status) && !fs::is_directory(status) && !fs::is_regular_file(status)) {
    throw Error(Code::kUnsupported,
                fmt::format("prices must be a regular file or a folder: {}", prices.string()));
  }
  if (!fs::is_directory(status)) return {prices};
  std::vector<fs::path> paths = data_files(prices);
  if (paths.empty()) {
    throw Error(
        Code::kNotFound,
        fmt::format(
            "a folder of prices must hold .csv, .csv.gz or .parquet files, found none in {}",
            prices.string()));
  }
  if (paths.size() > kMaxFiles) {
    throw Error(Code::kUnsupported,
                fmt::format("a folder must hold at most {} files, found {} in {}", kMaxFiles,
                            paths.size(), prices.string()));
  }
  return paths;
}

std::unique_ptr<BarFile> open(const fs::path& path) {
  const bool parquet =
      io::first_bytes(path, 4) == "PAR1" || is_parquet_name(lower(path.filename().string()));
  return parquet ? open_parquet(path, file_symbol(path)) : open_csv(path, file_symbol(path));
}

}  // namespace

std::string file_symbol(const fs::path& path) {
  std::string name = path.filename().string();
  for (const std::string_view ending : {".gz", ".csv", ".parquet", ".pq", ".txt"}) {
    if (lower(name).ends_with(ending) && name.size() > ending.size()) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

InputFiles open_input(const fs::path& prices, const std::set<std::string, std::less<>>* symbols) {
  const std::vector<fs::path> paths = list(prices);
  std::vector<std::unique_ptr<BarFile>> opened(paths.size());
  parallel_for(paths.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) opened[i] = open(paths[i]);
  });
  InputFiles input;
  for (auto& file : opened) {
    const bool other_symbol = symbols != nullptr && !file->columns().symbol &&
                              !symbols->contains(file_symbol(file->path()));
    if (other_symbol && paths.size() > 1) continue;
    input.names.push_back(file->path().filename().string());
    input.files.push_back(std::move(file));
  }
  return input;
}

}  // namespace tickwerk::market
