#include "tickwerk/trace/step.h"

namespace tickwerk::trace {
namespace {

StepObserver* g_observer = nullptr;

}  // namespace

void set_step_observer(StepObserver* observer) noexcept { g_observer = observer; }

Step::Border::Border(const char* name) noexcept : name_(name) {
  if (g_observer != nullptr) g_observer->step_begins(name_);
}

Step::Border::~Border() {
  if (g_observer != nullptr) g_observer->step_ends(name_);
}

}  // namespace tickwerk::trace
