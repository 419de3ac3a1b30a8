#include "tickwerk/lab/environment.h"

#include <gtest/gtest.h>

#include <string>

#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

/// A machine made of files.
class EnvironmentTest : public FolderTest {
 protected:
  EnvironmentTest() {
    write("proc/cpuinfo",
          "processor\t: 0\nmodel name\t: Abacus 9\n\nprocessor\t: 1\nmodel name\t: Abacus 9\n");
    write("proc/meminfo", "MemTotal:        1000 kB\nMemFree:          500 kB\n");
    write("proc/sys/kernel/osrelease", "6.1.0\n");
    write("proc/loadavg", "1.50 0.50 0.25 1/95 8348\n");
  }

  const std::filesystem::path& root_ = folder_;
};

TEST_F(EnvironmentTest, ReadsTheMachine) {
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.cpu_model, "Abacus 9");
  EXPECT_EQ(machine.cores, 2);
  EXPECT_EQ(machine.memory_bytes, 1'024'000U);
  EXPECT_EQ(machine.kernel_release, "6.1.0");
  EXPECT_EQ(machine.governor, "not available");
  EXPECT_FALSE(machine.cpu_limit.has_value());
  EXPECT_FALSE(machine.memory_limit.has_value());
}

TEST_F(EnvironmentTest, MachineIdDependsOnModelCoresMemoryAndKernelAlone) {
  const std::string before = read_machine(root_).machine_id;
  EXPECT_EQ(before.size(), 16U);
  write("proc/sys/kernel/hostname", "elsewhere\n");
  write("proc/self/cgroup", "0::/job\n");
  write("sys/fs/cgroup/job/cpu.max", "50000 100000\n");
  EXPECT_EQ(read_machine(root_).machine_id, before);
  write("proc/sys/kernel/osrelease", "6.2.0\n");
  EXPECT_NE(read_machine(root_).machine_id, before);
}

TEST_F(EnvironmentTest, TakesTheNarrowestLimitOfTheControlGroups) {
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  write("sys/fs/cgroup/outer/inner/memory.max", "2000000\n");
  write("sys/fs/cgroup/outer/memory.max", "max\n");
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.cpu_limit, 1.5);
  EXPECT_EQ(machine.memory_limit, 2e6);
}

TEST_F(EnvironmentTest, ReadsControlGroupsOfVersionOne) {
  write("proc/self/cgroup", "4:memory:/box\n1:cpu,cpuacct:/\n0::/\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n");
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.cpu_limit, 0.5);
  EXPECT_EQ(machine.memory_limit, 3e6);
}

TEST_F(EnvironmentTest, WhatIsNotThereStaysUnknown) {
  const Machine machine = read_machine(root_ / "nothing");
  EXPECT_EQ(machine.cpu_model, "unknown");
  EXPECT_EQ(machine.kernel_release, "unknown");
  EXPECT_EQ(read_load(root_ / "nothing"), Load{});
}

TEST_F(EnvironmentTest, ReadsLoadAndPressure) {
  write("proc/pressure/cpu",
        "some avg10=12.50 avg60=0.24 avg300=0.37 total=11138768\nfull avg10=0.00 avg60=0.00 "
        "avg300=0.00 total=0\n");
  const Load load = read_load(root_);
  EXPECT_EQ(load.load_1, 1.5);
  EXPECT_EQ(load.load_15, 0.25);
  EXPECT_EQ(load.cpu, (Pressure{12.5, 11138768}));
  EXPECT_FALSE(load.io.has_value());
}

TEST(BusyReason, IsTheShareOfTimeTasksWaited) {
  const Machine machine{.cores = 2};
  const Load before{.cpu = Pressure{0, 1'000'000}};
  EXPECT_EQ(busy_reason(machine, before, Load{.cpu = Pressure{0, 1'100'000}}, 1.0), "");
  EXPECT_EQ(busy_reason(machine, before, Load{.cpu = Pressure{0, 1'300'000}}, 1.0),
            "busy machine: tasks waited for a processor in 30 % of the time");
}

TEST(BusyReason, FallsBackToTheLoadBefore) {
  const Machine machine{.cores = 2};
  EXPECT_EQ(busy_reason(machine, Load{.load_1 = 1.0}, Load{}, 1.0), "");
  EXPECT_EQ(busy_reason(machine, Load{.load_1 = 1.1}, Load{}, 1.0),
            "busy machine: load 1.1 on 2 cores before the run");
}

}  // namespace
}  // namespace tickwerk::lab
