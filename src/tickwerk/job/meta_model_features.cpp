#include "tickwerk/job/meta_model_features.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/factor/catalogue.h"
#include "tickwerk/factor/evaluate.h"
#include "tickwerk/factor/selection.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/feature_source.h"

namespace tickwerk::job {
namespace {

[[noreturn]] void refuse_feature(const model::FeatureText& trained,
                                 const std::string& found,
                                 const std::string& file) {
  throw Error(Code::kInvalidArgument,
              fmt::format("a feature must be the one the meta-model was trained with, {} = {}, "
                          "found {} ({})",
                          trained.name, trained.expression, found, file));
}

void check_feature(const model::FeatureText& trained,
                   std::span<const expr::Definition> now,
                   const std::string& file) {
  const auto same = std::ranges::find(now, trained.name, &expr::Definition::name);
  if (same == now.end()) refuse_feature(trained, "none of that name", file);
  if (same->text == trained.expression) return;
  refuse_feature(trained, fmt::format("{} = {}", same->name, same->text), file);
}

}  // namespace

std::vector<Panel> meta_model_features(const model::MetaModelNotes& notes,
                                       const RunConfig& config,
                                       const History& history) {
  const std::string file = config.strategy.meta_model.file.string();
  const factor::SelectedExpressions selected = factor::select(selection_of(notes.source));
  factor::EvaluateOptions options{
      .params = notes.source.params, .names = {}, .run = {}, .store = store_of(config)};
  for (const model::FeatureText& feature : notes.features) {
    const bool is_there = std::ranges::find(selected.names, feature.name) != selected.names.end();
    if (!is_there) refuse_feature(feature, "none of that name", file);
    options.names.push_back(feature.name);
  }
  const factor::Sources sources = history.sources.with(history.loaded.bars);
  const factor::Evaluation compiled = factor::compile(sources, selected.module, options);
  for (const model::FeatureText& feature : notes.features) {
    check_feature(feature, compiled.definitions, file);
  }
  const std::string catalogue = factor::catalogue_fingerprint();
  if (notes.catalogue_fingerprint != catalogue) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a meta-model must be of this catalogue of factors, {}, found {}: "
                            "train it again ({})",
                            catalogue, notes.catalogue_fingerprint, file));
  }
  factor::Evaluation evaluation = factor::evaluate(sources, selected.module, options);
  std::vector<Panel> features;
  for (const model::FeatureText& feature : notes.features) {
    const auto place =
        std::ranges::find(evaluation.definitions, feature.name, &expr::Definition::name) -
        evaluation.definitions.begin();
    features.push_back(std::move(evaluation.values[static_cast<std::size_t>(place)]));
  }
  return features;
}

}  // namespace tickwerk::job
