#include "tickwerk/io/parquet_reader.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/api/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <unordered_map>

#include "tickwerk/base/error.h"
#include "tickwerk/base/time.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/parquet_kind.h"
#include "tickwerk/panel/panel.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::io {
namespace {

constexpr std::size_t kBatch = 8192;  // values of one block: they stay in the first level of cache
constexpr std::int64_t kJulianDayOf1970 = 2'440'588;

/// A big-endian two's complement number of at most 128 bits.
double decimal_value(const std::uint8_t* bytes, std::uint32_t size) {
  __int128 value = size > 0 && (bytes[0] & 0x80) != 0 ? -1 : 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    value = static_cast<__int128>(static_cast<unsigned __int128>(value) << 8 | bytes[i]);
  }
  return static_cast<double>(value);
}

/// Calls visit(first_row, values, num_values, levels, num_levels) for the blocks of a column;
/// levels is null where no value can be missing.
template <class Type, class Visit>
void read_blocks(parquet::ColumnReader& any, std::size_t num_rows, const Visit& visit) {
  auto& reader = static_cast<parquet::TypedColumnReader<Type>&>(any);
  const bool optional = any.descr()->max_definition_level() > 0;
  std::vector<typename Type::c_type> values(kBatch);
  std::vector<std::int16_t> levels(optional ? kBatch : 0);
  std::size_t row = 0;
  while (row < num_rows) {
    const std::size_t wanted = std::min(kBatch, num_rows - row);
    std::int64_t num_values = 0;
    const std::int64_t num_levels =
        reader.ReadBatch(static_cast<std::int64_t>(wanted), optional ? levels.data() : nullptr,
                         nullptr, values.data(), &num_values);
    const auto read = static_cast<std::size_t>(optional ? num_levels : num_values);
    if (read == 0) throw parquet::ParquetException("a column ends before its row group");
    const bool dense = static_cast<std::size_t>(num_values) == read;
    visit(row, values.data(), static_cast<std::size_t>(num_values), dense ? nullptr : levels.data(),
          read);
    row += read;
  }
}

/// Converts the values of a block and puts them where they belong, `missing` where there is none.
template <class From, class To, class Convert>
void place(const From* values,
           const std::int16_t* levels,
           std::size_t size,
           To missing,
           To* out,
           const Convert& convert) {
  if (levels == nullptr) {
    for (std::size_t i = 0; i < size; ++i) out[i] = convert(values[i]);
    return;
  }
  for (std::size_t i = 0, value = 0; i < size; ++i) {
    out[i] = levels[i] > 0 ? convert(values[value++]) : missing;
  }
}

/// value * scale + offset in nanoseconds.
std::int64_t scaled_sum(std::int64_t value, std::int64_t scale, std::int64_t offset) {
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(value, scale, &ns) || __builtin_add_overflow(ns, offset, &ns)) {
    throw parquet::ParquetException("a timestamp beyond the years 1677 to 2262");
  }
  return ns;
}

/// The form of old Spark and Impala: nanoseconds of the day, then the Julian day.
std::int64_t legacy_instant(const parquet::Int96& value) {
  std::int64_t ns = 0;
  std::memcpy(&ns, value.value.data(), sizeof ns);
  return scaled_sum(static_cast<std::int64_t>(value.value[2]) - kJulianDayOf1970, kNsPerDay, ns);
}

/// A column whose pages hold indices into one dictionary.
TextColumn read_coded_text(parquet::ByteArrayReader& reader, std::size_t num_rows) {
  TextColumn result;
  result.ids.resize(num_rows);
  const bool optional = reader.descr()->max_definition_level() > 0;
  std::vector<std::int16_t> levels(optional ? kBatch : 0);
  std::vector<std::int32_t> indices(kBatch);
  for (std::size_t row = 0; row < num_rows;) {
    const parquet::ByteArray* dictionary = nullptr;
    std::int32_t dictionary_size = 0;
    std::int64_t num_indices = 0;
    const std::int64_t num_levels =
        reader.ReadBatchWithDictionary(static_cast<std::int64_t>(std::min(kBatch, num_rows - row)),
                                       optional ? levels.data() : nullptr, nullptr, indices.data(),
                                       &num_indices, &dictionary, &dictionary_size);
    const auto read = static_cast<std::size_t>(optional ? num_levels : num_indices);
    if (read == 0) throw parquet::ParquetException("a column ends before its row group");
    if (result.values.empty()) {
      for (std::int32_t i = 0; i < dictionary_size; ++i) {
        result.values.emplace_back(std::string_view(dictionary[i]));
      }
    }
    const std::size_t known = result.values.size();
    const bool dense = static_cast<std::size_t>(num_indices) == read;
    place(indices.data(), dense ? nullptr : levels.data(), read, kNoText, result.ids.data() + row,
          [known](std::int32_t index) {
            if (static_cast<std::size_t>(static_cast<std::uint32_t>(index)) >= known) {
              throw parquet::ParquetException("an index beyond its dictionary");
            }
            return static_cast<std::uint32_t>(index);
          });
    row += read;
  }
  return result;
}

/// A column whose pages hold the text itself. Rows sorted by time repeat the same order of symbols:
/// what followed a text the last time mostly follows it again, and comparing is cheaper than
/// hashing.
TextColumn read_plain_text(parquet::ColumnReader& reader, std::size_t num_rows) {
  TextColumn result;
  result.ids.resize(num_rows);
  std::unordered_map<std::string, std::uint32_t> known;
  std::vector<std::uint32_t> followers;
  std::uint32_t previous = 0;
  const auto id_of = [&](const parquet::ByteArray& value) {
    const std::string_view text(value);
    if (previous < followers.size()) {
      const std::uint32_t expected = followers[previous];
      if (result.values[expected] == text) return previous = expected;
    }
    const auto [at, fresh] =
        known.try_emplace(std::string(text), static_cast<std::uint32_t>(result.values.size()));
    if (fresh) {
      result.values.emplace_back(text);
      followers.push_back(at->second);
    }
    followers[previous] = at->second;
    return previous = at->second;
  };
  read_blocks<parquet::ByteArrayType>(reader, num_rows,
                                      [&](std::size_t row, const auto* values, std::size_t,
                                          const std::int16_t* levels, std::size_t size) {
                                        place(values, levels, size, kNoText,
                                              result.ids.data() + row, id_of);
                                      });
  return result;
}

/// The first line of Arrow's message, in the form of ours.
std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

struct ParquetReader::State {
  std::filesystem::path path;
  std::optional<MappedFile> bytes;  // outlives `file`, which reads from it
  std::unique_ptr<parquet::ParquetFileReader> file;
  std::shared_ptr<parquet::FileMetaData> metadata;
  std::vector<ParquetColumn> columns;

  const parquet::ColumnDescriptor& descriptor(std::size_t column) const {
    return *metadata->schema()->Column(static_cast<int>(column));
  }

  /// Runs `body`; whatever Arrow throws means that the file is not what its footer says.
  template <class Body>
  auto guarded(const Body& body) const {
    try {
      return body();
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      throw Error(Code::kCorruptData,
                  fmt::format("a Parquet file must be whole, found: {}, reading {}",
                              first_line(error.what()), path.string()));
    }
  }

  std::shared_ptr<parquet::ColumnReader> column_reader(std::size_t group,
                                                       std::size_t column) const {
    const auto rows = file->RowGroup(static_cast<int>(group));
    const auto chunk =
        metadata->RowGroup(static_cast<int>(group))->ColumnChunk(static_cast<int>(column));
    trace::count(trace::Counter::kBytesRead, static_cast<std::uint64_t>(std::max<std::int64_t>(
                                                 0, chunk->total_compressed_size())));
    return rows->ColumnWithExposeEncoding(static_cast<int>(column),
                                          columns[column].kind == ColumnKind::kText
                                              ? parquet::ExposedEncoding::DICTIONARY
                                              : parquet::ExposedEncoding::NO_ENCODING);
  }

  std::size_t num_rows(std::size_t group) const {
    const std::int64_t rows = metadata->RowGroup(static_cast<int>(group))->num_rows();
    if (rows < 0) throw parquet::ParquetException("a negative number of rows");
    return static_cast<std::size_t>(rows);
  }

  void open();
};

void ParquetReader::State::open() {
  file = parquet::ParquetFileReader::Open(
      std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(bytes->bytes())));
  metadata = file->metadata();
  const parquet::SchemaDescriptor& schema = *metadata->schema();
  bool instants = false;
  for (int i = 0; i < schema.num_columns(); ++i) {
    const ColumnKind kind = kind_of(*schema.Column(i));
    columns.push_back({schema.Column(i)->path()->ToDotString(), kind, ""});
    instants |= kind == ColumnKind::kInstant;
  }
  if (!instants) return;
  std::shared_ptr<arrow::Schema> fields;
  const auto status = parquet::arrow::FromParquetSchema(
      &schema, parquet::default_arrow_reader_properties(), metadata->key_value_metadata(), &fields);
  if (!status.ok()) throw parquet::ParquetException(status.message());
  for (ParquetColumn& column : columns) {
    if (column.kind != ColumnKind::kInstant) continue;
    const auto field = fields->GetFieldByName(column.name);
    if (field == nullptr || field->type()->id() != arrow::Type::TIMESTAMP) continue;
    column.zone = static_cast<const arrow::TimestampType&>(*field->type()).timezone();
  }
}

ParquetReader::ParquetReader(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->bytes.emplace(path);
  if (!state_->bytes->bytes().starts_with("PAR1")) {
    throw Error(Code::kCorruptData,
                fmt::format("a Parquet file must begin with PAR1, found {}, reading {}",
                            state_->bytes->bytes().empty() ? "an empty file" : "other bytes",
                            path.string()));
  }
  state_->guarded([this] { state_->open(); });
}

ParquetReader::~ParquetReader() = default;
ParquetReader::ParquetReader(ParquetReader&&) noexcept = default;

const std::vector<ParquetColumn>& ParquetReader::columns() const noexcept {
  return state_->columns;
}

std::size_t ParquetReader::num_row_groups() const noexcept {
  return static_cast<std::size_t>(state_->metadata->num_row_groups());
}

std::size_t ParquetReader::num_rows(std::size_t group) const {
  return state_->guarded([&] { return state_->num_rows(group); });
}

std::optional<std::pair<std::int64_t, std::int64_t>> ParquetReader::integer_range(
    std::size_t group, std::size_t column) const {
  return state_->guarded([&]() -> std::optional<std::pair<std::int64_t, std::int64_t>> {
    const auto chunk =
        state_->metadata->RowGroup(static_cast<int>(group))->ColumnChunk(static_cast<int>(column));
    const auto statistics = chunk->statistics();
    if (!statistics || !statistics->HasMinMax()) return {};
    const std::int64_t scale = ns_per_unit(state_->descriptor(column));
    std::int64_t low = 0, high = 0;
    if (const auto* narrow = dynamic_cast<const parquet::Int32Statistics*>(statistics.get())) {
      low = narrow->min();
      high = narrow->max();
    } else if (const auto* wide = dynamic_cast<const parquet::Int64Statistics*>(statistics.get())) {
      if (__builtin_mul_overflow(wide->min(), scale, &low)) return {};
      if (__builtin_mul_overflow(wide->max(), scale, &high)) return {};
    } else {
      return {};
    }
    return std::pair(low, high);
  });
}

std::optional<std::pair<std::string, std::string>> ParquetReader::text_range(
    std::size_t group, std::size_t column) const {
  return state_->guarded([&]() -> std::optional<std::pair<std::string, std::string>> {
    const auto chunk =
        state_->metadata->RowGroup(static_cast<int>(group))->ColumnChunk(static_cast<int>(column));
    const auto statistics = chunk->statistics();
    if (!statistics || !statistics->HasMinMax()) return {};
    const auto* text = dynamic_cast<const parquet::ByteArrayStatistics*>(statistics.get());
    if (text == nullptr) return {};
    return std::pair(std::string(std::string_view(text->min())),
                     std::string(std::string_view(text->max())));
  });
}

std::optional<std::string> ParquetReader::metadata(std::string_view key) const {
  const auto all = state_->metadata->key_value_metadata();
  const int at = all ? all->FindKey(key) : -1;
  if (at < 0) return {};
  return all->value(at);
}

std::string_view ParquetReader::column_bytes(std::size_t group, std::size_t column) const {
  return state_->guarded([&] {
    const auto chunk =
        state_->metadata->RowGroup(static_cast<int>(group))->ColumnChunk(static_cast<int>(column));
    const std::int64_t begin =
        chunk->has_dictionary_page() ? chunk->dictionary_page_offset() : chunk->data_page_offset();
    const std::int64_t size = chunk->total_compressed_size();
    const std::string_view bytes = state_->bytes->bytes();
    if (begin < 0 || size < 0 || static_cast<std::size_t>(begin) > bytes.size() ||
        static_cast<std::size_t>(size) > bytes.size() - static_cast<std::size_t>(begin)) {
      throw parquet::ParquetException("a column beyond the end of the file");
    }
    return bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
  });
}

std::string_view ParquetReader::footer_bytes() const {
  const std::string_view bytes = state_->bytes->bytes();
  const std::size_t size =
      static_cast<std::size_t>(state_->metadata->size()) + 8;  // its length and PAR1
  return bytes.substr(bytes.size() - std::min(size, bytes.size()));
}

std::vector<std::int64_t> ParquetReader::read_integers(std::size_t group,
                                                       std::size_t column) const {
  return state_->guarded([&] {
    const std::size_t num_rows = state_->num_rows(group);
    const auto reader = state_->column_reader(group, column);
    std::vector<std::int64_t> result(num_rows);
    const auto fill = [&](auto tag, const auto& convert) {
      read_blocks<decltype(tag)>(*reader, num_rows,
                                 [&](std::size_t row, const auto* values, std::size_t,
                                     const std::int16_t* levels, std::size_t size) {
                                   place(values, levels, size, kNoInteger, result.data() + row,
                                         convert);
                                 });
    };
    const std::int64_t scale = ns_per_unit(state_->descriptor(column));
    const bool natural = is_unsigned(state_->descriptor(column));
    switch (reader->type()) {
      case parquet::Type::INT32:
        fill(parquet::Int32Type(), [natural](std::int32_t value) -> std::int64_t {
          return natural ? std::int64_t{static_cast<std::uint32_t>(value)} : value;
        });
        break;
      case parquet::Type::INT64:
        fill(parquet::Int64Type(),
             [scale](std::int64_t value) { return scaled_sum(value, scale, 0); });
        break;
      case parquet::Type::INT96:
        fill(parquet::Int96Type(), legacy_instant);
        break;
      default:
        throw Error(Code::kInternal, "read_integers needs a column of integers");
    }
    return result;
  });
}

TextColumn ParquetReader::read_text(std::size_t group, std::size_t column) const {
  return state_->guarded([&] {
    const std::size_t num_rows = state_->num_rows(group);
    const auto reader = state_->column_reader(group, column);
    return reader->GetExposedEncoding() == parquet::ExposedEncoding::DICTIONARY
               ? read_coded_text(static_cast<parquet::ByteArrayReader&>(*reader), num_rows)
               : read_plain_text(*reader, num_rows);
  });
}

void ParquetReader::read_numbers(std::size_t group,
                                 std::size_t column,
                                 const NumberVisitor& visit) const {
  state_->guarded([&] {
    const std::size_t num_rows = state_->num_rows(group);
    const auto reader = state_->column_reader(group, column);
    const parquet::ColumnDescriptor& descriptor = state_->descriptor(column);
    const double divisor = divisor_of(descriptor);
    std::vector<double> converted(kBatch);
    const auto visit_all = [&](auto tag, const auto& convert) {
      using Value = typename decltype(tag)::c_type;
      read_blocks<decltype(tag)>(*reader, num_rows,
                                 [&](std::size_t row, const Value* values, std::size_t,
                                     const std::int16_t* levels, std::size_t size) {
                                   if constexpr (std::is_same_v<Value, double>) {
                                     if (levels == nullptr) return visit(row, {values, size});
                                   }
                                   place(values, levels, size, kNaN, converted.data(), convert);
                                   visit(row, {converted.data(), size});
                                 });
    };
    const bool natural = is_unsigned(descriptor);
    switch (reader->type()) {
      case parquet::Type::DOUBLE:
        return visit_all(parquet::DoubleType(), [](double v) { return v; });
      case parquet::Type::FLOAT:
        return visit_all(parquet::FloatType(), [](float v) { return static_cast<double>(v); });
      case parquet::Type::INT32:
        return visit_all(parquet::Int32Type(), [=](std::int32_t v) {
          return (natural ? static_cast<double>(static_cast<std::uint32_t>(v)) : v) / divisor;
        });
      case parquet::Type::INT64:
        return visit_all(parquet::Int64Type(), [=](std::int64_t v) {
          return (natural ? static_cast<double>(static_cast<std::uint64_t>(v))
                          : static_cast<double>(v)) /
                 divisor;
        });
      case parquet::Type::BYTE_ARRAY:
        return visit_all(parquet::ByteArrayType(), [=](const parquet::ByteArray& v) {
          return decimal_value(v.ptr, v.len) / divisor;
        });
      case parquet::Type::FIXED_LEN_BYTE_ARRAY: {
        const auto size = static_cast<std::uint32_t>(descriptor.type_length());
        return visit_all(parquet::FLBAType(), [=](const parquet::FixedLenByteArray& v) {
          return decimal_value(v.ptr, size) / divisor;
        });
      }
      default:
        throw Error(Code::kInternal, "read_numbers needs a column of numbers");
    }
  });
}

}  // namespace tickwerk::io
