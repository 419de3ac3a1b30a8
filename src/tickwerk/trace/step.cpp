#include "tickwerk/trace/step.h"

namespace tickwerk::trace {
namespace {

StepObserver* g_observer = nullptr;

}  // namespace

void set_step_observer(StepObserver* observer) noexcept { g_observer = observer; }

Step::Step(const ZoneSite& site) noexcept
    : name_((g_observer != nullptr ? g_observer->step_begins(site.name) : void(), site.name)),
      zone_(site) {}

Step::~Step() {
  if (g_observer != nullptr) g_observer->step_ends(name_);
}

}  // namespace tickwerk::trace
