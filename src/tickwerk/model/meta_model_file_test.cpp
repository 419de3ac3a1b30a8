#include "tickwerk/model/meta_model_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/model/meta_model_fixture.h"

namespace tickwerk::model {
namespace {

MetaModelNotes notes_of(const MetaModelConfig& config, const Dataset& dataset) {
  MetaModelNotes notes;
  notes.strategy = "trend";
  notes.source = {.catalogue = "", .language = "told = close\nnoise = open", .params = {{"n", 3}}};
  notes.features = {{"told", "close", {.lookback = 4}}, {"noise", "open", {}}};
  notes.catalogue_fingerprint = "c";
  notes.data_fingerprint = "d";
  notes.dataset_fingerprint = "e";
  notes.dataset = "data/ml/dataset.parquet";
  notes.label_name = dataset.label_name;
  notes.label_text = "1 where r >= 0.02";
  notes.label_reach = 10;
  notes.strategy_language = "long = close > open";
  notes.strategy_params = {{"fast", 20}};
  notes.fill = "next_open";
  notes.config = config;
  notes.fit_begin = dataset.times.front();
  notes.fit_end = dataset.times.back();
  return notes;
}

/// A trained model in files of its own.
class MetaModelFile : public testing::Test {
 protected:
  void save(SplitScheme scheme) {
    const MetaModelConfig config = config_of(scheme);
    model_ = train_meta_model(config, dataset_);
    files_ = meta_model_files(folder_, "trend", scheme);
    model_.scores = score_meta_model(config, dataset_, model_);
    save_meta_model(files_, notes_of(config, dataset_), model_, dataset_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Code code_of_load(const std::filesystem::path& path) {
    try {
      load_meta_model(path);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::kInternal;
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  testing::UnitTest::GetInstance()->current_test_info()->name();
  Dataset dataset_ = entries(Skill::kSome, 300);
  MetaModel model_;
  MetaModelFiles files_;
};

TEST_F(MetaModelFile, ComesBackAsItWasSaved) {
  save(SplitScheme::kWalkForward);
  for (const std::filesystem::path& path : {files_.model, files_.notes}) {
    const SavedMetaModel saved = load_meta_model(path);
    EXPECT_EQ(saved.notes.strategy, "trend");
    EXPECT_EQ(saved.notes.features.at(0).expression, "close");
    EXPECT_EQ(saved.notes.features.at(0).reach.lookback, 4);
    EXPECT_EQ(saved.notes.source.params.at("n"), 3);
    EXPECT_EQ(saved.notes.fit_end, dataset_.times.back());
    EXPECT_EQ(saved.notes.strategy_params.at("fast"), 20);
    EXPECT_EQ(saved.notes.fill, "next_open");
    EXPECT_EQ(saved.notes.brier, model_.scores.pooled.brier);
    EXPECT_EQ(saved.notes.base_rate, model_.scores.pooled.base_rate);
    EXPECT_EQ(saved.notes.config.splits.num_splits, 4u);
    EXPECT_EQ(saved.notes.config.model.trees.max_depth, 3u);
    const RowRange all{0, dataset_.num_rows()};
    std::vector<double> before(all.last), after(all.last);
    model_.final_fit->predict(dataset_.features.view(), {&all, 1}, before);
    saved.model->predict(dataset_.features.view(), {&all, 1}, after);
    EXPECT_EQ(before, after);
    std::size_t k = 0;
    for (std::size_t r = 0; r < dataset_.num_rows(); ++r) {
      if (std::isnan(model_.out_of_fold[r])) continue;
      const DatedProbability& dated = saved.walk_forward.at(k++);
      EXPECT_EQ(dated.probability, model_.out_of_fold[r]);
      EXPECT_EQ(dated.time, dataset_.times[dataset_.bar[r]]);
      EXPECT_EQ(dated.symbol, dataset_.symbols[dataset_.symbol[r]]);
    }
    EXPECT_EQ(k, saved.walk_forward.size());
  }
}

TEST_F(MetaModelFile, FoldsThatTrainedOnTheFutureAreNotSaved) {
  save(SplitScheme::kWalkForward);
  const std::filesystem::path of_walk_forward = files_.predictions;
  EXPECT_TRUE(std::filesystem::exists(of_walk_forward));
  save(SplitScheme::kPurgedKFold);
  EXPECT_TRUE(files_.predictions.empty());
  EXPECT_FALSE(std::filesystem::exists(of_walk_forward));
  EXPECT_TRUE(load_meta_model(files_.model).walk_forward.empty());
}

TEST_F(MetaModelFile, NoticesWhatWasChangedOrTakenFromAnotherTraining) {
  save(SplitScheme::kWalkForward);
  const std::string model(io::MappedFile(files_.model).bytes());
  std::string changed = model;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  io::write_file(files_.model, changed);
  EXPECT_EQ(code_of_load(files_.model), Code::kCorruptData);
  io::write_file(files_.model, model);
  EXPECT_EQ(code_of_load(files_.model), Code::kInternal);

  const std::string predictions(io::MappedFile(files_.predictions).bytes());
  io::write_file(files_.predictions, predictions + " ");
  EXPECT_EQ(code_of_load(files_.notes), Code::kCorruptData);
  std::filesystem::remove(files_.predictions);
  EXPECT_EQ(code_of_load(files_.notes), Code::kNotFound);
}

TEST_F(MetaModelFile, RefusesNotesThatAHandChanged) {
  save(SplitScheme::kWalkForward);
  const std::string notes(io::MappedFile(files_.notes).bytes());
  const auto code_with = [&](std::string_view key, auto value) {
    nlohmann::json changed = nlohmann::json::parse(notes);
    changed[nlohmann::json::json_pointer(std::string(key))] = value;
    io::write_file(files_.notes, changed.dump(1));
    return code_of_load(files_.notes);
  };
  EXPECT_EQ(code_with("/fit_end", "2001-01-01"), Code::kCorruptData);
  EXPECT_EQ(code_with("/label/reach", 0), Code::kCorruptData);
  EXPECT_EQ(code_with("/metrics/roc_auc", 0.9), Code::kCorruptData);
  EXPECT_EQ(code_with("/told", "a key more"), Code::kCorruptData);
  EXPECT_EQ(code_with("/checksum", ""), Code::kCorruptData);
  // Another order of keys and another layout are the same notes.
  EXPECT_EQ(code_with("/strategy", "trend"), Code::kInternal);
}

TEST_F(MetaModelFile, RefusesNotesThatAreCutOrOfALaterVersion) {
  save(SplitScheme::kWalkForward);
  const std::string notes(io::MappedFile(files_.notes).bytes());
  for (std::size_t size = 0; size + 3 < notes.size(); size += 97) {
    io::write_file(files_.notes, notes.substr(0, size));
    EXPECT_EQ(code_of_load(files_.notes), Code::kCorruptData) << size;
  }
  std::string later = notes;
  later.replace(later.find("\"version\": 2"), 12, "\"version\": 3");
  io::write_file(files_.notes, later);
  EXPECT_EQ(code_of_load(files_.notes), Code::kUnsupported);
  later.replace(later.find("\"version\": 3"), 12, "\"version\": 1");
  io::write_file(files_.notes, later);
  EXPECT_EQ(code_of_load(files_.notes), Code::kUnsupported);
  std::filesystem::remove(files_.notes);
  EXPECT_EQ(code_of_load(files_.notes), Code::kNotFound);
  EXPECT_EQ(code_of_load(files_.model), Code::kNotFound);
}

}  // namespace
}  // namespace tickwerk::model
