#include "tickwerk/job/backtest_job.h"

#include "tickwerk/job/history.h"
#include "tickwerk/trace/step.h"

namespace tickwerk::job {

JobResult run_backtest(const RunConfig& config) {
  History history;
  load_history(config, history);
  build_signals(config, history);
  {
    TW_STEP("run_backtest");
    run_history(config, history);
  }
  TW_STEP("generate_reports");
  return report_history(config, history);
}

}  // namespace tickwerk::job
