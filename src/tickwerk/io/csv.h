// Reading CSV (RFC 4180: commas, quoted fields, LF or CRLF). Splits text into records and fields
// and reads numbers rounded correctly; knows nothing of bars. The text stays where it is: fields
// point into it.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tickwerk::io {

class CsvReader {
 public:
  /// `text` begins at the start of a record and must outlive the reader.
  explicit CsvReader(std::string_view text) noexcept : rest_(text) {}

  /// Reads the next record into `fields`; false at the end of the text. A blank line is a record of
  /// one empty field. The fields are valid until the next call. Throws Error kCorruptData when a
  /// quote is not closed or is followed by text; the caller adds the file and the row.
  bool next(std::vector<std::string_view>& fields);

  /// Where the next record begins.
  std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view quoted_field();

  std::string_view rest_;
  std::deque<std::string> unescaped_;  // fields of this record that held doubled quotes
};

/// Cuts text into at most `num_parts` parts (at least one), each of whole records; quoted line ends
/// are no cuts.
std::vector<std::string_view> split_records(std::string_view text, std::size_t num_parts);

/// Size of the whole records at the start of `text`: up to and with the last line end outside
/// quotes.
std::size_t whole_records(std::string_view text) noexcept;

/// `text` without the spaces and tabs around it.
std::string_view trimmed(std::string_view text) noexcept;

/// The double nearest to a decimal number, spaces around it and a leading plus allowed. NaN for an
/// empty field and for nan, na, n/a, null, none, - in any case. Empty when the text is something
/// else.
std::optional<double> parse_number(std::string_view text) noexcept;

}  // namespace tickwerk::io
