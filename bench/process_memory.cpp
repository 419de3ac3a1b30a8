#include "process_memory.h"

#include <fstream>
#include <string>
#include <string_view>

namespace tickwerk::bench {
namespace {

double status_bytes(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size() + 1)) * 1024;
  }
  return 0;
}

}  // namespace

double resident_bytes() { return status_bytes("VmRSS:"); }
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }
double peak_bytes() { return status_bytes("VmHWM:"); }

}  // namespace tickwerk::bench
