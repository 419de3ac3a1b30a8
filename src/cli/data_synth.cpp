#include <nlohmann/json.hpp>

#include "cli/data.h"
#include "tickwerk/base/error.h"
#include "tickwerk/market/synthetic.h"

namespace tickwerk::cli {
namespace {

// Sessions of the NYSE from 1990 to the end of 2024, where the synthetic market ends.
constexpr double kMaxSessions = 8817;

// Five fields of eight bytes: 2 GB.
constexpr std::int64_t kMaxBars = 50'000'000;

int run(const Invocation& invocation) {
  const Settings& settings = invocation.settings;
  const std::string file = settings.text("out");
  if (file.empty()) throw Error(Code::kInvalidArgument, "--out must be given, found none");
  check_ending(file);
  const std::int64_t symbols = settings.whole("symbols_count");
  const std::int64_t sessions = settings.whole("sessions");
  if (symbols * sessions > kMaxBars) {
    throw Error(Code::kInvalidArgument,
                fmt::format("--symbols-count times --sessions must be at most {}, found {}",
                            kMaxBars, symbols * sessions));
  }
  market::SyntheticConfig config;
  config.num_symbols = static_cast<std::size_t>(symbols);
  config.num_sessions = static_cast<std::size_t>(sessions);
  config.seed = static_cast<std::uint64_t>(settings.whole("seed"));
  const market::Bars bars = market::make_synthetic(config);
  write_bars(bars, file);
  const std::string fingerprint = market::fingerprint(bars);
  if (invocation.output.format() == Format::kJson) {
    invocation.output.result(nlohmann::json({{"file", file},
                                             {"fingerprint", fingerprint},
                                             {"seed", config.seed},
                                             {"sessions", sessions},
                                             {"symbols", symbols}})
                                 .dump(2));
  } else {
    invocation.output.result(
        fmt::format("{}: {} symbols x {} sessions, {} to {}, seed {}, {}", file, symbols, sessions,
                    to_string(date_of(bars.times.front())), to_string(date_of(bars.times.back())),
                    config.seed, fingerprint));
  }
  return 0;
}

}  // namespace

Command data_synth_command() {
  std::vector<Flag> flags;
  flags.push_back({.key = "symbols_count",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "symbols of the market",
                   .range = {.low = 1, .high = market::kMaxSyntheticSymbols},
                   .default_value = "200"});
  flags.push_back({.key = "sessions",
                   .kind = Kind::kWhole,
                   .placeholder = "N",
                   .text = "sessions of the market, the last on 2024-12-31",
                   .range = {.low = 1, .high = kMaxSessions},
                   .default_value = "2520"});
  flags.push_back(
      {.key = "out", .placeholder = "FILE", .text = "file to write, ending in .csv or .parquet"});
  return {.name = "data synth",
          .summary = "write a synthetic market, the same bytes for the same seed everywhere",
          .groups = {{.title = "Market", .flags = std::move(flags)}},
          .run = run};
}

}  // namespace tickwerk::cli
