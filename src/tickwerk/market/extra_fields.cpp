#include "tickwerk/market/extra_fields.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/market/columns.h"
#include "tickwerk/market/label_columns.h"
#include "tickwerk/market/records.h"
#include "tickwerk/market/timestamps.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (name.empty() || !letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, Bars& bars) : path_(path), bars_(bars) {}

  std::vector<std::string> read() {
    read_records(
        path_, [this](const RecordColumns& columns) { match(columns); },
        [this](std::span<const std::string_view> cells, std::size_t) { add(cells); });
    for (std::size_t k = 0; k < names_.size(); ++k) {
      bars_.fields.emplace(names_[k], std::move(panels_[k]));
    }
    return notes();
  }

 private:
  void match(const RecordColumns& columns) {
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
      const std::string& name = columns.names[i];
      if (name.empty()) continue;  // the index that pandas writes
      if (names_symbol(name)) {
        symbol_ = i;
      } else if (names_time(name)) {
        time_ = i;
      } else {
        values_.push_back(i);
        names_.push_back(name);
      }
    }
    labels_ = columns.labels;
    for (const std::string& label : labels_) bars_.labels.try_emplace(label, path_.string());
    if (!symbol_ || !time_ || names_.empty()) {
      throw Error(Code::kCorruptData,
                  fmt::format("fields must have the columns timestamp, symbol and one for each "
                              "field, found {}",
                              fmt::join(columns.names, ", ")));
    }
    for (const std::string& name : names_) require_name(name);
    for (std::size_t k = 0; k < names_.size(); ++k) {
      panels_.emplace_back(bars_.num_rows(), bars_.num_symbols(), kNaN);
    }
    is_seen_ = BasicPanel<char>(bars_.num_rows(), bars_.num_symbols());
  }

  void require_name(const std::string& name) const {
    if (!is_identifier(name)) {
      throw Error(Code::kCorruptData,
                  fmt::format("a field must be called by letters, digits and _, found '{}'", name));
    }
    if (!bars_.has(name) && name != "in_universe") return;
    throw Error(
        Code::kInvalidArgument,
        fmt::format("a field must not have the name of a column of the bars, found {}", name));
  }

  void add(std::span<const std::string_view> cells) {
    const auto time = parse_time(cells[*time_]);
    if (!time) throw Error(Code::kCorruptData, why_no_time(cells[*time_]));
    const Timestamp at = time->bar_time(bars_.frequency);
    const std::size_t t = bars_.first_row_at(at);
    const std::size_t s = bars_.column(cells[*symbol_]);
    const bool is_there = t < bars_.num_rows() && bars_.times[t] == at && s < bars_.num_symbols();
    if (is_there && is_seen_(t, s) != 0) {
      throw Error(Code::kCorruptData, fmt::format("a bar must have one row, found another of {} {}",
                                                  cells[*time_], cells[*symbol_]));
    }
    const bool has_bar = is_there && !std::isnan(bars_.close()(t, s));
    if (is_there) is_seen_(t, s) = 1;
    ++(has_bar ? num_joined_ : num_others_);
    for (std::size_t k = 0; k < values_.size(); ++k) {
      const double value = number(cells[values_[k]], names_[k]);
      if (has_bar) panels_[k](t, s) = value;
    }
  }

  static double number(std::string_view cell, const std::string& name) {
    if (cell.empty() || cell == "nan" || cell == "NaN") return kNaN;
    const auto value = io::parse_number(cell);
    if (value && std::isfinite(*value)) return *value;
    throw Error(Code::kCorruptData,
                fmt::format("a field must be a finite number, found {} '{}'", name, cell));
  }

  std::vector<std::string> notes() const {
    const std::string file = path_.filename().string();
    std::vector<std::string> said = {fmt::format(
        "{} comes from {}: when it was known is its maker's word", fmt::join(names_, ", "), file)};
    if (!labels_.empty()) said.push_back(left_out(labels_, file));
    if (num_joined_ == 0) {
      said.push_back(fmt::format("no row of {} is of a bar that is loaded", file));
    } else if (num_others_ > 0) {
      said.push_back(fmt::format("{} of {} rows of {} are of no bar that is loaded", num_others_,
                                 num_others_ + num_joined_, file));
    }
    return said;
  }

  const std::filesystem::path& path_;
  Bars& bars_;
  std::optional<std::size_t> symbol_, time_;
  std::vector<std::size_t> values_;
  std::vector<std::string> names_;
  std::vector<std::string> labels_;
  std::vector<Panel> panels_;
  BasicPanel<char> is_seen_;
  std::size_t num_joined_ = 0;
  std::size_t num_others_ = 0;
};

}  // namespace

std::vector<std::string> add_fields(const std::filesystem::path& path, Bars& bars) {
  TW_ZONE("add_fields");
  return Reader(path, bars).read();
}

}  // namespace tickwerk::market
