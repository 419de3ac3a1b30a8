// From panels of features and labelled rows to a dataset: what was decided on a bar, and what came
// of it, row by row. Used by jobs; evaluates no expression and reads no file.
#pragma once

#include <string>
#include <vector>

#include "tickwerk/market/bars.h"
#include "tickwerk/model/dataset.h"
#include "tickwerk/model/labeled_rows.h"

namespace tickwerk::model {

/// Values like the bars, or one column that is the same for every symbol.
struct FeaturePanel {
  std::string name;
  Panel values;
};

struct LabelColumn {
  std::string name;  // `success_10`
  LabelRule rule = LabelRule::kSuccess;
};

/// Throws kInvalidArgument when no row has a label, or when all rows are of one class: such rows
/// teach nothing.
void require_labels(const LabeledRows& rows, const LabelColumn& label);

/// Each panel is given up once its column is made, so memory is that of the panels and one column a
/// thread. Throws as require_labels; kInvalidArgument for no feature, a name given twice, and one
/// that the file of the dataset needs for itself. The same bits for any number of threads.
Dataset build_dataset(const market::Bars& bars,
                      std::vector<FeaturePanel> features,
                      LabeledRows rows,
                      const LabelColumn& label);

/// What the columns of a dataset's file are called that are no features.
const std::vector<std::string>& reserved_names();

}  // namespace tickwerk::model
