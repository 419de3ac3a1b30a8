#include "tickwerk/model/meta_model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tickwerk/base/hash.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/model/boosting_file.h"
#include "tickwerk/model/meta_model_json.h"

namespace tickwerk::model {
namespace {

std::string hash_of_file(const std::filesystem::path& path) {
  Hasher hasher;
  hasher.update(io::MappedFile(path).bytes());
  return hasher.hex();
}

std::vector<DatedProbability> read_predictions(const std::filesystem::path& path,
                                               Frequency frequency) {
  const io::ParquetReader reader(path);
  std::vector<DatedProbability> all;
  for (std::size_t group = 0; group < reader.num_row_groups(); ++group) {
    const std::vector<std::int64_t> times = reader.read_integers(group, 0);
    const io::TextColumn symbols = reader.read_text(group, 1);
    const std::size_t first = all.size();
    all.resize(first + times.size());
    for (std::size_t r = 0; r < times.size(); ++r) {
      const std::int64_t time = times[r];
      all[first + r].time = frequency == Frequency::kDaily
                                ? midnight(Date{static_cast<std::int32_t>(time)})
                                : Timestamp{time};
      all[first + r].symbol = symbols.values[symbols.ids[r]];
    }
    reader.read_numbers(group, 2, [&](std::size_t from, std::span<const double> values) {
      for (std::size_t r = 0; r < values.size(); ++r) {
        all[first + from + r].probability = values[r];
      }
    });
  }
  return all;
}

void check_hash(const std::filesystem::path& path,
                const std::string& expected,
                const std::filesystem::path& notes) {
  if (hash_of_file(path) == expected) return;
  throw Error(Code::kCorruptData,
              fmt::format("{} must be the file that was saved with {}, found another content",
                          path.string(), notes.filename().string()));
}

}  // namespace

void write_predictions(const std::filesystem::path& path,
                       const Dataset& dataset,
                       std::span<const double> out_of_fold) {
  const bool daily = dataset.frequency == Frequency::kDaily;
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> symbols;
  std::vector<double> probabilities;
  for (std::size_t r = 0; r < dataset.num_rows(); ++r) {
    if (std::isnan(out_of_fold[r])) continue;
    const Timestamp time = dataset.times[dataset.bar[r]];
    times.push_back(daily ? date_of(time).days : time.ns);
    symbols.push_back(dataset.symbol[r]);
    probabilities.push_back(out_of_fold[r]);
  }
  io::ParquetWriter writer(path,
                           {{"timestamp", daily ? io::ColumnKind::kDate : io::ColumnKind::kInstant},
                            {"symbol", io::ColumnKind::kText},
                            {"probability", io::ColumnKind::kNumber}});
  writer.begin_group(times.size());
  writer.add_integers(times);
  writer.add_text(symbols, dataset.symbols);
  writer.add_numbers(probabilities);
  writer.commit();
}

MetaModelFiles meta_model_files(const std::filesystem::path& folder,
                                const std::string& strategy,
                                SplitScheme scheme) {
  const std::string stem = fmt::format("{}_meta_model", strategy);
  MetaModelFiles files{folder / (stem + ".ubj"), folder / (stem + ".json"), {}};
  if (is_usable_in_backtest(scheme)) files.predictions = folder / (stem + "_predictions.parquet");
  return files;
}

void save_meta_model(const MetaModelFiles& files,
                     const MetaModelNotes& notes,
                     const MetaModel& model,
                     const Dataset& dataset) {
  save_boosting(*model.final_fit, files.model);
  FileHashes hashes{.model_name = files.model.filename().string(),
                    .model_hash = hash_of_file(files.model),
                    .predictions_name = {},
                    .predictions_hash = {}};
  if (!files.predictions.empty()) {
    write_predictions(files.predictions, dataset, model.out_of_fold);
    hashes.predictions_name = files.predictions.filename().string();
    hashes.predictions_hash = hash_of_file(files.predictions);
  }
  io::write_file(files.notes, meta_model_json(notes, model.scores, hashes));
  if (!files.predictions.empty()) return;
  // Those of an earlier walk-forward would stand beside a model that they are not of.
  std::error_code ignored;
  const std::filesystem::path folder = files.model.parent_path();
  std::filesystem::remove(
      meta_model_files(folder, notes.strategy, SplitScheme::kWalkForward).predictions, ignored);
}

SavedMetaModel load_meta_model(const std::filesystem::path& path) {
  std::filesystem::path notes = path;
  notes.replace_extension(".json");
  if (path.extension() == ".ubj" && !std::filesystem::exists(notes) &&
      std::filesystem::exists(path)) {
    throw Error(
        Code::kNotFound,
        fmt::format("a meta-model must have its notes beside it, found no {}", notes.string()));
  }
  ReadNotes read = parse_meta_model_json(io::MappedFile(notes).bytes(), notes.string());
  const std::filesystem::path folder = notes.parent_path();
  const std::filesystem::path model =
      folder / std::filesystem::path(read.files.model_name).filename();
  check_hash(model, read.files.model_hash, notes);
  SavedMetaModel saved{
      .notes = std::move(read.notes), .model = load_boosting(model), .walk_forward = {}};
  if (saved.model->num_features() != saved.notes.features.size()) {
    throw Error(Code::kCorruptData,
                fmt::format("{} must have the {} features of {}, found {}", model.string(),
                            saved.notes.features.size(), notes.filename().string(),
                            saved.model->num_features()));
  }
  if (!read.files.predictions_name.empty()) {
    const std::filesystem::path predictions =
        folder / std::filesystem::path(read.files.predictions_name).filename();
    check_hash(predictions, read.files.predictions_hash, notes);
    saved.walk_forward = read_predictions(predictions, saved.notes.frequency);
  }
  return saved;
}

}  // namespace tickwerk::model
