// What the type of a Parquet column means to us: its kind, and how its integers become values. Only
// parquet_reader.cpp uses it; reads no file.
#pragma once

#include <cstdint>

#include "tickwerk/io/parquet_reader.h"

namespace parquet {
class ColumnDescriptor;
}

namespace tickwerk::io {

/// kOther for nested columns and for decimals of more than 38 digits, which 128 bits do not hold.
ColumnKind kind_of(const parquet::ColumnDescriptor& column);

/// Nanoseconds of one unit of a timestamp column; 1 for every other column.
std::int64_t ns_per_unit(const parquet::ColumnDescriptor& column);

/// Whether the integers of the column are stored as unsigned ones.
bool is_unsigned(const parquet::ColumnDescriptor& column);

/// What the integers of a decimal column are divided by; 1 for every other column.
double divisor_of(const parquet::ColumnDescriptor& column);

}  // namespace tickwerk::io
