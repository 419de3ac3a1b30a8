#include "tickwerk/trace/timed_block.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tickwerk/trace/recorded_test.h"

namespace tickwerk::trace {
namespace {

class TimedBlockTest : public Recorded {
 protected:
  void SetUp() override {
    Recorded::SetUp();
    set_log_sink([this](std::string_view line) { lines_.emplace_back(line); });
  }
  void TearDown() override {
    set_log_sink({});
    Recorded::TearDown();
  }

  std::vector<std::string> lines_;
};

TEST_F(TimedBlockTest, LogsOneLineWhenItCloses) {
  {
    const auto block = timed_block("build_factors");
    EXPECT_TRUE(lines_.empty());
  }
  ASSERT_EQ(lines_.size(), 1u);
  const std::string& line = lines_[0];
  const std::string begin = "TIMING | build_factors | ";
  const std::string end = " sec";
  ASSERT_GT(line.size(), begin.size() + end.size());
  EXPECT_EQ(line.substr(0, begin.size()), begin);
  EXPECT_EQ(line.substr(line.size() - end.size()), end);
  const std::string number = line.substr(begin.size(), line.size() - begin.size() - end.size());
  EXPECT_EQ(number.find_first_not_of("0123456789"), number.size() - 4);
  EXPECT_EQ(number[number.size() - 4], '.');
}

TEST_F(TimedBlockTest, SaysTheSecondsThatPassed) {
  {
    const auto block = timed_block("spin");
    spin(std::chrono::microseconds(3000));
  }
  const double seconds = std::stod(lines_.at(0).substr(std::string("TIMING | spin | ").size()));
  EXPECT_GE(seconds, 0.003);
}

TEST_F(TimedBlockTest, LogsWhenAnExceptionLeavesIt) {
  const auto fail = [] {
    const auto block = timed_block("fails");
    throw std::runtime_error("the reason");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(lines_[0].substr(0, 17), "TIMING | fails | ");
}

TEST_F(TimedBlockTest, IsAZoneOfItsNameAndPlace) {
  for (const std::string& name :
       {std::string("first"), std::string("second"), std::string("first")}) {
    const auto block = timed_block(name);
  }
  const CallNode main = collect().main;
  EXPECT_EQ(calls_at(main, "first"), 2u);
  EXPECT_EQ(calls_at(main, "second"), 1u);
  EXPECT_EQ(find(main, "first")->file, "src/tickwerk/trace/timed_block_test.cpp");
  EXPECT_GT(find(main, "first")->line, 0);
}

TEST_F(TimedBlockTest, LogsWhileZonesAreOff) {
  set_zones(Switch::kOff);
  {
    const auto block = timed_block("quiet");
  }
  EXPECT_EQ(lines_.size(), 1u);
  EXPECT_TRUE(collect().main.children.empty());
}

TEST_F(TimedBlockTest, AnExceptionOfTheSinkDoesNotEscape) {
  set_log_sink([](std::string_view) { throw std::runtime_error("full disk"); });
  const auto run = [] { const auto block = timed_block("block"); };
  EXPECT_NO_THROW(run());
}

}  // namespace
}  // namespace tickwerk::trace
