#include "tickwerk/base/build_id.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace tickwerk {
namespace {

TEST(BuildId, StandsInTheBytesOfTheProgram) {
  const std::string id = build_id();
  ASSERT_EQ(id.size(), 40U);  // SHA-1, the linker's default
  std::string bytes;
  for (std::size_t i = 0; i < id.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(id.substr(i, 2), nullptr, 16));
  }
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const std::string program{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(program.find(bytes), std::string::npos);
}

}  // namespace
}  // namespace tickwerk
