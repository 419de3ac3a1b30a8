// Small input files in a folder of their own, for the tests of the loader. The folder goes when the
// test ends.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/market/load.h"

namespace tickwerk::market {

class LoadFixture : public testing::Test {
 protected:
  using Names = std::vector<std::string>;

  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) /
        fmt::format("load.{}.{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                    ::getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path file(const std::string& name, std::string_view bytes) const {
    io::write_file(folder_ / name, bytes);
    return folder_ / name;
  }

  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static LoadedBars load_path(const std::filesystem::path& path) {
    LoadConfig config;
    config.prices = path;
    return load(config);
  }
  LoadedBars load_text(std::string_view text) const { return load_path(file("p.csv", text)); }

  static bool says(const LoadedBars& loaded, std::string_view words) {
    for (const std::string& note : loaded.notes) {
      if (note.find(words) != std::string::npos) return true;
    }
    for (const std::string& note : loaded.notes) ADD_FAILURE() << "said: " << note;
    return false;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace tickwerk::market
