#include "tickwerk/io/parquet_writer.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/api/schema.h>
#include <parquet/api/writer.h>

#include <algorithm>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"

namespace tickwerk::io {
namespace {

constexpr int kZstdLevel = 1;
constexpr std::int64_t kSplitPageBytes = 128 * 1024;

/// Hands what Arrow writes to an AtomicFile, whose errors pass through Arrow unharmed.
class AtomicStream : public arrow::io::OutputStream {
 public:
  explicit AtomicStream(const std::filesystem::path& path) : file_(path) {}

  arrow::Status Write(const void* data, std::int64_t size) override {
    file_.write({static_cast<const char*>(data), static_cast<std::size_t>(size)});
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override {
    return static_cast<std::int64_t>(file_.num_bytes());
  }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  void commit() { file_.commit(); }

 private:
  AtomicFile file_;
  bool closed_ = false;
};

parquet::schema::NodePtr schema_of(const std::vector<ParquetField>& fields) {
  using parquet::LogicalType;
  using parquet::schema::PrimitiveNode;
  constexpr auto kRequired = parquet::Repetition::REQUIRED;
  parquet::schema::NodeVector nodes;
  for (const ParquetField& field : fields) {
    switch (field.kind) {
      case ColumnKind::kNumber:
        nodes.push_back(PrimitiveNode::Make(field.name, kRequired, parquet::Type::DOUBLE));
        break;
      case ColumnKind::kDate:
        nodes.push_back(
            PrimitiveNode::Make(field.name, kRequired, LogicalType::Date(), parquet::Type::INT32));
        break;
      case ColumnKind::kInstant:
        nodes.push_back(PrimitiveNode::Make(
            field.name, kRequired, LogicalType::Timestamp(true, LogicalType::TimeUnit::NANOS),
            parquet::Type::INT64));
        break;
      case ColumnKind::kText:
        nodes.push_back(PrimitiveNode::Make(field.name, kRequired, LogicalType::String(),
                                            parquet::Type::BYTE_ARRAY));
        break;
      default:
        throw Error(Code::kInternal, "a Parquet field must be a number, date, instant or text");
    }
  }
  return parquet::schema::GroupNode::Make("schema", kRequired, nodes);
}

std::shared_ptr<parquet::WriterProperties> properties_of(const std::vector<ParquetField>& fields,
                                                         NumberEncoding numbers) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD)->compression_level(kZstdLevel);
  // A page is compressed when it is full: with pages of a megabyte a column of a wide group would
  // be compressed at its end, outside of the parallel loop.
  if (numbers == NumberEncoding::kByteStreamSplit) builder.data_pagesize(kSplitPageBytes);
  for (const ParquetField& field : fields) {
    // Prices hardly repeat, and nobody looks for a row group by price.
    if (field.kind == ColumnKind::kNumber) {
      builder.disable_dictionary(field.name)->disable_statistics(field.name);
      if (numbers == NumberEncoding::kByteStreamSplit) {
        builder.encoding(field.name, parquet::Encoding::BYTE_STREAM_SPLIT);
      }
    }
  }
  return builder.build();
}

}  // namespace

struct ParquetWriter::State {
  std::shared_ptr<AtomicStream> stream;
  std::unique_ptr<parquet::ParquetFileWriter> file;
  parquet::RowGroupWriter* group = nullptr;
  std::size_t num_rows = 0;
  std::vector<int> numbers;  // columns that add_all_numbers writes
  int next_column = 0;

  template <class Type>
  void write(parquet::ColumnWriter* any, const typename Type::c_type* values, std::size_t size) {
    TW_CHECK(size, ==, num_rows);
    auto* column = static_cast<parquet::TypedColumnWriter<Type>*>(any);
    column->WriteBatch(static_cast<std::int64_t>(size), nullptr, nullptr, values);
    // Of a wide group columns end with the group, one after the other: that writes to the file.
    if (!group->buffered()) column->Close();
  }
  template <class Type>
  void add(const typename Type::c_type* values, std::size_t size) {
    const int column = next_column++;
    write<Type>(group->buffered() ? group->column(column) : group->NextColumn(), values, size);
  }
  /// Of a wide group numbers come last, wherever they stand.
  void skip_numbers() {
    if (!group->buffered()) return;
    while (std::binary_search(numbers.begin(), numbers.end(), next_column)) ++next_column;
  }
  void begin(std::size_t rows, parquet::RowGroupWriter* next) {
    num_rows = rows;
    group = next;
    next_column = 0;
  }
};

ParquetWriter::ParquetWriter(const std::filesystem::path& path,
                             const std::vector<ParquetField>& fields,
                             NumberEncoding numbers)
    : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == ColumnKind::kNumber) state_->numbers.push_back(static_cast<int>(i));
  }
  state_->stream = std::make_shared<AtomicStream>(path);
  state_->file = parquet::ParquetFileWriter::Open(
      state_->stream, std::static_pointer_cast<parquet::schema::GroupNode>(schema_of(fields)),
      properties_of(fields, numbers));
}

ParquetWriter::~ParquetWriter() {
  // Arrow closes an open file in its destructor, which may write and so fail; nobody wants that
  // file any more.
  try {
    state_->file.reset();
  } catch (const std::exception&) {
    return;
  }
}

void ParquetWriter::begin_group(std::size_t num_rows) {
  state_->begin(num_rows, state_->file->AppendRowGroup());
}

void ParquetWriter::begin_wide_group(std::size_t num_rows) {
  state_->begin(num_rows, state_->file->AppendBufferedRowGroup());
}

void ParquetWriter::add_all_numbers(const ColumnFill& fill) {
  parallel_for(state_->numbers.size(), 1, [&](std::size_t first, std::size_t last) {
    std::vector<double> values(state_->num_rows);
    for (std::size_t k = first; k < last; ++k) {
      fill(k, values);
      state_->write<parquet::DoubleType>(state_->group->column(state_->numbers[k]), values.data(),
                                         values.size());
    }
  });
}

void ParquetWriter::add_integers(std::span<const std::int64_t> values) {
  state_->skip_numbers();
  const int column = state_->next_column;
  const bool days = state_->file->schema()->Column(column)->physical_type() == parquet::Type::INT32;
  if (!days) return state_->add<parquet::Int64Type>(values.data(), values.size());
  const std::vector<std::int32_t> narrow(values.begin(), values.end());
  state_->add<parquet::Int32Type>(narrow.data(), narrow.size());
}

void ParquetWriter::add_text(std::span<const std::uint32_t> ids,
                             std::span<const std::string> values) {
  state_->skip_numbers();
  std::vector<parquet::ByteArray> text;
  text.reserve(ids.size());
  for (const std::uint32_t id : ids) text.emplace_back(std::string_view(values[id]));
  state_->add<parquet::ByteArrayType>(text.data(), text.size());
}

void ParquetWriter::add_numbers(std::span<const double> values) {
  state_->add<parquet::DoubleType>(values.data(), values.size());
}

void ParquetWriter::set_metadata(const ParquetMetadata& metadata) {
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : metadata) {
    keys.push_back(key);
    values.push_back(value);
  }
  if (!keys.empty()) state_->file->AddKeyValueMetadata(arrow::key_value_metadata(keys, values));
}

void ParquetWriter::commit() {
  state_->file->Close();
  state_->stream->commit();
}

}  // namespace tickwerk::io
