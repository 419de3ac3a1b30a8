#include "tickwerk/trace/step.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tickwerk/trace/named_site.h"
#include "tickwerk/trace/recorded_test.h"

namespace tickwerk::trace {
namespace {

/// Notes every border and whether a zone was open then.
class Notes : public StepObserver {
 public:
  void step_begins(const char* name) noexcept override { note("begins ", name); }
  void step_ends(const char* name) noexcept override { note("ends ", name); }

  std::vector<std::string> lines;

 private:
  void note(const char* what, const char* name) {
    lines.push_back(std::string(what) + name +
                    (current_zone().node == nullptr ? "" : " in a zone"));
  }
};

class StepTest : public Recorded {
 protected:
  void SetUp() override {
    Recorded::SetUp();
    set_step_observer(&notes_);
  }
  void TearDown() override {
    set_step_observer(nullptr);
    Recorded::TearDown();
  }

  Notes notes_;
};

const std::vector<std::string> kBorders{"begins <step:load_data>", "ends <step:load_data>"};

TEST_F(StepTest, ObserverIsToldOutsideTheZone) {
  {
    TW_STEP("load_data");
    EXPECT_EQ(notes_.lines.size(), 1u);
    EXPECT_NE(current_zone().node, nullptr);
  }
  EXPECT_EQ(notes_.lines, kBorders);
}

TEST_F(StepTest, AnExceptionEndsTheStep) {
  const auto fail = [] {
    TW_STEP("load_data");
    throw std::runtime_error("no file");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  EXPECT_EQ(notes_.lines, kBorders);
}

TEST_F(StepTest, IsAZoneWithoutAPlaceInTheSource) {
  {
    const Zone job(named_site("<job:EOD_SMALL>"));
    TW_STEP("load_data");
  }
  const CallNode main = collect().main;
  EXPECT_EQ(main.name, "<job:EOD_SMALL>");
  EXPECT_EQ(main.file, "~");
  const CallNode* const step = find(main, "<step:load_data>");
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->file, "~");
  EXPECT_EQ(step->line, 0);
}

TEST(NamedSite, IsOneForEqualNamesAndPlaces) {
  const ZoneSite& site = named_site("a", "f.cpp", 3);
  EXPECT_EQ(&named_site("a", "f.cpp", 3), &site);
  EXPECT_NE(&named_site("a", "f.cpp", 4), &site);
  EXPECT_NE(&named_site("b", "f.cpp", 3), &site);
  EXPECT_STREQ(site.name, "a");
  EXPECT_STREQ(site.file, "f.cpp");
}

}  // namespace
}  // namespace tickwerk::trace
