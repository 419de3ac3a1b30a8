#include "tickwerk/model/meta_model_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tickwerk/base/hash.h"
#include "tickwerk/base/version.h"
#include "tickwerk/market/timestamps.h"
#include "tickwerk/model/names.h"

namespace tickwerk::model {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kChecksum = "checksum";
constexpr std::string_view kFormat = "tickwerk meta-model";
constexpr int kFormatVersion = 2;  // 1 had no checksum

/// Of everything but the checksum itself, whatever the order of keys and the layout.
std::string checksum_of(const Json& notes) {
  nlohmann::json canonical = notes;
  canonical.erase(kChecksum);
  // What is no UTF-8 is replaced alike when it is written and when it is read.
  const std::string text = canonical.dump(-1, ' ', false, Json::error_handler_t::replace);
  Hasher hasher;
  hasher.update(text);
  return hasher.hex();
}

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json spec_json(const ModelSpec& spec) {
  const TreeParams& trees = spec.trees;
  return {{"name", spec.name},
          {"kind", to_string(spec.kind)},
          {"num_trees", trees.num_trees},
          {"max_depth", trees.max_depth},
          {"learning_rate", trees.learning_rate},
          {"min_child_weight", trees.min_child_weight},
          {"lambda", trees.lambda},
          {"subsample", trees.subsample},
          {"colsample", trees.colsample},
          {"max_bins", trees.max_bins},
          {"seed", spec.seed}};
}

Json splits_json(const SplitConfig& splits) {
  return {{"scheme", to_string(splits.scheme)},
          {"num_splits", splits.num_splits},
          {"num_test_groups", splits.num_test_groups},
          {"window", to_string(splits.window)},
          {"window_dates", splits.window_dates},
          {"embargo", splits.embargo ? Json(*splits.embargo) : Json(nullptr)},
          {"min_train_dates", splits.min_train_dates}};
}

Json over_folds_json(const OverFolds& figure) {
  return {{"mean", optional_json(figure.mean)}, {"deviation", optional_json(figure.deviation)}};
}

Json metrics_json(const MetaScores& scores) {
  const ClassificationScores& pooled = scores.pooled;
  return {{"num_rows", pooled.num_rows},
          {"base_rate", optional_json(pooled.base_rate)},
          {"roc_auc", optional_json(pooled.roc_auc)},
          {"roc_auc_error", optional_json(pooled.roc_auc_error)},
          {"mean_uniqueness", scores.mean_uniqueness},
          {"average_precision", optional_json(pooled.average_precision)},
          {"brier", optional_json(pooled.brier)},
          {"brier_calibrated", optional_json(scores.calibrated_brier)},
          {"log_loss", optional_json(pooled.log_loss)},
          {"taken", optional_json(pooled.at_threshold.taken)},
          {"precision", optional_json(pooled.at_threshold.precision)},
          {"lift", optional_json(pooled.at_threshold.lift)},
          {"mean_return", optional_json(scores.mean_return)},
          {"mean_return_taken", optional_json(scores.mean_return_taken)},
          {"over_folds",
           {{"roc_auc", over_folds_json(scores.roc_auc)},
            {"average_precision", over_folds_json(scores.average_precision)},
            {"brier", over_folds_json(scores.brier)},
            {"log_loss", over_folds_json(scores.log_loss)}}}};
}

Json features_json(const std::vector<FeatureText>& features) {
  Json list = Json::array();
  for (const FeatureText& feature : features) {
    list.push_back({{"name", feature.name},
                    {"expression", feature.expression},
                    {"lookback", feature.reach.lookback}});
  }
  return list;
}

/// Reads members of one object; a key that is missing or of another kind is damage.
class Reader {
 public:
  Reader(const Json& json, std::string_view name) : json_(json), name_(name) {}

  [[noreturn]] void refuse(const std::string& found) const {
    throw Error(Code::kCorruptData,
                fmt::format("a meta-model must be as it was written, found {}: {}", found, name_));
  }

  template <class T>
  T get(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) refuse(fmt::format("no '{}'", key));
    try {
      return found->template get<T>();
    } catch (const nlohmann::json::exception&) {
      refuse(fmt::format("'{}' of another kind", key));
    }
  }
  std::string text(const char* key) const { return get<std::string>(key); }

  /// Empty where it is null.
  std::optional<double> number(const char* key) const {
    if (get<Json>(key).is_null()) return {};
    return get<double>(key);
  }

  Reader member(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || !found->is_object()) refuse(fmt::format("no object '{}'", key));
    return {*found, name_};
  }

  Timestamp time(const char* key, Frequency frequency) const {
    const std::optional<market::ParsedTime> parsed = market::parse_time(text(key));
    if (!parsed) refuse(fmt::format("no time in '{}'", key));
    return parsed->bar_time(frequency);
  }

  const Json& json() const { return json_; }

 private:
  const Json& json_;
  std::string_view name_;
};

ModelSpec read_spec(const Reader& from) {
  ModelSpec spec;
  spec.name = from.text("name");
  spec.kind = parse_model_kind(from.text("kind"));
  spec.trees = {.num_trees = from.get<std::size_t>("num_trees"),
                .max_depth = from.get<std::size_t>("max_depth"),
                .learning_rate = from.get<double>("learning_rate"),
                .min_child_weight = from.get<double>("min_child_weight"),
                .lambda = from.get<double>("lambda"),
                .subsample = from.get<double>("subsample"),
                .colsample = from.get<double>("colsample"),
                .max_bins = from.get<std::size_t>("max_bins")};
  spec.seed = from.get<std::uint64_t>("seed");
  return spec;
}

SplitConfig read_splits(const Reader& from) {
  SplitConfig splits;
  splits.scheme = parse_split_scheme(from.text("scheme"));
  splits.num_splits = from.get<std::size_t>("num_splits");
  splits.num_test_groups = from.get<std::size_t>("num_test_groups");
  splits.window = parse_train_window(from.text("window"));
  splits.window_dates = from.get<std::size_t>("window_dates");
  if (!from.json().value("embargo", Json()).is_null()) {
    splits.embargo = from.get<std::size_t>("embargo");
  }
  splits.min_train_dates = from.get<std::size_t>("min_train_dates");
  return splits;
}

std::vector<FeatureText> read_features(const Reader& from) {
  std::vector<FeatureText> features;
  for (const Json& json : from.get<Json>("features")) {
    const Reader feature(json, "features");
    FeatureText text{
        .name = feature.text("name"), .expression = feature.text("expression"), .reach = {}};
    text.reach.lookback = feature.get<std::int64_t>("lookback");
    features.push_back(std::move(text));
  }
  if (features.empty()) from.refuse("no feature");
  return features;
}

Frequency read_frequency(const Reader& from) {
  for (const Frequency frequency : {Frequency::kDaily, Frequency::kFiveMinutes}) {
    if (from.text("frequency") == suffix(frequency)) return frequency;
  }
  from.refuse(fmt::format("frequency '{}'", from.text("frequency")));
}

MetaModelNotes read_notes(const Reader& from) {
  MetaModelNotes notes;
  notes.strategy = from.text("strategy");
  notes.frequency = read_frequency(from);
  const Reader source = from.member("feature_source");
  notes.source = {.catalogue = source.text("catalogue"),
                  .language = source.text("language"),
                  .params = source.get<std::map<std::string, double, std::less<>>>("params")};
  notes.features = read_features(from);
  notes.catalogue_fingerprint = from.text("catalogue_fingerprint");
  notes.data_fingerprint = from.text("data_fingerprint");
  notes.dataset_fingerprint = from.text("dataset_fingerprint");
  notes.dataset = from.text("dataset");
  const Reader label = from.member("label");
  notes.label_name = label.text("name");
  notes.label_text = label.text("text");
  notes.label_reach = label.get<std::size_t>("reach");
  notes.strategy_language = from.text("strategy_language");
  notes.strategy_params = from.get<std::map<std::string, double, std::less<>>>("strategy_params");
  notes.fill = from.text("fill");
  notes.config.model = read_spec(from.member("model"));
  notes.config.splits = read_splits(from.member("splits"));
  notes.config.weights = parse_row_weights(from.text("weights"));
  notes.config.min_confidence = from.get<double>("min_confidence");
  notes.fit_begin = from.time("fit_begin", notes.frequency);
  notes.fit_end = from.time("fit_end", notes.frequency);
  const Reader metrics = from.member("metrics");
  notes.brier = metrics.number("brier");
  notes.base_rate = metrics.number("base_rate");
  return notes;
}

void check_format(const Reader& from, std::string_view name) {
  if (!from.json().is_object() || from.json().value("format", Json()) != kFormat) {
    from.refuse("another format");
  }
  const auto version = from.get<int>("version");
  if (version == kFormatVersion) return;
  throw Error(Code::kUnsupported,
              fmt::format("a meta-model must be of format version {}, found {}, written by "
                          "tickwerk {}{}: {}",
                          kFormatVersion, version, from.text("tickwerk"),
                          version < kFormatVersion ? "; train it again" : "", name));
}

void check_sum(const Reader& from, std::string_view name) {
  if (from.text(kChecksum) == checksum_of(from.json())) return;
  throw Error(Code::kCorruptData,
              fmt::format("the notes of a meta-model must be as training wrote them, found another "
                          "content than their checksum is of; train it again: {}",
                          name));
}

}  // namespace

std::string meta_model_json(const MetaModelNotes& notes,
                            const MetaScores& scores,
                            const FileHashes& files) {
  Json json = {
      {"format", kFormat},
      {"version", kFormatVersion},
      {"tickwerk", kVersion},
      {"strategy", notes.strategy},
      {"frequency", suffix(notes.frequency)},
      {"fit_begin", to_string(notes.fit_begin, notes.frequency)},
      {"fit_end", to_string(notes.fit_end, notes.frequency)},
      {"label",
       {{"name", notes.label_name}, {"text", notes.label_text}, {"reach", notes.label_reach}}},
      {"features", features_json(notes.features)},
      {"feature_source",
       {{"catalogue", notes.source.catalogue},
        {"language", notes.source.language},
        {"params", notes.source.params}}},
      {"model", spec_json(notes.config.model)},
      {"splits", splits_json(notes.config.splits)},
      {"weights", to_string(notes.config.weights)},
      {"min_confidence", notes.config.min_confidence},
      {"metrics", metrics_json(scores)},
      {"dataset", notes.dataset.filename().string()},
      {"dataset_fingerprint", notes.dataset_fingerprint},
      {"data_fingerprint", notes.data_fingerprint},
      {"catalogue_fingerprint", notes.catalogue_fingerprint},
      {"strategy_language", notes.strategy_language},
      {"strategy_params", notes.strategy_params},
      {"fill", notes.fill},
      {"files",
       {{"model", files.model_name},
        {"model_hash", files.model_hash},
        {"predictions", files.predictions_name},
        {"predictions_hash", files.predictions_hash}}}};
  json[kChecksum] = checksum_of(json);
  return json.dump(2) + "\n";
}

ReadNotes parse_meta_model_json(std::string_view text, std::string_view name) {
  const Json json = Json::parse(text, nullptr, false);
  const Reader from(json, name);
  if (json.is_discarded()) from.refuse("what is no JSON");
  check_format(from, name);
  check_sum(from, name);
  try {
    ReadNotes read;
    read.notes = read_notes(from);
    const Reader files = from.member("files");
    read.files = {.model_name = files.text("model"),
                  .model_hash = files.text("model_hash"),
                  .predictions_name = files.text("predictions"),
                  .predictions_hash = files.text("predictions_hash")};
    return read;
  } catch (const Error& error) {
    if (error.code() != Code::kInvalidArgument) throw;
    from.refuse(error.what());
  }
}

}  // namespace tickwerk::model
