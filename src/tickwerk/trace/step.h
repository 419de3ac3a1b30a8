// A step is a named top part of a job (`load_data`, `run_backtest`): a zone that a program may also
// watch, so that the lab can take memory and processor time at its borders. Steps do not nest.
#pragma once

#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {

/// Told at the borders of every step, on the thread that runs it, outside the time of its zone;
/// must not throw. Names come as `<step:load_data>`.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void step_begins(const char* name) noexcept = 0;
  virtual void step_ends(const char* name) noexcept = 0;
};

/// Null (the initial state) watches nothing. The observer must outlive the steps.
void set_step_observer(StepObserver* observer) noexcept;

class Step {
 public:
  explicit Step(const ZoneSite& site) noexcept : border_(site.name), zone_(site) {}

 private:
  class Border {
   public:
    explicit Border(const char* name) noexcept;
    ~Border();
    Border(const Border&) = delete;
    Border& operator=(const Border&) = delete;

   private:
    const char* name_;
  };

  Border border_;  // before the zone, so that the observer's work is outside it
  Zone zone_;
};

}  // namespace tickwerk::trace

/// The rest of the enclosing scope is the step `name`. Observers are told also when zones are
/// compiled out.
#define TW_STEP(name)                                                                              \
  static constexpr ::tickwerk::trace::ZoneSite TW_ZONE_JOIN(tw_site_, __LINE__){"<step:" name ">", \
                                                                                "~", 0};           \
  const ::tickwerk::trace::Step TW_ZONE_JOIN(tw_step_, __LINE__)(TW_ZONE_JOIN(tw_site_, __LINE__))
