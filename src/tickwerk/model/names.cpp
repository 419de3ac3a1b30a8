#include "tickwerk/model/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace tickwerk::model {
namespace {

template <class Choice>
struct Word {
  Choice choice;
  std::string_view word;
};

constexpr Word<ModelKind> kKinds[] = {{ModelKind::kLinear, "linear"},
                                      {ModelKind::kRidge, "ridge"},
                                      {ModelKind::kLasso, "lasso"},
                                      {ModelKind::kGradientBoosting, "gradient_boosting"},
                                      {ModelKind::kRandomForest, "random_forest"}};
constexpr Word<SplitScheme> kSchemes[] = {{SplitScheme::kWalkForward, "walk_forward"},
                                          {SplitScheme::kPurgedKFold, "purged_kfold"},
                                          {SplitScheme::kCombinatorial, "combinatorial"}};
constexpr Word<TrainWindow> kWindows[] = {{TrainWindow::kExpanding, "expanding"},
                                          {TrainWindow::kRolling, "rolling"}};
constexpr Word<RowWeights> kWeights[] = {{RowWeights::kEqual, "equal"},
                                         {RowWeights::kUniqueness, "uniqueness"}};

template <class Choice, std::size_t size>
std::string_view word_of(const Word<Choice> (&words)[size], Choice choice) noexcept {
  return std::find_if(std::begin(words), std::end(words),
                      [choice](const auto& known) { return known.choice == choice; })
      ->word;
}

template <class Choice, std::size_t size>
Choice choice_of(const Word<Choice> (&words)[size], std::string_view word, std::string_view what) {
  std::string known;
  for (const Word<Choice>& one : words) {
    if (one.word == word) return one.choice;
    if (!known.empty()) known += ", ";
    known += one.word;
  }
  throw Error(Code::kInvalidArgument, fmt::format("{} must be one of {}: '{}'", what, known, word));
}

}  // namespace

std::string_view to_string(ModelKind kind) noexcept { return word_of(kKinds, kind); }
std::string_view to_string(SplitScheme scheme) noexcept { return word_of(kSchemes, scheme); }
std::string_view to_string(TrainWindow window) noexcept { return word_of(kWindows, window); }
std::string_view to_string(RowWeights weights) noexcept { return word_of(kWeights, weights); }

std::string_view name_of(SplitScheme scheme) noexcept {
  switch (scheme) {
    case SplitScheme::kPurgedKFold:
      return "purged k-fold";
    case SplitScheme::kCombinatorial:
      return "combinatorial purged";
    case SplitScheme::kWalkForward:
      break;
  }
  return "walk-forward";
}

ModelKind parse_model_kind(std::string_view word) { return choice_of(kKinds, word, "a model"); }
SplitScheme parse_split_scheme(std::string_view word) {
  return choice_of(kSchemes, word, "a scheme of splits");
}
TrainWindow parse_train_window(std::string_view word) {
  return choice_of(kWindows, word, "a training window");
}
RowWeights parse_row_weights(std::string_view word) {
  return choice_of(kWeights, word, "weights of rows");
}

}  // namespace tickwerk::model
