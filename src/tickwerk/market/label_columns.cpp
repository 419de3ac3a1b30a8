#include "tickwerk/market/label_columns.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/base/error.h"
#include "tickwerk/io/parquet_reader.h"

namespace tickwerk::market {

std::vector<std::string> label_columns(const io::ParquetReader& file) {
  const std::optional<std::string> text = file.metadata("tickwerk");
  if (!text) return {};
  std::vector<std::string> labels;
  try {
    const nlohmann::json columns = nlohmann::json::parse(*text).value("columns", nlohmann::json());
    for (const nlohmann::json& column : columns) {
      if (column.at("role") == "label") labels.push_back(column.at("name").get<std::string>());
    }
  } catch (const nlohmann::json::exception&) {
    throw Error(Code::kCorruptData,
                "the metadata `tickwerk` must say the role of each column, found none that can be "
                "read");
  }
  return labels;
}

bool is_label_name(std::string_view name) {
  for (const std::string_view start : {"fwd_return_", "fwd_trade_"}) {
    if (!name.starts_with(start) || name.size() == start.size()) continue;
    return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(start.size()), name.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
  }
  return false;
}

std::string left_out(std::span<const std::string> labels, std::string_view file) {
  const bool one = labels.size() == 1;
  return fmt::format("{} of {} {}, which know{} the future: left out", fmt::join(labels, ", "),
                     file, one ? "is a label" : "are labels", one ? "s" : "");
}

}  // namespace tickwerk::market
