// What a meta-model did to a backtest, beside the strategy without it: part of the report and of
// metrics.json. Figures come from the jobs; this computes none.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tickwerk/base/time.h"
#include "tickwerk/risk/summary.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::report {

/// What became of the strategy's entries.
struct MetaModelCounts {
  std::size_t num_entries = 0;
  std::size_t num_judged = 0;
  std::size_t num_refused = 0;         // of those judged
  std::size_t num_before_fit_end = 0;  // not judged, up to and on fit_end
  std::size_t num_without = 0;         // not judged, after it
  std::optional<Timestamp> last_unjudged = {};
  std::optional<double> mean_probability = {};  // of those judged
  Timestamp fit_end = {};
};

/// One of the runs compared.
struct MetaModelRun {
  risk::Performance net;
  std::optional<double> turnover;         // a year
  std::optional<std::size_t> num_trades;  // episodes, flat to flat
  std::optional<double> exposure;         // mean gross
};

struct MetaModelComparison {
  strategy::MetaModelUse use;
  Frequency frequency = Frequency::kDaily;
  MetaModelCounts counts;
  MetaModelRun own;                             // the strategy as it is
  MetaModelRun with;                            // judged
  double scale = 1;                             // all weights of `own_scaled` over those of `own`
  std::optional<MetaModelRun> own_scaled = {};  // to the exposure of `with`; never above 1
};

/// `## With and without the meta-model`, in Markdown.
std::string meta_model_section(const MetaModelComparison& comparison);

/// The same for programs, numbers as in metrics.json.
nlohmann::json meta_model_json(const MetaModelComparison& comparison);

}  // namespace tickwerk::report
