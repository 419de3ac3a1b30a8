#include "tickwerk/lab/prof.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "tickwerk/lab/call_tree_functions.h"

namespace tickwerk::lab {
namespace {

class Marshal {
 public:
  void begin_dictionary() { bytes_ += '{'; }
  void end_dictionary() { bytes_ += '0'; }

  void begin_tuple(std::uint32_t size) {
    bytes_ += '(';
    little_endian(size, 4);
  }

  void text(std::string_view utf8) {
    bytes_ += 'u';
    little_endian(utf8.size(), 4);
    bytes_ += utf8;
  }

  void integer(std::uint64_t value) {
    if (value <= std::numeric_limits<std::int32_t>::max()) {
      bytes_ += 'i';
      little_endian(value, 4);
      return;
    }
    constexpr int kDigitBits = 15;
    std::uint32_t num_digits = 0;
    for (std::uint64_t rest = value; rest != 0; rest >>= kDigitBits) ++num_digits;
    bytes_ += 'l';
    little_endian(num_digits, 4);
    for (std::uint64_t rest = value; rest != 0; rest >>= kDigitBits) {
      little_endian(rest & ((1u << kDigitBits) - 1), 2);
    }
  }

  void seconds(std::uint64_t ns) {
    bytes_ += 'g';
    little_endian(std::bit_cast<std::uint64_t>(static_cast<double>(ns) * 1e-9), 8);
  }

  std::string take() { return std::move(bytes_); }

 private:
  void little_endian(std::uint64_t value, int num_bytes) {
    for (int i = 0; i < num_bytes; ++i) bytes_ += static_cast<char>((value >> (8 * i)) & 0xff);
  }

  std::string bytes_;
};

void write(const Function& function, Marshal& out) {
  out.begin_tuple(3);
  out.text(function.file);
  out.integer(static_cast<std::uint64_t>(function.line));
  out.text(function.name);
}

void write(const FunctionStats& stats, Marshal& out) {
  write(stats.function, out);
  out.begin_tuple(5);
  out.integer(stats.all.primitive_calls);
  out.integer(stats.all.calls);
  out.seconds(stats.all.own_ns);
  out.seconds(stats.all.cumulative_ns);
  out.begin_dictionary();
  for (const auto& [caller, calls] : stats.callers) {
    write(caller, out);
    out.begin_tuple(4);
    out.integer(calls.calls);
    out.integer(calls.primitive_calls);
    out.seconds(calls.own_ns);
    out.seconds(calls.cumulative_ns);
  }
  out.end_dictionary();
}

}  // namespace

std::string prof(const trace::CallTrees& trees, std::string_view job) {
  Marshal out;
  out.begin_dictionary();
  for (const FunctionStats& stats : function_stats(job_root(trees.main, job))) write(stats, out);
  out.end_dictionary();
  return out.take();
}

}  // namespace tickwerk::lab
