#include "tickwerk/trace/timeline.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "tickwerk/trace/clock.h"
#include "tickwerk/trace/zone_tree.h"

namespace tickwerk::trace {
namespace {

class Builder {
 public:
  explicit Builder(const ClockScale& scale) : scale_(scale) {}

  void add(const detail::ThreadTree& thread, std::uint32_t number) {
    const std::uint64_t num_events = thread.num_events.load(std::memory_order_acquire);
    const detail::EventSlot* const slots = thread.events.load(std::memory_order_acquire);
    if (slots == nullptr) return;
    const std::uint64_t kept = std::min(num_events, detail::kNumEventSlots);
    timeline_.num_dropped += num_events - kept;
    for (std::uint64_t i = num_events - kept; i < num_events; ++i) {
      add(slots[i % detail::kNumEventSlots], number);
    }
  }

  Timeline take() {
    std::sort(timeline_.events.begin(), timeline_.events.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.thread, a.begin_ns, b.duration_ns, a.zone) <
             std::tuple(b.thread, b.begin_ns, a.duration_ns, b.zone);
    });
    return std::move(timeline_);
  }

 private:
  using Place = std::tuple<std::string_view, std::string_view, int>;

  void add(const detail::EventSlot& slot, std::uint32_t thread) {
    const auto& site = detail::site_of(*slot.node.load(std::memory_order_relaxed));
    const std::uint64_t begin = scale_.since_start_ns(slot.begin.load(std::memory_order_relaxed));
    const std::uint64_t end = scale_.since_start_ns(slot.end.load(std::memory_order_relaxed));
    timeline_.events.push_back({zone_at(site), thread, begin, end > begin ? end - begin : 0});
  }

  std::uint32_t zone_at(const ZoneSite& site) {
    const auto next = static_cast<std::uint32_t>(timeline_.zones.size());
    const auto [known, is_new] = zones_.try_emplace(Place{site.name, site.file, site.line}, next);
    if (is_new) timeline_.zones.push_back({site.name, site.file, site.line});
    return known->second;
  }

  ClockScale scale_;
  Timeline timeline_;
  std::map<Place, std::uint32_t> zones_;
};

}  // namespace

Timeline collect_timeline() {
  Builder builder(clock_scale());
  const detail::ThreadTree* const here = detail::this_thread();
  std::uint32_t next = 1;
  for (const detail::ThreadTree* thread : detail::all_threads()) {
    builder.add(*thread, thread == here ? 0 : next++);
  }
  return builder.take();
}

}  // namespace tickwerk::trace
