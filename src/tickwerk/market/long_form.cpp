#include "tickwerk/market/long_form.h"

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <string_view>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

constexpr std::uint32_t kNoElement = kNoSymbol;

/// Which names of a block stand in a wanted row.
std::vector<char> used_names(const RowBlock& block) {
  std::vector<char> used(block.names.size(), 0);
  for (const std::uint32_t symbol : block.symbols) {
    if (symbol != kNoSymbol) used[symbol] = 1;
  }
  return used;
}

/// Column of each name of the block in `symbols`, kNoSymbol for those left out.
std::vector<std::uint32_t> columns_of(const RowBlock& block,
                                      const std::vector<std::string>& symbols) {
  std::vector<std::uint32_t> columns;
  for (const std::string& name : block.names) {
    const auto at = std::lower_bound(symbols.begin(), symbols.end(), name);
    const bool found = at != symbols.end() && *at == name;
    columns.push_back(found ? static_cast<std::uint32_t>(at - symbols.begin()) : kNoSymbol);
  }
  return columns;
}

void throw_fault(const std::vector<Piece>& pieces, const InputFiles& input) {
  for (const Piece& piece : pieces) {
    if (!piece.block.fault) continue;
    const RowFault& fault = *piece.block.fault;
    const std::string column = fault.column.empty() ? "" : fmt::format(", column {}", fault.column);
    throw Error(Code::kCorruptData, fmt::format("{}, in {}, row {}{}", fault.message,
                                                input.files[piece.file]->path().string(),
                                                piece.first_row + fault.row, column));
  }
}

std::vector<Timestamp> session_times(const std::vector<Piece>& pieces) {
  std::vector<std::vector<std::int64_t>> found(pieces.size());
  parallel_for(pieces.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) {
      const RowBlock& block = pieces[p].block;
      std::vector<std::int64_t>& times = found[p];
      for (std::size_t row = 0; row < block.symbols.size(); ++row) {
        if (block.symbols[row] == kNoSymbol) continue;
        if (times.empty() || times.back() != block.times[row]) times.push_back(block.times[row]);
      }
      std::sort(times.begin(), times.end());
      times.erase(std::unique(times.begin(), times.end()), times.end());
    }
  });
  std::vector<std::int64_t> all;
  for (const auto& times : found) {
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), times.begin(), times.end());
    std::inplace_merge(all.begin(), all.begin() + middle, all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  std::vector<Timestamp> result;
  result.reserve(all.size());
  for (const std::int64_t ns : all) result.push_back({ns});
  return result;
}

/// Finds the panel row of a time; times of neighbouring input rows are mostly equal or next to each
/// other.
class RowFinder {
 public:
  explicit RowFinder(const std::vector<Timestamp>& times) : times_(times) {}

  std::size_t operator()(std::int64_t ns) {
    if (times_[last_].ns == ns) return last_;
    if (last_ + 1 < times_.size() && times_[last_ + 1].ns == ns) return ++last_;
    const auto at = std::lower_bound(times_.begin(), times_.end(), Timestamp{ns});
    return last_ = static_cast<std::size_t>(at - times_.begin());
  }

 private:
  const std::vector<Timestamp>& times_;
  std::size_t last_ = 0;
};

/// Symbols of the rows become elements of panels of `stride`.
void find_elements(std::vector<Piece>& pieces,
                   const std::vector<Timestamp>& times,
                   std::size_t stride) {
  parallel_for(pieces.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) {
      RowBlock& block = pieces[p].block;
      RowFinder row_of(times);
      for (std::size_t row = 0; row < block.symbols.size(); ++row) {
        std::uint32_t& symbol = block.symbols[row];
        if (symbol == kNoSymbol) continue;
        symbol += static_cast<std::uint32_t>(row_of(block.times[row]) * stride);
      }
      std::vector<std::int64_t>().swap(block.times);
    }
  });
}

/// Notes where each bar stands in the input, and the rows whose key stood before, which lose their
/// element.
void note_sources(std::vector<Piece>& pieces, std::uint32_t stride, LongForm& form) {
  form.sources.row = {form.bars.num_rows(), form.bars.num_symbols(), -1};
  form.sources.file = {form.bars.num_rows(), form.bars.num_symbols(), -1};
  std::vector<std::uint32_t> last_row(form.bars.num_symbols());
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    RowBlock& block = pieces[p].block;
    if (pieces[p].index == 0) std::fill(last_row.begin(), last_row.end(), 0);
    const auto file = static_cast<std::int16_t>(pieces[p].file);
    for (std::size_t row = 0; row < block.symbols.size(); ++row) {
      std::uint32_t& element = block.symbols[row];
      if (element == kNoElement) continue;
      const std::uint32_t t = element / stride;
      const std::uint32_t s = element % stride;
      if (t < last_row[s]) ++form.num_backward;
      last_row[s] = t;
      std::int32_t& source = form.sources.row(t, s);
      if (source >= 0) {
        form.duplicates.push_back({p, row, t, s, {}});
        element = kNoElement;
        continue;
      }
      source = static_cast<std::int32_t>(pieces[p].first_row + static_cast<std::int64_t>(row));
      form.sources.file(t, s) = file;
    }
  }
}

/// Extra columns that hold text somewhere are no fields.
std::set<std::string, std::less<>> drop_text(const std::vector<Piece>& pieces,
                                             const InputFiles& input,
                                             LongForm& form) {
  std::set<std::string, std::less<>> dropped;
  for (const Piece& piece : pieces) {
    const BarFile& file = *input.files[piece.file];
    for (std::size_t i = 0; i < piece.block.not_numeric.size(); ++i) {
      const auto& text = piece.block.not_numeric[i];
      if (!text || !dropped.insert(file.columns().values[i].field).second) continue;
      form.dropped.push_back({text->column, fmt::format("is text ('{}' in row {})", text->message,
                                                        piece.first_row + text->row)});
    }
  }
  for (const auto& file : input.files) {
    for (const std::string& name : file->ignored()) {
      if (dropped.insert(name).second) form.dropped.push_back({name, "does not hold numbers"});
    }
  }
  return dropped;
}

/// One column of one piece on its way into a panel.
struct ColumnTask {
  std::size_t piece = 0;
  std::size_t column = 0;  // of the values of its file
  std::size_t field = 0;   // of the bars, in their order
  Panel* panel = nullptr;
};

std::vector<ColumnTask> column_tasks(const std::vector<Piece>& pieces,
                                     const InputFiles& input,
                                     Bars& bars) {
  std::vector<ColumnTask> tasks;
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    if (pieces[p].block.symbols.empty()) continue;
    const auto& columns = input.files[pieces[p].file]->columns().values;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto found = bars.fields.find(columns[c].field);
      if (found == bars.fields.end()) continue;
      const auto field = static_cast<std::size_t>(std::distance(bars.fields.begin(), found));
      tasks.push_back({p, c, field, &found->second});
    }
  }
  return tasks;
}

void read_column(const ColumnTask& task,
                 std::vector<Piece>& pieces,
                 const InputFiles& input,
                 std::span<Duplicate> duplicates) {
  Piece& piece = pieces[task.piece];
  double* const elements = task.panel->row(0);
  const std::vector<std::uint32_t>& element_of = piece.block.symbols;
  input.files[piece.file]->read_values(
      piece.index, piece.block, task.column,
      [&](std::size_t first, std::span<const double> values) {
        const std::uint32_t* const element = element_of.data() + first;
        for (std::size_t i = 0; i < values.size(); ++i) {
          // Files hold NaNs of either sign; one kind inside, or equal bars had two fingerprints.
          const double value = values[i] == values[i] ? values[i] : kNaN;
          if (element[i] != kNoElement) elements[element[i]] = value;
        }
        for (Duplicate& duplicate : duplicates) {
          if (duplicate.row < first || duplicate.row - first >= values.size()) continue;
          const double value = values[duplicate.row - first];
          duplicate.values[task.field] = value == value ? value : kNaN;
        }
      });
}

std::span<Duplicate> duplicates_of(std::size_t piece, std::vector<Duplicate>& duplicates) {
  const auto in_piece =
      std::equal_range(duplicates.begin(), duplicates.end(), Duplicate{piece, 0, 0, 0, {}},
                       [](const Duplicate& a, const Duplicate& b) { return a.piece < b.piece; });
  return {in_piece.first, in_piece.second};
}

}  // namespace

std::vector<Piece> read_pieces(const InputFiles& input, const RowFilter& filter) {
  TW_ZONE("read_rows");
  std::vector<Piece> pieces;
  for (std::size_t f = 0; f < input.files.size(); ++f) {
    for (std::size_t i = 0; i < input.files[f]->num_pieces(); ++i) pieces.push_back({f, i, 0, {}});
  }
  parallel_for(pieces.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) {
      pieces[p].block = input.files[pieces[p].file]->read_rows(pieces[p].index, filter);
      trace::count(trace::Counter::kRows, static_cast<std::uint64_t>(pieces[p].block.num_rows));
    }
  });
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    Piece& piece = pieces[p];
    piece.first_row = piece.index == 0 ? input.files[piece.file]->first_row_number()
                                       : pieces[p - 1].first_row + pieces[p - 1].block.num_rows;
    if (piece.first_row + piece.block.num_rows > std::numeric_limits<std::int32_t>::max()) {
      throw Error(Code::kUnsupported,
                  fmt::format("an input file must have fewer than 2^31 rows: {}",
                              input.files[piece.file]->path().string()));
    }
  }
  throw_fault(pieces, input);
  return pieces;
}

std::vector<std::string> symbols_of(const std::vector<Piece>& pieces) {
  std::vector<std::vector<char>> used(pieces.size());
  parallel_for(pieces.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) used[p] = used_names(pieces[p].block);
  });
  std::set<std::string_view> names;
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    for (std::size_t i = 0; i < used[p].size(); ++i) {
      if (used[p][i] != 0) names.insert(pieces[p].block.names[i]);
    }
  }
  return {names.begin(), names.end()};
}

LongForm find_axes(std::vector<Piece>& pieces, std::vector<std::string> symbols) {
  TW_ZONE("find_axes");
  LongForm form;
  form.bars.symbols = std::move(symbols);
  parallel_for(pieces.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) {
      RowBlock& block = pieces[p].block;
      const std::vector<std::uint32_t> columns = columns_of(block, form.bars.symbols);
      for (std::uint32_t& symbol : block.symbols) {
        if (symbol != kNoSymbol) symbol = columns[symbol];
      }
    }
  });
  form.bars.times = session_times(pieces);
  return form;
}

void read_fields(std::vector<Piece>& pieces, const InputFiles& input, LongForm& form) {
  TW_ZONE("read_fields");
  Bars& bars = form.bars;
  const std::size_t stride = Panel::padded(bars.num_symbols());
  if (bars.num_rows() * stride >= kNoElement) {
    throw Error(
        Code::kUnsupported,
        fmt::format("a panel must have fewer than 2^32 elements, found {} times x {} symbols",
                    bars.num_rows(), bars.num_symbols()));
  }
  find_elements(pieces, bars.times, stride);
  note_sources(pieces, static_cast<std::uint32_t>(stride), form);
  for (const auto& file : input.files)
    form.sources.files.push_back(file->path().filename().string());

  const auto dropped = drop_text(pieces, input, form);
  for (const auto& file : input.files) {
    for (const std::string& label : file->columns().labels) {
      bars.labels.try_emplace(label, file->path().string());
    }
    for (const ValueColumn& column : file->columns().values) {
      if (!dropped.contains(column.field)) bars.fields.try_emplace(column.field);
    }
  }
  for (auto& [name, panel] : bars.fields) panel = {bars.num_rows(), bars.num_symbols(), kNaN};
  for (Duplicate& duplicate : form.duplicates) duplicate.values.assign(bars.fields.size(), kNaN);

  const std::vector<ColumnTask> tasks = column_tasks(pieces, input, bars);
  parallel_for(tasks.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      read_column(tasks[i], pieces, input, duplicates_of(tasks[i].piece, form.duplicates));
    }
  });
}

}  // namespace tickwerk::market
