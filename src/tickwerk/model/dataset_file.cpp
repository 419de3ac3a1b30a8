#include "tickwerk/model/dataset_file.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/base/hash.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/base/version.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/model/dataset_format.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kGroupRows = 131'072;
constexpr std::size_t kShownDigits = 12;

template <class T>
void hash_column(const std::vector<T>& values, Hasher& hasher) {
  const std::uint64_t size = values.size();
  hasher.update(&size, sizeof size);
  hasher.update(values.data(), size * sizeof(T));
}

/// Each feature hashed by itself, so that threads share the work.
std::vector<std::string> feature_hashes(const Dataset& dataset) {
  std::vector<std::string> hashes(dataset.num_features());
  parallel_for(hashes.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t f = first; f < last; ++f) {
      Hasher hasher;
      hasher.update(dataset.feature_names[f]);
      hasher.update({dataset.features.row(f), dataset.num_rows()});
      hashes[f] = hasher.hex();
    }
  });
  return hashes;
}

nlohmann::json json_of(const FeatureText& feature) {
  nlohmann::json json = {{"name", feature.name},
                         {"role", format::kFactorRole},
                         {"expression", feature.expression},
                         {"lookback", feature.reach.lookback},
                         {"lookahead", feature.reach.lookahead},
                         {"all_history", feature.reach.all_history}};
  if (feature.reach.all_history && std::isfinite(feature.reach.half_life)) {
    json["half_life"] = feature.reach.half_life;
  }
  return json;
}

nlohmann::json columns_of(const Dataset& dataset, const DatasetDescription& description) {
  nlohmann::json columns = nlohmann::json::array();
  for (const FeatureText& feature : description.features) columns.push_back(json_of(feature));
  for (const std::string_view name : format::kLabelColumns) {
    if (name == format::kExitTime && dataset.exit_bar.empty()) continue;
    nlohmann::json column = {
        {"name", name}, {"role", format::kLabelRole}, {"lookahead", dataset.label_reach}};
    if (name == format::kLabel) column["expression"] = description.label_text;
    columns.push_back(std::move(column));
  }
  return columns;
}

/// All bars of the market, also those without a row: steps between them in a unit that they share.
nlohmann::json bars_json(const std::vector<Timestamp>& times) {
  std::int64_t unit = 0;
  for (const Timestamp time : times) unit = std::gcd(unit, time.ns);
  unit = std::max<std::int64_t>(unit, 1);
  nlohmann::json steps = nlohmann::json::array();
  for (std::size_t t = 1; t < times.size(); ++t) {
    steps.push_back(times[t].ns / unit - times[t - 1].ns / unit);
  }
  return {{"unit_ns", unit}, {"first", times.front().ns / unit}, {"steps", std::move(steps)}};
}

nlohmann::json description_json(const Dataset& dataset,
                                const DatasetDescription& description,
                                std::string_view fingerprint) {
  return {{"format", format::kName},
          {"version", kVersion},
          {"fingerprint", fingerprint},
          {"catalogue_fingerprint", description.catalogue_fingerprint},
          {"data_fingerprint", description.data_fingerprint},
          {"columns", columns_of(dataset, description)},
          {"label",
           {{"name", dataset.label_name},
            {"kind", format::word_of(dataset.label_kind)},
            {"reach", dataset.label_reach},
            {"classes", description.classes}}},
          {"config", description.config},
          {"frequency", suffix(dataset.frequency)},
          {"symbols", dataset.symbols},
          {"bars", bars_json(dataset.times)}};
}

std::vector<io::ParquetField> fields_of(const Dataset& dataset) {
  const io::ColumnKind time =
      dataset.frequency == Frequency::kDaily ? io::ColumnKind::kDate : io::ColumnKind::kInstant;
  std::vector<io::ParquetField> fields = {{format::kTimestamp, time},
                                          {format::kSymbol, io::ColumnKind::kText}};
  for (const std::string& name : dataset.feature_names) fields.push_back({.name = name});
  fields.push_back({.name = format::kLabel});
  fields.push_back({.name = format::kRealizedReturn});
  fields.push_back({format::kLabelEnd, time});
  if (!dataset.exit_bar.empty()) fields.push_back({format::kExitTime, time});
  return fields;
}

/// Times of the rows of a group, as the file has them.
std::vector<std::int64_t> times_of(const Dataset& dataset, std::span<const std::uint32_t> bars) {
  const bool daily = dataset.frequency == Frequency::kDaily;
  std::vector<std::int64_t> times;
  times.reserve(bars.size());
  for (const std::uint32_t bar : bars) {
    const Timestamp time = dataset.times[bar];
    times.push_back(daily ? date_of(time).days : time.ns);
  }
  return times;
}

void write_group(const Dataset& dataset, RowRange rows, io::ParquetWriter& writer) {
  const std::size_t size = rows.last - rows.first;
  const auto part = [&](const auto& column) { return std::span(column).subspan(rows.first, size); };
  writer.begin_wide_group(size);
  writer.add_integers(times_of(dataset, part(dataset.bar)));
  writer.add_text(part(dataset.symbol), dataset.symbols);
  writer.add_integers(times_of(dataset, part(dataset.label_end)));
  if (!dataset.exit_bar.empty()) writer.add_integers(times_of(dataset, part(dataset.exit_bar)));
  writer.add_all_numbers([&](std::size_t k, std::span<double> out) {
    const std::size_t f = dataset.num_features();
    const double* values = k < f    ? dataset.features.row(k)
                           : k == f ? dataset.label.data()
                                    : dataset.realized_return.data();
    std::copy_n(values + rows.first, size, out.data());
  });
}

}  // namespace

std::string dataset_fingerprint(const Dataset& dataset) {
  TW_ZONE("dataset_fingerprint");
  Hasher hasher;
  hasher.update(suffix(dataset.frequency));
  hash_column(dataset.times, hasher);
  for (const std::string& symbol : dataset.symbols) hasher.update(symbol);
  hash_column(dataset.bar, hasher);
  hash_column(dataset.symbol, hasher);
  for (const std::string& hash : feature_hashes(dataset)) hasher.update(hash);
  hasher.update(dataset.label_name);
  hasher.update(format::word_of(dataset.label_kind));
  hash_column(dataset.label, hasher);
  hash_column(dataset.realized_return, hasher);
  hash_column(dataset.label_end, hasher);
  hash_column(dataset.exit_bar, hasher);
  const std::uint64_t reach = dataset.label_reach;
  hasher.update(&reach, sizeof reach);
  return hasher.hex();
}

std::string dataset_file_name(std::string_view name,
                              Frequency frequency,
                              std::string_view fingerprint) {
  std::string safe(name);
  for (char& letter : safe) {
    const bool kept = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    if (!kept) letter = '_';
  }
  return fmt::format("dataset_{}_{}_{}.parquet", safe, suffix(frequency),
                     fingerprint.substr(0, kShownDigits));
}

void write_dataset(const std::filesystem::path& path,
                   const Dataset& dataset,
                   const DatasetDescription& description,
                   std::string_view fingerprint) {
  TW_ZONE("write_dataset");
  TW_CHECK(description.features.size(), ==, dataset.num_features());
  io::ParquetWriter writer(path, fields_of(dataset), io::NumberEncoding::kByteStreamSplit);
  writer.set_metadata({{"tickwerk", description_json(dataset, description, fingerprint).dump()}});
  for (std::size_t first = 0; first < dataset.num_rows(); first += kGroupRows) {
    write_group(dataset, {first, std::min(first + kGroupRows, dataset.num_rows())}, writer);
  }
  writer.commit();
}

}  // namespace tickwerk::model
