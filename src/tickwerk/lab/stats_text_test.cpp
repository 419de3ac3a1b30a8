#include "tickwerk/lab/stats_text.h"

#include <gtest/gtest.h>

#include "tickwerk/lab/call_tree_sample_test.h"

namespace tickwerk::lab {
namespace {

/// The sample with every nanosecond a second.
trace::CallTrees sample_in_seconds() {
  trace::CallTrees trees = sample_trees();
  const auto scale = [](const auto& self, trace::CallNode& node) -> void {
    node.total_ns *= 1'000'000'000;
    node.self_ns *= 1'000'000'000;
    for (trace::CallNode& child : node.children) self(self, child);
  };
  scale(scale, trees.main);
  scale(scale, trees.workers);
  return trees;
}

const char* const kExpected =
    R"(instrumented zones only
<job:J>: 12 calls (9 primitive) of 4 functions in 100.000000 seconds
main thread; 40.000000 seconds of worker threads are in the trace files and the record

Top 3 of 4 by cumulative time
       ncalls     tottime     percall     cumtime     percall  location
            1   10.000000   10.000000  100.000000  100.000000  <job:J>
            1    0.000000    0.000000   90.000000   90.000000  <step:run>
          5/2   45.000000    9.000000   70.000000   35.000000  a.cpp:3(f)

Top 3 of 4 by own time
       ncalls     tottime     percall     cumtime     percall  location
          5/2   45.000000    9.000000   70.000000   35.000000  a.cpp:3(f)
            5   45.000000    9.000000   45.000000    9.000000  b.cpp:7(g)
            1   10.000000   10.000000  100.000000  100.000000  <job:J>

Callers of <step:run>
       ncalls     tottime     percall     cumtime     percall  location
            1    0.000000    0.000000   90.000000   90.000000  <job:J>

Callers of a.cpp:3(f)
       ncalls     tottime     percall     cumtime     percall  location
            3   15.000000    5.000000   40.000000   13.333333  a.cpp:3(f)
            2   30.000000   15.000000   70.000000   35.000000  <step:run>

Callers of b.cpp:7(g)
       ncalls     tottime     percall     cumtime     percall  location
            4   25.000000    6.250000   25.000000    6.250000  a.cpp:3(f)
            1   20.000000   20.000000   20.000000   20.000000  <step:run>

Counters of all threads, per second of zone time
        counter            amount        per second  location
           rows               140                 2  a.cpp:3(f)
)";

TEST(StatsText, ShowsTablesAsPstatsDoesAndThenCounters) {
  EXPECT_EQ(stats_text(sample_in_seconds(), {.job = "J", .top_n = 3}), kExpected);
}

TEST(StatsText, FirstLineSaysWhatWasObserved) {
  const std::string text =
      stats_text(sample_trees(), {.job = "J", .observed = "sampled at 997 Hz"});
  EXPECT_EQ(text.substr(0, text.find('\n')), "sampled at 997 Hz");
}

TEST(StatsText, AJobWithoutZonesHasItsRootOnly) {
  const std::string text = stats_text({sample_node("<main>", "~", 0, 1, 0), {}}, {.job = "J"});
  EXPECT_NE(text.find("Top 1 of 1 by own time"), std::string::npos);
  EXPECT_EQ(text.find("Callers"), std::string::npos);
  EXPECT_EQ(text.find("Counters"), std::string::npos);
}

}  // namespace
}  // namespace tickwerk::lab
