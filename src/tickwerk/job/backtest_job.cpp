#include "tickwerk/job/backtest_job.h"

#include "tickwerk/job/history.h"
#include "tickwerk/job/stress.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {
namespace {

void run_all(const RunConfig& config, History& history) {
  load_history(config, history);
  build_signals(config, history);
  TW_STEP("run_backtest");
  run_history(config, history);
}

}  // namespace

JobResult run_backtest(const RunConfig& config) {
  History history;
  run_all(config, history);
  TW_STEP("generate_reports");
  return report_history(config, history);
}

JobResult run_stressed_backtest(const RunConfig& config) {
  History history;
  run_all(config, history);
  StressResult stressed;
  {
    TW_STEP("run_stress");
    stressed = stress(config, history);
  }
  TW_STEP("generate_reports");
  JobResult job = report_history(config, history);
  report_stress(config, stressed, job);
  return job;
}

}  // namespace tickwerk::job
