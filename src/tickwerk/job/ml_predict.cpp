#include "tickwerk/job/ml_predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tickwerk/io/number.h"
#include "tickwerk/job/factor_store.h"
#include "tickwerk/job/history.h"
#include "tickwerk/job/judged_history.h"
#include "tickwerk/report/csv_writer.h"
#include "tickwerk/report/table.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

struct Said {
  const market::Bars& bars;
  std::vector<strategy::Entry> entries;
  Panel probability;
  Timestamp fit_end;

  double of(const strategy::Entry& entry) const { return probability(entry.bar, entry.symbol); }

  std::string_view source(const strategy::Entry& entry) const {
    if (std::isnan(of(entry))) return {};
    return bars.times[entry.bar] <= fit_end ? "walk_forward" : "final_fit";
  }
};

void append_rows(const Said& said, std::string& text, std::size_t first, std::size_t last) {
  for (std::size_t k = first; k < last; ++k) {
    const strategy::Entry& entry = said.entries[k];
    text += to_string(said.bars.times[entry.bar], said.bars.frequency);
    text += ',';
    io::append_csv_field(text, said.bars.symbols[entry.symbol]);
    text += ',';
    io::append_number(text, said.of(entry));
    text += fmt::format(",{}\n", said.source(entry));
  }
}

/// The entries of the last bar, the most promising first.
std::vector<strategy::Entry> of_last_bar(const Said& said) {
  std::vector<strategy::Entry> last;
  for (const strategy::Entry& entry : said.entries) {
    if (entry.bar + 1 == said.bars.num_rows()) last.push_back(entry);
  }
  std::stable_sort(last.begin(), last.end(), [&](const auto& a, const auto& b) {
    const double p = said.of(a), q = said.of(b);
    return p > q || (!std::isnan(p) && std::isnan(q));
  });
  return last;
}

std::string summary_of(const Said& said, double min_confidence) {
  const std::string day = to_string(said.bars.times.back(), said.bars.frequency);
  const std::vector<strategy::Entry> last = of_last_bar(said);
  const auto num_known = std::count_if(said.entries.begin(), said.entries.end(),
                                       [&](const auto& e) { return !std::isnan(said.of(e)); });
  std::string text =
      fmt::format("{} entries, {} of them with a probability; {} on {}, the last bar\n",
                  said.entries.size(), num_known, last.size(), day);
  if (last.empty()) return text;
  report::Table table({{"symbol", report::Align::kLeft},
                       {"probability", report::Align::kRight},
                       {"", report::Align::kLeft}});
  for (const strategy::Entry& entry : last) {
    const double p = said.of(entry);
    table.add({said.bars.symbols[entry.symbol], std::isnan(p) ? "-" : fmt::format("{:.3f}", p),
               p < min_confidence ? "refused" : ""});
  }
  return text + table.plain();
}

std::string json_of(const Said& said) {
  nlohmann::ordered_json last = nlohmann::ordered_json::array();
  for (const strategy::Entry& entry : of_last_bar(said)) {
    const double p = said.of(entry);
    last.push_back(
        {{"symbol", said.bars.symbols[entry.symbol]},
         {"probability", std::isnan(p) ? nlohmann::ordered_json() : nlohmann::ordered_json(p)}});
  }
  const nlohmann::ordered_json json = {
      {"entries", said.entries.size()},
      {"last_bar", to_string(said.bars.times.back(), said.bars.frequency)},
      {"entries_of_last_bar", std::move(last)}};
  return json.dump(2);
}

}  // namespace

JobResult run_ml_predict(const RunConfig& config) {
  if (config.strategy.meta_model.file.empty()) {
    throw Error(Code::kInvalidArgument, "--meta-model must name a model, found none");
  }
  History history;
  load_history(config, history);
  RunConfig own = config;  // judged signals would lack the entries that were refused
  own.strategy.meta_model.file.clear();
  build_signals(own, history);
  const MetaModelPanel panel(config, history);
  const market::Bars& bars = history.loaded.bars;
  const strategy::EntryRules rules =
      confidence_rules(history.spec, config.backtest, history.loaded.first_row).entry;
  Said said{.bars = bars,
            .entries = strategy::find_entries(bars, history.signals, rules),
            .probability = {},
            .fit_end = panel.notes().fit_end};
  said.probability = panel.of(said.entries);

  TW_STEP("generate_reports");
  const std::string name =
      fmt::format("ml_predictions_{}_{}.csv", history.spec.name, suffix(bars.frequency));
  report::write_csv(config.output / name, "timestamp,symbol,probability,source\n",
                    said.entries.size(),
                    [&](std::string& text, std::size_t first, std::size_t last) {
                      append_rows(said, text, first, last);
                    });
  JobResult job;
  job.files = {name};
  job.notes = history.loaded.notes;
  job.warnings = history.warnings;
  job.summary = summary_of(said, config.strategy.meta_model.min_confidence);
  job.summary_json = json_of(said);
  job.data_fingerprint = history.loaded.fingerprint;
  say_store(history.store, job);
  return job;
}

}  // namespace tickwerk::job
