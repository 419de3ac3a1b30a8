#include "tickwerk/lab/measured_run.h"

#include <algorithm>
#include <ctime>
#include <new>
#include <string_view>

#include "tickwerk/lab/memory_mark.h"
#include "tickwerk/trace/named_site.h"
#include "tickwerk/trace/step.h"
#include "tickwerk/trace/timed_block.h"

namespace tickwerk::lab {
namespace {

double seconds(clockid_t clock) noexcept {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// `<step:load_data>` is the step `load_data`.
std::string_view step_name(std::string_view zone) noexcept {
  constexpr std::string_view kPrefix = "<step:";
  if (!zone.starts_with(kPrefix) || !zone.ends_with('>')) return zone;
  return zone.substr(kPrefix.size(), zone.size() - kPrefix.size() - 1);
}

class StepWatch final : public trace::StepObserver {
 public:
  StepWatch() { steps_.reserve(64); }

  void step_begins(const char*) noexcept override {
    keep(mark_.read());
    if (mark_.reset() == MemoryMark::Reset::kRefused) reset_ = MemoryReset::kRefused;
    begin_ = now();
  }

  void step_ends(const char* name) noexcept override {
    const Clocks end = now();
    const auto peak = mark_.read();
    keep(peak);
    steps_.push_back({.name = std::string(step_name(name)),
                      .wall_sec = end.wall - begin_.wall,
                      .cpu_sec = end.process - begin_.process,
                      .thread_cpu_sec = end.thread - begin_.thread,
                      .peak_rss_bytes = reset_ == MemoryReset::kPerStep ? peak : std::nullopt});
  }

  /// The largest of all readings, each of which ends at a reset.
  double largest() noexcept {
    keep(mark_.read());
    return largest_;
  }
  MemoryReset reset() const noexcept { return reset_; }
  std::vector<StepMeasure>& steps() noexcept { return steps_; }

 private:
  struct Clocks {
    double wall = 0;
    double process = 0;
    double thread = 0;
  };

  static Clocks now() noexcept {
    return {seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID),
            seconds(CLOCK_THREAD_CPUTIME_ID)};
  }

  void keep(std::optional<double> bytes) noexcept {
    largest_ = std::max(largest_, bytes.value_or(0));
  }

  MemoryMark mark_;
  MemoryReset reset_ = MemoryReset::kPerStep;
  Clocks begin_;
  double largest_ = 0;
  std::vector<StepMeasure> steps_;
};

void run_job(const job::Job& job, const job::RunConfig& config, MeasuredRun& run) {
  run.failure = failure_of([&] { run.result = job.run(config); });
}

}  // namespace

std::optional<Failure> failure_of(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return Failure{error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return Failure{Code::kIo, "the job must fit the memory there is, an allocation failed"};
  } catch (const std::exception& error) {
    return Failure{Code::kInternal, error.what()};
  }
}

std::string to_string(Profiler profiler) { return profiler == Profiler::kZones ? "zones" : "none"; }

std::string to_string(MemoryReset reset) {
  switch (reset) {
    case MemoryReset::kPerStep:
      return "per step";
    case MemoryReset::kRefused:
      return "refused by the kernel";
    case MemoryReset::kNotAsked:
      return "not asked";
  }
  return {};
}

MemoryReset memory_reset_from_string(const std::string& text) {
  for (const MemoryReset reset :
       {MemoryReset::kPerStep, MemoryReset::kRefused, MemoryReset::kNotAsked}) {
    if (to_string(reset) == text) return reset;
  }
  throw Error(Code::kCorruptData,
              fmt::format("memory_reset must be one of per step, refused by the kernel, not asked, "
                          "found '{}'",
                          text));
}

MeasuredRun run_measured(const job::Job& job, const job::RunConfig& config, Profiler profiler) {
  MeasuredRun run;
  trace::set_log_sink([&run](std::string_view line) { run.log_lines.emplace_back(line); });
  StepWatch watch;
  if (profiler == Profiler::kNone) {
    const double begin = seconds(CLOCK_MONOTONIC);
    run_job(job, config, run);
    run.total_sec = seconds(CLOCK_MONOTONIC) - begin;
    run.peak_rss_bytes = watch.largest();
  } else {
    const trace::ZoneSite& site = trace::named_site(fmt::format("<job:{}>", job.name));
    trace::reset();
    trace::set_step_observer(&watch);
    trace::set_zones(trace::Switch::kOn, trace::Events::kKeep);
    {
      const trace::Zone root(site);
      run_job(job, config, run);
    }
    trace::set_zones(trace::Switch::kOff);
    trace::set_step_observer(nullptr);
    run.memory_reset = watch.reset();
    run.peak_rss_bytes = watch.largest();  // before the trees are copied
    run.steps = std::move(watch.steps());
    run.trees = trace::collect();
    run.timeline = trace::collect_timeline();
    run.total_sec = 1e-9 * static_cast<double>(run.trees.main.total_ns);
  }
  trace::set_log_sink({});
  return run;
}

}  // namespace tickwerk::lab
