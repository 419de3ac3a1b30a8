#include "tickwerk/job/factor_store.h"

#include <fmt/ranges.h>

#include "tickwerk/base/hash.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::job {
namespace {

std::string universe_of(const market::LoadConfig& load) {
  std::vector<std::string> rule = {load.prices.stem().string()};
  Hasher hasher;
  // Of two markets in files of one name neither is a revision of the other. A link is not followed:
  // one that leads to the newest delivery keeps its store.
  hasher.update(std::filesystem::absolute(load.prices).lexically_normal().string());
  if (!load.universe.empty()) {
    rule.push_back(load.universe.stem().string());
    hasher.update(io::MappedFile(load.universe).bytes());
  }
  if (!load.symbols.empty()) {
    rule.emplace_back("symbols");
    hasher.update(fmt::format("{}", fmt::join(load.symbols, ",")));
  }
  if (load.max_symbols) rule.push_back(fmt::format("first{}", *load.max_symbols));
  return store::universe_key(fmt::format("{}", fmt::join(rule, "-")), hasher.hex());
}

std::filesystem::path root_of(const RunConfig& config) {
  return config.store.root.empty() ? config.output / "store" : config.store.root;
}

}  // namespace

std::optional<factor::StoreConfig> store_of(const RunConfig& config) {
  if (config.store.use == StoreUse::kOff) return {};
  const bool is_cold = config.store.start == StoreStart::kCold;
  return factor::StoreConfig{.root = root_of(config),
                             .universe = universe_of(config.load),
                             .now = config.store.now,
                             .rebuild = is_cold ? store::Rebuild::kAll : config.store.rebuild,
                             .as_of = config.sources.as_of};
}

void say_store(const factor::StoreReport& report, JobResult& job) {
  for (std::string& sentence : report.sentences()) job.notes.push_back(std::move(sentence));
  job.warnings.insert(job.warnings.end(), report.warnings.begin(), report.warnings.end());
  if (!report.state().empty()) job.config.emplace_back("store", report.state());
}

}  // namespace tickwerk::job
