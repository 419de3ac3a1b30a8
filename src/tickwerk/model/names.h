// Words for the choices of models and splits, as flags and files have them.
#pragma once

#include <string_view>

#include "tickwerk/model/estimator.h"
#include "tickwerk/model/meta_model.h"
#include "tickwerk/model/splits.h"

namespace tickwerk::model {

/// `linear`, `ridge`, `lasso`, `gradient_boosting`, `random_forest`; `walk_forward`,
/// `purged_kfold`, `combinatorial`; `expanding`, `rolling`; `equal`, `uniqueness`.
std::string_view to_string(SplitScheme scheme) noexcept;
std::string_view to_string(TrainWindow window) noexcept;
std::string_view to_string(RowWeights weights) noexcept;

/// `walk-forward`, `purged k-fold`, `combinatorial purged`: for sentences.
std::string_view name_of(SplitScheme scheme) noexcept;

/// Throw kInvalidArgument, with the words there are, for one that is none of them.
ModelKind parse_model_kind(std::string_view word);
SplitScheme parse_split_scheme(std::string_view word);
TrainWindow parse_train_window(std::string_view word);
RowWeights parse_row_weights(std::string_view word);

}  // namespace tickwerk::model
