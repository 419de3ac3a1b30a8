#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "tickwerk/base/error.h"
#include "tickwerk/base/parallel.h"
#include "tickwerk/io/parquet_reader.h"
#include "tickwerk/model/dataset_file.h"
#include "tickwerk/model/dataset_format.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view rule, std::string_view found) {
  throw Error(Code::kCorruptData, fmt::format("a dataset must {}, found {}", rule, found));
}

json description_of(const io::ParquetReader& reader) {
  const std::optional<std::string> text = reader.metadata("tickwerk");
  if (!text) refuse("say what its columns are", "a Parquet file without the key tickwerk");
  json described = json::parse(*text, nullptr, false);
  if (!described.is_object() || described.value("format", json()) != format::kName) {
    refuse("be of the format 'tickwerk dataset 1'", "another description");
  }
  return described;
}

LabelKind kind_of_word(const std::string& word) {
  for (const LabelKind kind : {LabelKind::kReturn, LabelKind::kBinary, LabelKind::kClasses}) {
    if (word == format::word_of(kind)) return kind;
  }
  refuse("have a label of a known kind", fmt::format("'{}'", word));
}

/// Times in nanoseconds from the steps between bars, which must go forward.
std::vector<Timestamp> times_of(const json& bars) {
  const auto unit = bars.at("unit_ns").get<std::int64_t>();
  const auto scaled = [unit](const json& count) {
    std::int64_t ns = 0;
    if (!__builtin_mul_overflow(count.get<std::int64_t>(), unit, &ns)) return ns;
    refuse("have bars between 1677 and 2262", "others");
  };
  std::vector<Timestamp> times = {{scaled(bars.at("first"))}};
  for (const json& step : bars.at("steps")) {
    Timestamp next;
    const bool beyond = __builtin_add_overflow(times.back().ns, scaled(step), &next.ns);
    if (beyond || next <= times.back()) refuse("have bars that go forward", "others");
    times.push_back(next);
  }
  return times;
}

FeatureText feature_of(const json& column) {
  FeatureText feature;
  feature.name = column.at("name").get<std::string>();
  feature.expression = column.at("expression").get<std::string>();
  feature.reach.lookback = column.at("lookback").get<std::int64_t>();
  feature.reach.lookahead = column.at("lookahead").get<std::int64_t>();
  feature.reach.all_history = column.at("all_history").get<bool>();
  if (feature.reach.all_history) {
    feature.reach.half_life = column.value("half_life", std::numeric_limits<double>::infinity());
  }
  return feature;
}

/// Everything but the rows. Throws json's exceptions.
DatasetFile described_file(const json& described) {
  DatasetFile file;
  DatasetDescription& description = file.description;
  file.fingerprint = described.at("fingerprint").get<std::string>();
  description.catalogue_fingerprint = described.at("catalogue_fingerprint").get<std::string>();
  description.data_fingerprint = described.at("data_fingerprint").get<std::string>();
  description.config = described.at("config");
  for (const json& column : described.at("columns")) {
    const bool is_factor = column.at("role") == format::kFactorRole;
    if (is_factor) description.features.push_back(feature_of(column));
    if (column.at("name") == format::kLabel) {
      description.label_text = column.at("expression").get<std::string>();
    }
  }
  const json& label = described.at("label");
  description.classes = label.at("classes").get<std::vector<std::string>>();
  Dataset& dataset = file.dataset;
  dataset.label_name = label.at("name").get<std::string>();
  dataset.label_kind = kind_of_word(label.at("kind").get<std::string>());
  dataset.label_reach = label.at("reach").get<std::size_t>();
  dataset.frequency = described.at("frequency") == suffix(Frequency::kDaily)
                          ? Frequency::kDaily
                          : Frequency::kFiveMinutes;
  dataset.symbols = described.at("symbols").get<std::vector<std::string>>();
  dataset.times = times_of(described.at("bars"));
  for (const FeatureText& feature : description.features) {
    dataset.feature_names.push_back(feature.name);
  }
  return file;
}

class Rows {
 public:
  Rows(const io::ParquetReader& reader, Dataset& dataset) : reader_(reader), dataset_(dataset) {
    for (std::size_t c = 0; c < reader.columns().size(); ++c) {
      columns_.emplace(reader.columns()[c].name, c);
    }
    begin_.push_back(0);
    for (std::size_t g = 0; g < reader.num_row_groups(); ++g) {
      begin_.push_back(begin_.back() + reader.num_rows(g));
    }
  }

  void read() {
    dataset_.bar = bars_of(format::kTimestamp);
    dataset_.label_end = bars_of(format::kLabelEnd);
    if (columns_.contains(format::kExitTime)) dataset_.exit_bar = bars_of(format::kExitTime);
    read_symbols();
    check_order();
    dataset_.label.resize(num_rows());
    dataset_.realized_return.resize(num_rows());
    dataset_.features = Panel(dataset_.num_features(), num_rows());
    const std::size_t num_features = dataset_.num_features();
    parallel_for(num_features + 2, 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first; k < last; ++k) {
        if (k < num_features) {
          read_numbers(dataset_.feature_names[k], dataset_.features.row(k));
        } else if (k == num_features) {
          read_numbers(format::kLabel, dataset_.label.data());
        } else {
          read_numbers(format::kRealizedReturn, dataset_.realized_return.data());
        }
      }
    });
  }

 private:
  std::size_t num_rows() const { return begin_.back(); }

  std::size_t column(const std::string& name, std::initializer_list<io::ColumnKind> kinds) const {
    const auto found = columns_.find(name);
    if (found == columns_.end()) refuse("have the columns it describes", "no " + name);
    const io::ColumnKind kind = reader_.columns()[found->second].kind;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      refuse("have columns of the types it was written with", "another one in " + name);
    }
    return found->second;
  }

  std::vector<std::uint32_t> bars_of(const std::string& name) const {
    const bool daily = dataset_.frequency == Frequency::kDaily;
    const std::size_t at = column(name, {daily ? io::ColumnKind::kDate : io::ColumnKind::kInstant});
    const std::vector<Timestamp>& times = dataset_.times;
    std::vector<std::uint32_t> bars(num_rows());
    parallel_for(reader_.num_row_groups(), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t g = first; g < last; ++g) {
        std::size_t bar = 0;
        std::size_t row = begin_[g];
        for (const std::int64_t value : reader_.read_integers(g, at)) {
          const Timestamp time = daily && value != io::kNoInteger
                                     ? midnight(Date{static_cast<std::int32_t>(value)})
                                     : Timestamp{value};
          if (times[bar] != time) {  // rows of one bar follow each other
            const auto found = std::lower_bound(times.begin(), times.end(), time);
            if (found == times.end() || *found != time) {
              refuse("have bars of its own market only", "another time in " + name);
            }
            bar = static_cast<std::size_t>(found - times.begin());
          }
          bars[row++] = static_cast<std::uint32_t>(bar);
        }
      }
    });
    return bars;
  }

  void read_symbols() {
    const std::size_t at = column(format::kSymbol, {io::ColumnKind::kText});
    std::unordered_map<std::string, std::uint32_t> number;
    for (std::uint32_t i = 0; i < dataset_.symbols.size(); ++i) number[dataset_.symbols[i]] = i;
    dataset_.symbol.resize(num_rows());
    for (std::size_t g = 0; g < reader_.num_row_groups(); ++g) {
      const io::TextColumn text = reader_.read_text(g, at);
      std::vector<std::uint32_t> ids;
      for (const std::string& value : text.values) {
        const auto found = number.find(value);
        if (found == number.end()) refuse("have symbols of its own market only", value);
        ids.push_back(found->second);
      }
      for (std::size_t r = 0; r < text.ids.size(); ++r) {
        if (text.ids[r] >= ids.size()) refuse("have a symbol on each row", "none");
        dataset_.symbol[begin_[g] + r] = ids[text.ids[r]];
      }
    }
  }

  void check_order() const {
    const Dataset& d = dataset_;
    for (std::size_t r = 1; r < num_rows(); ++r) {
      const auto before = std::pair(d.bar[r - 1], d.symbol[r - 1]);
      const auto here = std::pair(d.bar[r], d.symbol[r]);
      if (before < here) continue;
      refuse("be sorted by timestamp and symbol, each key once",
             fmt::format("{} {} {}", to_string(d.times[d.bar[r]], d.frequency),
                         d.symbols[d.symbol[r]], before == here ? "twice" : "after a later one"));
    }
  }

  void read_numbers(const std::string& name, double* out) const {
    const std::size_t at = column(name, {io::ColumnKind::kNumber});
    for (std::size_t g = 0; g < reader_.num_row_groups(); ++g) {
      reader_.read_numbers(g, at, [&](std::size_t row, std::span<const double> values) {
        std::copy(values.begin(), values.end(), out + begin_[g] + row);
      });
    }
  }

  const io::ParquetReader& reader_;
  Dataset& dataset_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::vector<std::size_t> begin_;  // first row of each group
};

/// Leaves the features of those names, in that order.
void choose_features(const std::vector<std::string>& names, DatasetFile& file) {
  Dataset& dataset = file.dataset;
  Panel chosen(names.size(), dataset.num_rows());
  std::vector<FeatureText> texts;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto& all = dataset.feature_names;
    const auto f =
        static_cast<std::size_t>(std::find(all.begin(), all.end(), names[k]) - all.begin());
    std::copy_n(dataset.features.row(f), dataset.num_rows(), chosen.row(k));
    texts.push_back(file.description.features[f]);
  }
  dataset.features = std::move(chosen);
  dataset.feature_names = names;
  file.description.features = std::move(texts);
}

void check_features(const std::vector<std::string>& names, const Dataset& dataset) {
  for (const std::string& name : names) {
    const auto& labels = format::kLabelColumns;
    if (std::find(labels.begin(), labels.end(), name) != labels.end()) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a feature must not read the future: {} is a label, which reads {} "
                              "bars ahead",
                              name, dataset.label_reach));
    }
    const auto& all = dataset.feature_names;
    if (std::find(all.begin(), all.end(), name) == all.end()) {
      throw Error(Code::kNotFound, fmt::format("a feature must be one of the dataset, found {}; "
                                               "it has {}",
                                               name, fmt::join(all, ", ")));
    }
  }
}

}  // namespace

DatasetFile read_dataset(const std::filesystem::path& path,
                         const std::vector<std::string>& features) {
  TW_ZONE("read_dataset");
  try {
    const io::ParquetReader reader(path);
    DatasetFile file;
    try {
      file = described_file(description_of(reader));
    } catch (const json::exception&) {
      refuse("describe itself", "a description without what it needs");
    }
    check_features(features, file.dataset);
    Rows(reader, file.dataset).read();
    if (const std::string found = dataset_fingerprint(file.dataset); found != file.fingerprint) {
      refuse("be as it was written",
             fmt::format("content {} where it says {}", found, file.fingerprint));
    }
    if (!features.empty()) choose_features(features, file);
    return file;
  } catch (const Error& error) {
    const bool said = std::string_view(error.what()).find(path.string()) != std::string_view::npos;
    throw said ? error : error.with_context("reading " + path.string());
  }
}

}  // namespace tickwerk::model
