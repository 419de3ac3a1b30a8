// Which symbols are wanted: the list of `--symbols`, the universe file with its dates, the limit of
// `--max-symbols`. Used by `load`; every name asked for must exist, but those of a universe file
// only need one that does.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tickwerk/base/time.h"

namespace tickwerk::market {

using SymbolSet = std::set<std::string, std::less<>>;

struct Membership {
  std::optional<Date> start;  // empty: always
  std::optional<Date> end;    // last day, empty: until today
};

struct Universe {
  std::map<std::string, std::vector<Membership>, std::less<>> members;
  enum class Dates { kNone, kSome } dates = Dates::kNone;
};

bool covers(const std::vector<Membership>& periods, Date day) noexcept;

/// Reads lines `symbol[,start[,end]]`; `#` begins a comment, a header line is allowed, a symbol may
/// stand on several lines. Throws Error with file, row and value.
Universe read_universe(const std::filesystem::path& path);

}  // namespace tickwerk::market
