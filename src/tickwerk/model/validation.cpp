#include "tickwerk/model/validation.h"

#include <fmt/format.h>

#include <algorithm>

#include "tickwerk/model/boosting.h"
#include "tickwerk/model/gram.h"
#include "tickwerk/model/linear.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

void refuse_linear_probabilities(const ModelSpec& spec, Target target) {
  if (target != Target::kBinary || !is_linear(spec.kind)) return;
  throw Error(Code::kInvalidArgument,
              fmt::format("a label of two classes needs a model that gives probabilities, "
                          "gradient_boosting or random_forest: {}",
                          spec.name));
}

/// Rows of `of` that are not in `without`; both ascending and apart.
RowRanges difference(std::span<const RowRange> of, std::span<const RowRange> without) {
  RowRanges rest;
  auto next = without.begin();
  for (RowRange range : of) {
    while (next != without.end() && next->last <= range.first) ++next;
    for (auto cut = next; cut != without.end() && cut->first < range.last; ++cut) {
      if (range.first < cut->first) rest.push_back({range.first, cut->first});
      range.first = std::max(range.first, cut->last);
    }
    if (range.first < range.last) rest.push_back(range);
  }
  return rest;
}

/// The sums of the rows of one split after another.
class RollingGram {
 public:
  explicit RollingGram(const ValidationInputs& inputs)
      : inputs_(inputs), gram_(inputs.features.num_rows) {}

  const Gram& now() const noexcept { return gram_; }

  void move_to(const RowRanges& rows) {
    const RowRanges gone = difference(now_, rows);
    if (2 * num_rows(gone) > num_rows(now_)) {
      gram_ = Gram(inputs_.features.num_rows);
      now_.clear();
    } else if (!gone.empty()) {
      gram_.subtract(training(gone));
    }
    const RowRanges come = difference(rows, now_);
    if (!come.empty()) gram_.add(training(come));
    now_ = rows;
  }

 private:
  TrainingRows training(const RowRanges& rows) const {
    return {inputs_.features, inputs_.target, {}, rows};
  }

  const ValidationInputs& inputs_;
  Gram gram_;
  RowRanges now_;
};

class Validation {
 public:
  Validation(const ValidationConfig& config,
             const ValidationInputs& inputs,
             FoldKeeper* keeper,
             const ValidationProgress& progress)
      : config_(config),
        inputs_(inputs),
        keeper_(keeper),
        progress_(progress),
        gram_(inputs),
        num_all_(static_cast<double>(inputs.splits.size() * config.models.size())) {}

  std::vector<std::vector<Fold>> run() {
    for (const ModelSpec& model : config_.models)
      refuse_linear_probabilities(model, config_.target);
    std::vector<std::vector<Fold>> folds(config_.models.size());
    for (std::size_t s = 0; s < inputs_.splits.size(); ++s) {
      for (std::size_t m = 0; m < config_.models.size(); ++m) {
        folds[m].push_back(fold_of(config_.models[m], s));
        ++num_done_;
        say(0, config_.models[m], s);
      }
    }
    return folds;
  }

 private:
  void say(double part, const ModelSpec& model, std::size_t s) const {
    if (!progress_) return;
    progress_((num_done_ + part) / num_all_,
              fmt::format("{}, {}", model.name, inputs_.splits[s].name));
  }

  Fold fold_of(const ModelSpec& model, std::size_t s) {
    try {
      // Also before a fold that was kept: sums that came the same way have the same last bits.
      if (is_linear(model.kind)) gram_.move_to(inputs_.splits[s].train);
      if (keeper_ != nullptr) {
        if (std::optional<Fold> kept = keeper_->find(model.name, s)) return *std::move(kept);
      }
      Fold fold = fit_fold(model, s);
      if (keeper_ != nullptr) keeper_->keep(model.name, fold);
      return fold;
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("{}, {}: {}", model.name, inputs_.splits[s].name, error.what()));
    }
  }

  Fold fit_fold(const ModelSpec& spec, std::size_t s) {
    TW_ZONE("fit_fold");
    const Split& split = inputs_.splits[s];
    std::vector<double> weights;
    if (inputs_.weights_of && !is_linear(spec.kind)) weights = inputs_.weights_of(split.train);
    const TrainingRows training{inputs_.features, inputs_.target, weights, split.train};
    Fold fold{.split = s, .num_train = num_rows(split.train), .num_test = num_rows(split.test)};
    const std::unique_ptr<FittedModel> model =
        is_linear(spec.kind)
            ? fit_linear(spec, gram_.now())
            : fit(spec, config_.target, training, [&](std::size_t done, std::size_t all) {
                say(static_cast<double>(done) / static_cast<double>(all), spec, s);
              });
    fold.predicted.resize(fold.num_test);
    model->predict(inputs_.features, split.test, fold.predicted);
    std::vector<double> of_training(fold.num_train);
    model->predict(inputs_.features, split.train, of_training);
    fold.train_loss = loss_of(config_.target, of_training, values_of(inputs_.target, split.train));
    for (const Importance& importance : model->importance()) {
      fold.importance.push_back(importance.value);
      fold.raw_importance.push_back(importance.raw_value);
    }
    fold.explanation = explain(*model, config_.target, training, split.test, config_.explain);
    return fold;
  }

  const ValidationConfig& config_;
  const ValidationInputs& inputs_;
  FoldKeeper* keeper_;
  const ValidationProgress& progress_;
  RollingGram gram_;
  double num_done_ = 0;
  double num_all_;
};

}  // namespace

std::vector<std::vector<Fold>> validate(const ValidationConfig& config,
                                        const ValidationInputs& inputs,
                                        FoldKeeper* keeper,
                                        const ValidationProgress& progress) {
  return Validation(config, inputs, keeper, progress).run();
}

std::vector<double> out_of_fold(std::size_t num_rows,
                                std::span<const Split> splits,
                                std::span<const Fold> folds) {
  std::vector<double> sums(num_rows, 0.0), counts(num_rows, 0.0);
  for (const Fold& fold : folds) {
    auto predicted = fold.predicted.begin();
    for (const RowRange& range : splits[fold.split].test) {
      for (std::size_t r = range.first; r < range.last; ++r, ++predicted) {
        sums[r] += *predicted;
        counts[r] += 1;
      }
    }
  }
  for (std::size_t r = 0; r < num_rows; ++r) sums[r] = counts[r] > 0 ? sums[r] / counts[r] : kNaN;
  return sums;
}

std::unique_ptr<FittedModel> fit(const ModelSpec& spec,
                                 Target target,
                                 const TrainingRows& rows,
                                 const TrainProgress& progress) {
  refuse_linear_probabilities(spec, target);
  if (is_linear(spec.kind)) return fit_linear(spec, rows);
  return fit_boosting(spec, target, rows, progress);
}

}  // namespace tickwerk::model
