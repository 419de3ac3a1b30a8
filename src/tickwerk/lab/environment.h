// Where a measurement was made: the machine, what the process may use of it, and how busy it was.
// Read from /proc and /sys once before and once after a run by the runner; nothing here names the
// host or its user.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tickwerk::lab {

struct Machine {
  std::string cpu_model = "unknown";
  int cores = 0;                   // online
  std::uint64_t memory_bytes = 0;  // 0 = unknown
  std::string kernel_release = "unknown";
  std::string governor = "not available";   // of the first core's frequency
  std::optional<double> cpu_limit = {};     // cores, of the narrowest control group; empty = none
  std::optional<double> memory_limit = {};  // bytes, likewise
  std::string machine_id =
      {};  // 16 hexadecimal digits over model, cores, memory and kernel release

  bool operator==(const Machine&) const = default;
};

/// Pressure-stall figures of one resource: time in which at least one task waited for it.
struct Pressure {
  double some_avg10 = 0;            // percent of the last ten seconds
  std::uint64_t some_total_us = 0;  // since the machine started

  bool operator==(const Pressure&) const = default;
};

struct Load {
  std::optional<double> load_1 = {};  // runnable tasks, mean over 1, 5 and 15 minutes
  std::optional<double> load_5 = {};
  std::optional<double> load_15 = {};
  std::optional<Pressure> cpu = {};  // empty where the kernel does not tell
  std::optional<Pressure> memory = {};
  std::optional<Pressure> io = {};

  bool operator==(const Load&) const = default;
};

/// `root` stands for `/`, so that a test can make a machine of its own. What is not there stays
/// unknown.
Machine read_machine(const std::filesystem::path& root = "/");
Load read_load(const std::filesystem::path& root = "/");

/// Why a figure taken between the two moments is to be doubted (`busy machine: ...`), or empty.
/// Busy means that tasks waited for a processor in more than a tenth of the time; without pressure
/// figures, that more than half of the cores had work before the run began.
std::string busy_reason(const Machine& machine,
                        const Load& before,
                        const Load& after,
                        double elapsed_sec);

}  // namespace tickwerk::lab
