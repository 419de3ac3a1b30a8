#include "tickwerk/job/ml_audit.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tickwerk/io/number.h"
#include "tickwerk/job/ml_audit_features.h"
#include "tickwerk/job/price_levels.h"
#include "tickwerk/report/table.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

using model::AuditLine;
using model::AuditVerdict;

std::string number(std::optional<double> value) {
  if (!value) return "";
  std::string text;
  io::append_rounded(text, *value, 4);
  return text;
}

void audit_with_bars(const MlAuditConfig& config, const model::DatasetFile& file, MlAudit& audit) {
  TW_STEP("build_factors");
  const market::LoadedBars loaded = market::load(config.run.load);
  const factor::LoadedSources beside = factor::load_sources(config.run.sources, loaded.bars);
  audit.notes = loaded.notes;
  audit.notes.insert(audit.notes.end(), beside.notes.begin(), beside.notes.end());
  audit.notes.insert(audit.notes.end(), beside.warnings.begin(), beside.warnings.end());
  for (AuditLine& line : audit_features(config, file, loaded, beside)) {
    audit.lines.push_back(std::move(line));
  }
}

std::size_t count(const MlAudit& audit, AuditVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(audit.lines.begin(), audit.lines.end(),
                    [verdict](const AuditLine& line) { return line.verdict == verdict; }));
}

}  // namespace

MlAudit run_ml_audit(const MlAuditConfig& config) {
  MlAudit audit;
  model::DatasetFile file;
  {
    TW_STEP("load_data");
    file = model::read_dataset(config.dataset);
  }
  const model::Dataset& dataset = file.dataset;
  audit.fingerprint = file.fingerprint;
  audit.dataset = fmt::format("{}: {} rows, {} symbols, {} features, label {} ({} bars ahead)",
                              config.dataset.string(), dataset.num_rows(), dataset.symbols.size(),
                              dataset.num_features(), dataset.label_name, dataset.label_reach);
  {
    TW_STEP("audit");
    audit.lines = model::audit(dataset, file.description, config.audit);
    audit.lines.push_back(
        price_level_line(file.description, read_recipe(file.description.config, config.dataset)));
  }
  if (config.run.load.prices.empty()) {
    audit.lines.push_back({.check = "train and serve",
                           .verdict = AuditVerdict::kNotTested,
                           .text = "whether features come out the same on data cut short, and what "
                                   "they take from outside, needs the bars: give --prices"});
  } else {
    audit_with_bars(config, file, audit);
  }
  return audit;
}

std::string audit_text(const MlAudit& audit) {
  using report::Align;
  report::Table table(
      {{"check"}, {"verdict"}, {"value", Align::kRight}, {"limit", Align::kRight}, {"what"}});
  for (const AuditLine& line : audit.lines) {
    table.add({line.check, std::string(to_string(line.verdict)), number(line.value),
               number(line.limit), line.text});
  }
  return fmt::format("{}\n\n{}\n{} checks: ok {}, leak {}, warning {}, not tested {}\n",
                     audit.dataset, table.plain(), audit.lines.size(),
                     count(audit, AuditVerdict::kOk), count(audit, AuditVerdict::kLeak),
                     count(audit, AuditVerdict::kWarning), count(audit, AuditVerdict::kNotTested));
}

std::string audit_json(const MlAudit& audit) {
  using nlohmann::json;
  json lines = json::array();
  const auto value_of = [](std::optional<double> value) {
    return value ? json(*value) : json(nullptr);
  };
  for (const AuditLine& line : audit.lines) {
    lines.push_back({{"check", line.check},
                     {"verdict", to_string(line.verdict)},
                     {"value", value_of(line.value)},
                     {"limit", value_of(line.limit)},
                     {"text", line.text}});
  }
  return json{{"dataset", audit.dataset},
              {"fingerprint", audit.fingerprint},
              {"has_leak", model::has_leak(audit.lines)},
              {"checks", std::move(lines)}}
      .dump(2);
}

}  // namespace tickwerk::job
