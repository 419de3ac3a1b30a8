#include "tickwerk/job/factor_store.h"

#include <fmt/ranges.h>

#include "tickwerk/base/hash.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::job {
namespace {

std::string universe_of(const market::LoadConfig& load) {
  std::vector<std::string> rule = {load.prices.stem().string()};
  Hasher hasher;
  if (!load.universe.empty()) {
    rule.push_back(load.universe.stem().string());
    hasher.update(io::MappedFile(load.universe).bytes());
  }
  if (!load.symbols.empty()) {
    rule.emplace_back("symbols");
    hasher.update(fmt::format("{}", fmt::join(load.symbols, ",")));
  }
  if (load.max_symbols) rule.push_back(fmt::format("first{}", *load.max_symbols));
  const bool has_content = !load.universe.empty() || !load.symbols.empty();
  return store::universe_key(fmt::format("{}", fmt::join(rule, "-")),
                             has_content ? hasher.hex() : std::string());
}

std::filesystem::path root_of(const RunConfig& config) {
  return config.store.root.empty() ? config.output / "store" : config.store.root;
}

}  // namespace

std::optional<factor::StoreConfig> store_of(const RunConfig& config) {
  if (config.store.use == StoreUse::kOff) return {};
  return factor::StoreConfig{.root = root_of(config),
                             .universe = universe_of(config.load),
                             .now = config.store.now,
                             .rebuild = config.store.rebuild,
                             .as_of = config.sources.as_of};
}

void say_store(const factor::StoreReport& report, JobResult& job) {
  for (std::string& sentence : report.sentences()) job.notes.push_back(std::move(sentence));
  job.warnings.insert(job.warnings.end(), report.warnings.begin(), report.warnings.end());
  if (!report.state().empty()) job.config.emplace_back("store", report.state());
}

void empty_store(const RunConfig& config) {
  const std::filesystem::path root = root_of(config);
  const std::string universe = universe_of(config.load);
  store::GarbageConfig garbage;
  garbage.now = config.store.now;
  for (const store::Listed& listed : store::list(root)) {
    if (listed.universe == universe) store::remove(listed.folder, root, garbage);
  }
}

}  // namespace tickwerk::job
