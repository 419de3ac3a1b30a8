#include "tickwerk/job/prepare.h"

#include <fmt/format.h>

#include "tickwerk/market/synthetic.h"
#include "tickwerk/market/write_bars.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {

namespace {

void make_market(RunConfig& config) {
  TW_ZONE("make_market");
  const std::filesystem::path folder = config.output / "data";
  const std::filesystem::path file =
      folder / fmt::format("synthetic_{}x{}_seed{}.parquet", config.market.num_symbols,
                           config.market.num_sessions, config.seed);
  if (!std::filesystem::exists(file)) {
    market::SyntheticConfig synthetic;
    synthetic.num_symbols = config.market.num_symbols;
    synthetic.num_sessions = config.market.num_sessions;
    synthetic.seed = config.seed;
    market::write_parquet(market::make_synthetic(synthetic), file);
  }
  config.load.prices = file;
}

}  // namespace

void prepare_run(RunConfig& config) {
  if (config.load.prices.empty()) make_market(config);
}

}  // namespace tickwerk::job
