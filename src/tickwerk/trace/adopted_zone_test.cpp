#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tickwerk/trace/recorded_test.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::trace {
namespace {

class AdoptedZoneTest : public Recorded {};

void chunk() { TW_ZONE("chunk"); }

/// Runs `work` on a thread of its own to its end.
template <typename Work>
void on_worker(Work work) {
  std::thread(work).join();
}

TEST_F(AdoptedZoneTest, ZonesOfWorkersStandBelowThePathOfTheAdoptedZone) {
  {
    TW_ZONE("job");
    TW_ZONE("loop");
    const ZoneHandle loop = current_zone();
    for (int worker = 0; worker < 3; ++worker) {
      on_worker([&] {
        const AdoptedZone adopted(loop);
        chunk();
        chunk();
      });
    }
  }
  const CallTrees trees = collect();
  EXPECT_EQ(trees.main.name, "job");
  EXPECT_EQ(calls_at(trees.main, "loop"), 1u);
  EXPECT_EQ(find(trees.main, "loop/chunk"), nullptr);

  EXPECT_EQ(trees.workers.name, "<workers>");
  EXPECT_EQ(trees.workers.calls, 0u);
  EXPECT_EQ(calls_at(trees.workers, "job"), 0u);
  EXPECT_EQ(calls_at(trees.workers, "job/loop"), 3u);
  EXPECT_EQ(calls_at(trees.workers, "job/loop/chunk"), 6u);
  const CallNode& loop = *find(trees.workers, "job/loop");
  EXPECT_EQ(trees.workers.total_ns, loop.total_ns);
  EXPECT_EQ(loop.self_ns, loop.total_ns - find(loop, "chunk")->total_ns);
}

TEST_F(AdoptedZoneTest, AWorkerCanHandItsZoneToAnother) {
  {
    TW_ZONE("job");
    on_worker([outer = current_zone()] {
      const AdoptedZone adopted(outer);
      TW_ZONE("outer loop");
      on_worker([inner = current_zone()] {
        const AdoptedZone nested(inner);
        chunk();
      });
    });
  }
  const CallTrees trees = collect();
  EXPECT_EQ(calls_at(trees.workers, "job/outer loop/chunk"), 1u);
  EXPECT_EQ(calls_at(trees.workers, "job"), 1u);
  EXPECT_EQ(calls_at(trees.workers, "job/outer loop"), 2u);
}

TEST_F(AdoptedZoneTest, AThreadThatHasAZoneOpenKeepsItsPlace) {
  {
    TW_ZONE("job");
    const ZoneHandle job = current_zone();
    TW_ZONE("waits");
    const AdoptedZone adopted(job);
    chunk();
  }
  const CallTrees trees = collect();
  EXPECT_EQ(calls_at(trees.main, "waits/chunk"), 1u);
  EXPECT_TRUE(trees.workers.children.empty());
}

TEST_F(AdoptedZoneTest, WithoutAnOpenZoneThereIsNothingToAdopt) {
  EXPECT_EQ(current_zone().node, nullptr);
  on_worker([] {
    const AdoptedZone adopted(ZoneHandle{});
    chunk();
  });
  EXPECT_EQ(calls_at(collect().workers, "chunk"), 1u);
}

TEST_F(AdoptedZoneTest, CountersOfAWorkerWithoutZonesBelongToTheAdoptedOne) {
  {
    TW_ZONE("job");
    on_worker([job = current_zone()] {
      const AdoptedZone adopted(job);
      count(Counter::kRows, 8);
    });
  }
  EXPECT_EQ(find(collect().workers, "job")->counter(Counter::kRows), 8u);
}

struct ZoneAtThreadEnd {
  ~ZoneAtThreadEnd() { chunk(); }
};

TEST_F(AdoptedZoneTest, ZonesInDestructorsOfAnEndingThreadDoNoHarm) {
  on_worker([] {
    static thread_local const ZoneAtThreadEnd before;
    static_cast<void>(&before);
    chunk();
    static thread_local const ZoneAtThreadEnd after;
    static_cast<void>(&after);
  });
  EXPECT_GE(calls_at(collect().workers, "chunk"), 1u);
}

TEST_F(AdoptedZoneTest, CallsOfThreadsThatEndedAreKept) {
  for (int i = 0; i < 200; ++i) on_worker(chunk);
  EXPECT_EQ(calls_at(collect().workers, "chunk"), 200u);
}

TEST_F(AdoptedZoneTest, CollectingWhileWorkersWriteSeesPartOfTheirCalls) {
  constexpr std::uint64_t kCalls = 20'000;
  std::atomic<int> num_running{2};
  std::vector<std::thread> workers;
  {
    TW_ZONE("job");
    for (int i = 0; i < 2; ++i) {
      workers.emplace_back([&, job = current_zone()] {
        const AdoptedZone adopted(job);
        for (std::uint64_t call = 0; call < kCalls; ++call) chunk();
        --num_running;
      });
    }
    do {
      EXPECT_LE(calls_at(collect().workers, "job/chunk"), 2 * kCalls);
    } while (num_running > 0);
    for (std::thread& worker : workers) worker.join();
  }
  EXPECT_EQ(calls_at(collect().workers, "job/chunk"), 2 * kCalls);
}

}  // namespace
}  // namespace tickwerk::trace
