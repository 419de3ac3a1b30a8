#include "tickwerk/store/links.h"

#include <fmt/format.h>

#include <set>
#include <system_error>

#include "tickwerk/base/error.h"
#include "tickwerk/store/layout.h"

namespace tickwerk::store {
namespace {

namespace fs = std::filesystem;

void check(const std::error_code& error, const fs::path& path) {
  if (!error) return;
  throw Error(Code::kIo, fmt::format("a link must be writable, found: {}, writing {}",
                                     error.message(), path.string()));
}

}  // namespace

void write_links(const fs::path& folder, const Metadata& metadata) {
  std::set<std::string> wanted;
  std::error_code error;
  for (const YearEntry& entry : metadata.years) {
    const std::string name = year_name(entry.year);
    wanted.insert(name);
    const fs::path link = folder / name;
    if (fs::read_symlink(link, error) == entry.file.name) continue;
    const fs::path beside = folder / fmt::format(".{}.tmp", name);
    fs::remove(beside, error);
    fs::create_symlink(entry.file.name, beside, error);
    check(error, link);
    fs::rename(beside, link, error);
    check(error, link);
  }
  for (const fs::directory_entry& file : fs::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    if (name.starts_with("year=") && file.is_symlink(error) && !wanted.contains(name)) {
      fs::remove(file.path(), error);
    }
  }
}

}  // namespace tickwerk::store
