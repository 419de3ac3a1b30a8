#include "tickwerk/io/parquet_kind.h"

#include <parquet/schema.h>
#include <parquet/types.h>

#include <cmath>

namespace tickwerk::io {
namespace {

constexpr std::int32_t kMaxDecimalDigits = 38;

}  // namespace

std::int64_t ns_per_unit(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  if (!logical || !logical->is_timestamp()) return 1;
  switch (static_cast<const parquet::TimestampLogicalType&>(*logical).time_unit()) {
    case parquet::LogicalType::TimeUnit::MILLIS:
      return 1'000'000;
    case parquet::LogicalType::TimeUnit::MICROS:
      return 1'000;
    default:
      return 1;
  }
}

ColumnKind kind_of(const parquet::ColumnDescriptor& column) {
  const bool nested = column.max_repetition_level() > 0 || column.max_definition_level() > 1 ||
                      column.path()->ToDotVector().size() != 1;
  if (nested) return ColumnKind::kOther;
  const auto& logical = column.logical_type();
  const bool plain = !logical || logical->is_none();
  if (logical && logical->is_decimal()) {
    return column.type_precision() <= kMaxDecimalDigits ? ColumnKind::kNumber : ColumnKind::kOther;
  }
  switch (column.physical_type()) {
    case parquet::Type::INT96:
      return ColumnKind::kInstant;
    case parquet::Type::INT32:
    case parquet::Type::INT64:
      if (logical && logical->is_date()) return ColumnKind::kDate;
      if (logical && logical->is_timestamp()) return ColumnKind::kInstant;
      return plain || logical->is_int() ? ColumnKind::kInteger : ColumnKind::kOther;
    case parquet::Type::FLOAT:
    case parquet::Type::DOUBLE:
      return ColumnKind::kNumber;
    case parquet::Type::BYTE_ARRAY:
      return plain || logical->is_string() || logical->is_enum() ? ColumnKind::kText
                                                                 : ColumnKind::kOther;
    default:
      return ColumnKind::kOther;
  }
}

bool is_unsigned(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical && logical->is_int() &&
         !static_cast<const parquet::IntLogicalType&>(*logical).is_signed();
}

double divisor_of(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical && logical->is_decimal() ? std::pow(10.0, column.type_scale()) : 1.0;
}

}  // namespace tickwerk::io
