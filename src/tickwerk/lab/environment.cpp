#include "tickwerk/lab/environment.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

template <class Number>
std::optional<Number> number_at(std::string_view text) {
  text = trimmed(text);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return {};
  return value;
}

/// The value behind `key` in lines `key : value` of a /proc file; empty when there is none.
std::string_view value_of(std::string_view text, std::string_view key) {
  for (std::string_view line : lines_of(text)) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == key) {
      return trimmed(line.substr(colon + 1));
    }
  }
  return {};
}

int count_processors(std::string_view cpuinfo) {
  const auto lines = lines_of(cpuinfo);
  return static_cast<int>(std::count_if(lines.begin(), lines.end(), [](std::string_view line) {
    return line.starts_with("processor");
  }));
}

void narrow(std::optional<double>& limit, std::optional<double> other) {
  if (other && (!limit || *other < *limit)) limit = other;
}

/// The control groups of this process that `controller` may be limited by, innermost first: version
/// 2 (controller empty in /proc/self/cgroup) or version 1.
std::vector<fs::path> control_groups(const fs::path& root, std::string_view controller) {
  std::vector<fs::path> folders;
  const std::string groups = read_text(root / "proc/self/cgroup");
  for (std::string_view line : lines_of(groups)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string names = fmt::format(",{},", line.substr(first + 1, second - first - 1));
    const bool unified = names == ",,";
    if (!unified && names.find(fmt::format(",{},", controller)) == std::string::npos) continue;
    const fs::path base = root / "sys/fs/cgroup" / (unified ? "" : std::string(controller));
    fs::path group = fs::path(line.substr(second + 1)).relative_path();
    for (;; group = group.parent_path()) {
      folders.push_back(base / group);
      if (group.empty()) break;
    }
  }
  return folders;
}

std::optional<double> cpu_limit(const fs::path& root) {
  std::optional<double> limit;
  for (const fs::path& folder : control_groups(root, "cpu")) {
    const std::string unified = read_text(folder / "cpu.max");  // `quota period` or `max period`
    std::string_view quota_text = trimmed(unified);
    std::string period_text = read_text(folder / "cpu.cfs_period_us");
    const std::string quota_file = read_text(folder / "cpu.cfs_quota_us");
    if (const auto space = quota_text.find(' '); space != std::string_view::npos) {
      period_text = quota_text.substr(space + 1);
      quota_text = quota_text.substr(0, space);
    } else {
      quota_text = quota_file;
    }
    const auto quota = number_at<double>(quota_text);
    const auto period = number_at<double>(period_text);
    if (quota && period && *quota > 0 && *period > 0) narrow(limit, *quota / *period);
  }
  return limit;
}

std::optional<double> memory_limit(const fs::path& root) {
  constexpr double kNoLimit = 0x1p60;  // version 1 says "none" by a number about 2^63
  std::optional<double> limit;
  for (const fs::path& folder : control_groups(root, "memory")) {
    for (const char* file : {"memory.max", "memory.limit_in_bytes"}) {
      const auto bytes = number_at<double>(read_text(folder / file));
      if (bytes && *bytes < kNoLimit) narrow(limit, bytes);
    }
  }
  return limit;
}

std::optional<Pressure> pressure(const fs::path& path) {
  const std::string text = read_text(path);
  Pressure pressure;
  unsigned long long total = 0;
  if (std::sscanf(text.c_str(), "some avg10=%lf avg60=%*f avg300=%*f total=%llu",
                  &pressure.some_avg10, &total) != 2) {
    return {};
  }
  pressure.some_total_us = total;
  return pressure;
}

}  // namespace

Machine read_machine(const fs::path& root) {
  Machine machine;
  const std::string cpuinfo = read_text(root / "proc/cpuinfo");
  for (const char* key : {"model name", "Model", "Hardware"}) {
    if (machine.cpu_model == "unknown" && !value_of(cpuinfo, key).empty()) {
      machine.cpu_model = value_of(cpuinfo, key);
    }
  }
  machine.cores = count_processors(cpuinfo);
  const std::string meminfo = read_text(root / "proc/meminfo");
  machine.memory_bytes = 1024 * number_at<std::uint64_t>(value_of(meminfo, "MemTotal")).value_or(0);
  const std::string release = read_text(root / "proc/sys/kernel/osrelease");
  if (!trimmed(release).empty()) machine.kernel_release = trimmed(release);
  const std::string governor =
      read_text(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (!trimmed(governor).empty()) machine.governor = trimmed(governor);
  machine.cpu_limit = cpu_limit(root);
  machine.memory_limit = memory_limit(root);

  Hasher hasher;
  hasher.update(std::string_view(fmt::format("{}\n{}\n{}\n{}", machine.cpu_model, machine.cores,
                                             machine.memory_bytes, machine.kernel_release)));
  machine.machine_id = hasher.hex().substr(0, 16);
  return machine;
}

Load read_load(const fs::path& root) {
  Load load;
  const std::string text = read_text(root / "proc/loadavg");
  double one = 0;
  double five = 0;
  double fifteen = 0;
  if (std::sscanf(text.c_str(), "%lf %lf %lf", &one, &five, &fifteen) == 3) {
    load.load_1 = one;
    load.load_5 = five;
    load.load_15 = fifteen;
  }
  load.cpu = pressure(root / "proc/pressure/cpu");
  load.memory = pressure(root / "proc/pressure/memory");
  load.io = pressure(root / "proc/pressure/io");
  return load;
}

std::string busy_reason(const Machine& machine,
                        const Load& before,
                        const Load& after,
                        double elapsed_sec) {
  constexpr double kMaxShare = 0.1;
  if (before.cpu && after.cpu && elapsed_sec > 0) {
    const auto waited_us = static_cast<double>(after.cpu->some_total_us) -
                           static_cast<double>(before.cpu->some_total_us);
    const double share = waited_us / 1e6 / elapsed_sec;
    if (share <= kMaxShare) return {};
    return fmt::format("busy machine: tasks waited for a processor in {:.0f} % of the time",
                       100 * std::min(share, 1.0));
  }
  if (before.load_1 && machine.cores > 0 && *before.load_1 > 0.5 * machine.cores) {
    return fmt::format("busy machine: load {:.1f} on {} cores before the run", *before.load_1,
                       machine.cores);
  }
  return {};
}

}  // namespace tickwerk::lab
