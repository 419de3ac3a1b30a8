#include "tickwerk/model/xgboost_library.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace tickwerk::model::xgboost {
namespace {

std::string refusal(const char* file) {
  try {
    open_library(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    return error.what();
  }
  return "must throw";
}

TEST(XgboostLibrary, IsOfAnAcceptedVersion) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  library().version(&major, &minor, &patch);
  EXPECT_EQ(major, 3);
  EXPECT_GE(minor, 2);
}

TEST(XgboostLibrary, ThreadsWaitWithoutSpinning) {
  library();
  EXPECT_EQ(std::string_view(std::getenv("OMP_WAIT_POLICY")), "passive");
}

TEST(XgboostLibrary, AbsenceNamesWhatBringsIt) {
  const std::string said = refusal("/nowhere/libxgboost.so");
  EXPECT_NE(said.find("/nowhere/libxgboost.so"), std::string::npos) << said;
  EXPECT_NE(said.find("`make setup`"), std::string::npos) << said;
}

TEST(XgboostLibrary, AnotherLibraryIsRefusedByItsFunctions) {
  EXPECT_NE(refusal("libm.so.6").find("the function XGBoostVersion"), std::string::npos);
}

TEST(XgboostLibrary, FailureIsSaidWithoutItsTrace) {
  Handle handle = nullptr;
  try {
    require(library().create_from_columns("{}", "{}", &handle), Code::kCorruptData);
    FAIL() << "must throw";
  } catch (const Error& error) {
    const std::string said = error.what();
    EXPECT_EQ(error.code(), Code::kCorruptData);
    EXPECT_EQ(said.find("Stack trace"), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
    EXPECT_EQ(said.find(".h:"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace tickwerk::model::xgboost
