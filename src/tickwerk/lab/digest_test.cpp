#include "tickwerk/lab/digest.h"

#include <gtest/gtest.h>

#include "tickwerk/base/error.h"
#include "tickwerk/lab/folder_test.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;

class DigestTest : public FolderTest {
 protected:
  std::string digest(std::vector<fs::path> files) { return output_digest(folder_, files); }
};

TEST_F(DigestTest, DoesNotDependOnTheOrderOfTheFiles) {
  write("a.csv", "1");
  write("b.csv", "2");
  EXPECT_EQ(digest({"a.csv", "b.csv"}), digest({"b.csv", "a.csv"}));
}

TEST_F(DigestTest, DependsOnNamesAndContents) {
  write("a.csv", "1");
  write("b.csv", "2");
  const std::string before = digest({"a.csv", "b.csv"});
  EXPECT_NE(before, digest({"a.csv"}));
  write("a.csv", "2");
  write("b.csv", "1");
  EXPECT_NE(before, digest({"a.csv", "b.csv"}));
}

TEST_F(DigestTest, TellsWhereOneFileEndsAndTheNextBegins) {
  write("a.csv", "12");
  write("b.csv", "");
  const std::string before = digest({"a.csv", "b.csv"});
  write("a.csv", "1");
  write("b.csv", "2");
  EXPECT_NE(before, digest({"a.csv", "b.csv"}));
}

TEST_F(DigestTest, RefusesAFileThatIsNotThere) { EXPECT_THROW(digest({"absent.csv"}), Error); }

}  // namespace
}  // namespace tickwerk::lab
