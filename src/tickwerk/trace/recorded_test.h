// For the tests of this folder: zones on for the life of a test, and a way to name a node of a
// tree.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "tickwerk/trace/call_tree.h"

namespace tickwerk::trace {

/// Starts every test with empty trees and zones on, and leaves them off.
class Recorded : public testing::Test {
 protected:
  void SetUp() override {
    reset();
    set_zones(Switch::kOn);
  }
  void TearDown() override {
    set_zones(Switch::kOff);
    reset();
  }
};

/// The node at `path` (`outer/inner`) below `node`; null when there is none.
inline const CallNode* find(const CallNode& node, std::string_view path) {
  const std::size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  for (const CallNode& child : node.children) {
    if (child.name != name) continue;
    return slash == std::string_view::npos ? &child : find(child, path.substr(slash + 1));
  }
  return nullptr;
}

inline std::uint64_t calls_at(const CallNode& node, std::string_view path) {
  const CallNode* const found = find(node, path);
  return found == nullptr ? 0 : found->calls;
}

/// Works until the clock that zones do not read has advanced.
inline void spin(std::chrono::microseconds duration) {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace tickwerk::trace
