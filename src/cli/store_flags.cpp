#include <fmt/format.h>

#include "cli/run_flag_rows.h"

namespace tickwerk::cli {
namespace {

using job::RunConfig;
using job::StoreStart;
using job::StoreUse;

std::vector<RunFlagRow> make_rows() {
  std::vector<RunFlagRow> rows;
  rows.push_back({{.key = "store",
                   .placeholder = "DIR",
                   .text = "folder of the factor store (without it: store in the output folder)"},
                  [](const Settings& s, RunConfig& c) { c.store.root = s.text("store"); },
                  [](const RunConfig& c) { return c.store.root.string(); }});
  rows.push_back(
      {{.key = "no_store", .kind = Kind::kSwitch, .text = "evaluates every factor and keeps none"},
       [](const Settings& s, RunConfig& c) {
         c.store.use = s.on("no_store") ? StoreUse::kOff : StoreUse::kKeep;
       },
       [](const RunConfig& c) { return fmt::format("{}", c.store.use == StoreUse::kOff); }});
  rows.push_back(
      {{.key = "rebuild",
        .kind = Kind::kSwitch,
        .text = "evaluates every factor and puts it in the place of what is stored; values that "
                "other bars gave stay as versions"},
       [](const Settings& s, RunConfig& c) {
         c.store.rebuild = s.on("rebuild") ? store::Rebuild::kAll : store::Rebuild::kStale;
       },
       [](const RunConfig& c) {
         return fmt::format("{}", c.store.rebuild == store::Rebuild::kAll);
       }});
  rows.push_back(
      {{.key = "cold",
        .kind = Kind::kSwitch,
        .text =
            "reads no factor from the store, to measure a first run; what is evaluated takes the "
            "place of what is stored, and replaced versions stay for as-of reads"},
       [](const Settings& s, RunConfig& c) {
         c.store.start = s.on("cold") ? StoreStart::kCold : StoreStart::kAsItIs;
       },
       [](const RunConfig& c) { return fmt::format("{}", c.store.start == StoreStart::kCold); }});
  return rows;
}

}  // namespace

const std::vector<RunFlagRow>& store_rows() {
  static const std::vector<RunFlagRow> rows = make_rows();
  return rows;
}

}  // namespace tickwerk::cli
