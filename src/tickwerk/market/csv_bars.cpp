// Bars from CSV and CSV.gz. A CSV is mapped and read in parallel pieces of whole records, a gz as a
// stream.
#include <algorithm>
#include <map>

#include "tickwerk/base/error.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/gzip.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/market/bar_file.h"
#include "tickwerk/panel/panel.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kStreamBytes = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Appends records to a block, which grows until the first fault.
class BlockParser {
 public:
  BlockParser(const BarColumns& columns, const std::string& symbol, const RowFilter& filter)
      : columns_(columns), file_symbol_(symbol), filter_(filter) {
    block_.values.resize(columns.values.size());
    block_.not_numeric.resize(columns.values.size());
  }

  /// `text` is whole records.
  void parse(std::string_view text) {
    const auto rows = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    reserve(block_.times.size() + rows);
    io::CsvReader reader(text);
    try {
      while (!block_.fault && reader.next(fields_)) add_row();
    } catch (const Error& error) {
      fail("", error.what());
    }
  }

  RowBlock take() {
    block_.num_rows = static_cast<std::int64_t>(block_.times.size());
    return std::move(block_);
  }

 private:
  void reserve(std::size_t rows) {
    if (rows <= block_.times.capacity()) return;
    rows = std::max(rows, block_.times.capacity() * 2);
    block_.times.reserve(rows);
    block_.symbols.reserve(rows);
    for (auto& column : block_.values) column.reserve(rows);
  }

  std::int64_t row() const { return static_cast<std::int64_t>(block_.times.size()); }

  void fail(std::string column, std::string message) {
    block_.fault = RowFault{row(), std::move(column), std::move(message)};
  }

  void skip_row() {
    block_.times.push_back(0);
    block_.symbols.push_back(kNoSymbol);
    for (auto& column : block_.values) column.push_back(kNaN);
  }

  void add_row() {
    if (fields_.size() == 1 && io::trimmed(fields_[0]).empty() && columns_.names.size() > 1) {
      return skip_row();
    }
    if (fields_.size() != columns_.names.size()) {
      return fail("", fmt::format("a row must have {} fields like the header, found {}",
                                  columns_.names.size(), fields_.size()));
    }
    const std::uint32_t symbol = symbol_of();
    if (block_.fault) return;
    if (symbol == kNoSymbol) return skip_row();
    const std::string_view text = fields_[columns_.time];
    if (text != last_time_text_ || text.empty()) {
      const auto time = parse_time(text);
      if (!time) return fail(columns_.names[columns_.time], why_no_time(text));
      last_time_text_ = text;
      last_time_ = *time;
      block_.forms.see(*time, row());
    }
    const std::int64_t ns = last_time_.bar_time(filter_.frequency).ns;
    if (ns >= filter_.end_ns) return skip_row();
    if (!add_values()) return;
    block_.times.push_back(ns);
    block_.symbols.push_back(symbol);
  }

  std::uint32_t symbol_of() {
    const std::string_view text =
        columns_.symbol ? io::trimmed(fields_[*columns_.symbol]) : std::string_view(file_symbol_);
    if (!last_symbol_text_.empty() && text == last_symbol_text_) return last_symbol_;
    if (text.empty()) {
      fail(columns_.names[*columns_.symbol], "a symbol must not be empty");
      return kNoSymbol;
    }
    last_symbol_text_ = text;
    last_symbol_ = kNoSymbol;
    if (filter_.symbols != nullptr && !filter_.symbols->contains(text)) return kNoSymbol;
    auto known = ids_.find(text);
    if (known == ids_.end()) {
      known = ids_.emplace(text, static_cast<std::uint32_t>(block_.names.size())).first;
      block_.names.emplace_back(text);
    }
    return last_symbol_ = known->second;
  }

  /// False after a fault, with nothing of the row added.
  bool add_values() {
    for (std::size_t i = 0; i < columns_.values.size(); ++i) {
      const ValueColumn& column = columns_.values[i];
      const std::string_view text = fields_[column.index];
      const auto number = io::parse_number(text);
      if (!number && column.use == ColumnUse::kPrice) {
        for (std::size_t j = 0; j < i; ++j) block_.values[j].pop_back();
        fail(columns_.names[column.index], fmt::format("a value of {} must be a number, found '{}'",
                                                       column.field, text.substr(0, 40)));
        return false;
      }
      if (!number && !block_.not_numeric[i]) {
        block_.not_numeric[i] =
            RowFault{row(), columns_.names[column.index], std::string(text.substr(0, 40))};
      }
      block_.values[i].push_back(number.value_or(kNaN));
    }
    return true;
  }

  const BarColumns& columns_;
  const std::string& file_symbol_;
  const RowFilter& filter_;
  RowBlock block_;
  std::vector<std::string_view> fields_;
  std::map<std::string, std::uint32_t, std::less<>> ids_;
  std::string last_time_text_;
  ParsedTime last_time_;
  std::string last_symbol_text_;
  std::uint32_t last_symbol_ = kNoSymbol;
};

class TextBars : public BarFile {
 public:
  void read_values(std::size_t,
                   RowBlock& block,
                   std::size_t column,
                   const Visit& visit) const override {
    const std::vector<double> values = std::move(block.values[column]);
    visit(0, values);
  }

 protected:
  TextBars(const std::filesystem::path& path, const std::string& symbol) : symbol_(symbol) {
    path_ = path;
    first_row_number_ = 2;
  }

  /// Reads the header at the start of `text`; returns the size of what it used.
  std::size_t read_header(std::string_view text) {
    const std::string name = path_.string();
    if (text.empty()) {
      throw Error(Code::kCorruptData,
                  fmt::format("a CSV file must have a header, found no byte, reading {}", name));
    }
    const std::size_t size = text.size();
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
      accepted_.emplace_back("a byte-order mark");
    }
    const std::string_view start = text.substr(0, 4096);
    const auto binary = [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    };
    if (const auto at = std::find_if(start.begin(), start.end(), binary); at != start.end()) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a CSV file must be text, found byte 0x{:02x} at offset {}, reading {}",
                      static_cast<unsigned char>(*at), at - start.begin(), name));
    }
    io::CsvReader reader(text);
    std::vector<std::string_view> fields;
    try {
      reader.next(fields);
      std::vector<std::string> header;
      for (const std::string_view field : fields) header.emplace_back(field.substr(0, 80));
      columns_ = match_columns(header);
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}, reading {}, row 1", error.what(), name));
    }
    const std::string_view line = text.substr(0, text.size() - reader.rest().size());
    if (line.ends_with("\r\n")) accepted_.emplace_back("CRLF line ends");
    if (reader.rest().find_first_not_of("\r\n") == std::string_view::npos) {
      throw Error(
          Code::kCorruptData,
          fmt::format("a file of bars must have a row after the header, found none, reading {}",
                      name));
    }
    return size - reader.rest().size();
  }

  std::string symbol_;
};

class CsvBars : public TextBars {
 public:
  CsvBars(const std::filesystem::path& path, const std::string& symbol)
      : TextBars(path, symbol), file_(path) {
    const std::string_view bytes = file_.bytes();
    const std::string_view rows = bytes.substr(read_header(bytes));
    pieces_ = io::split_records(rows, rows.size() / kPieceBytes + 1);
  }

  std::size_t num_pieces() const override { return pieces_.size(); }

  RowBlock read_rows(std::size_t piece, const RowFilter& filter) const override {
    trace::count(trace::Counter::kBytesRead, pieces_[piece].size());
    BlockParser parser(columns_, symbol_, filter);
    parser.parse(pieces_[piece]);
    return parser.take();
  }

 private:
  io::MappedFile file_;
  std::vector<std::string_view> pieces_;
};

class GzipCsvBars : public TextBars {
 public:
  GzipCsvBars(const std::filesystem::path& path, const std::string& symbol)
      : TextBars(path, symbol) {
    std::string start(kStreamBytes, '\0');
    io::GzipReader reader(path_);
    start.resize(reader.read(start));
    header_bytes_ = read_header(start);
  }

  std::size_t num_pieces() const override { return 1; }

  RowBlock read_rows(std::size_t, const RowFilter& filter) const override {
    BlockParser parser(columns_, symbol_, filter);
    io::GzipReader reader(path_);
    std::string text;
    std::size_t skip = header_bytes_;
    for (;;) {
      const std::size_t kept = text.size();
      text.resize(kept + kStreamBytes);
      const std::size_t read = reader.read(std::span(text).subspan(kept));
      text.resize(kept + read);
      const std::string_view unread = std::string_view(text).substr(skip);
      if (read < kStreamBytes) {
        parser.parse(unread);
        return parser.take();
      }
      const std::size_t whole = io::whole_records(unread);
      parser.parse(unread.substr(0, whole));
      text.erase(0, skip + whole);
      skip = 0;
    }
  }

 private:
  std::size_t header_bytes_ = 0;
};

}  // namespace

std::unique_ptr<BarFile> open_csv(const std::filesystem::path& path, const std::string& symbol) {
  if (io::first_bytes(path, 2) == "\x1f\x8b") return std::make_unique<GzipCsvBars>(path, symbol);
  return std::make_unique<CsvBars>(path, symbol);
}

}  // namespace tickwerk::market
