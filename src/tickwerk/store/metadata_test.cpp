// Metadata come back as they were written, and whatever else stands in the file is refused.
#include "tickwerk/store/metadata.h"

#include <gtest/gtest.h>

#include "tickwerk/base/error.h"
#include "tickwerk/store/store_fixture.h"
#include "tickwerk/store/upkeep.h"

namespace tickwerk::store {
namespace {

class MetadataText : public StoreTest {
 protected:
  std::string written() {
    run(market_, Expressions("a = ema(close, 9)\nb = cs_rank(close)"));
    return read_bytes(metadata_file(folder()));
  }
  static void expect_refused(const std::string& text) {
    try {
      metadata_from_json(text, "m.json");
      FAIL() << text.substr(0, 200);
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), Code::kCorruptData) << error.what();
    }
  }
};

TEST_F(MetadataText, ComesBackAsItWas) {
  const std::string text = written();
  EXPECT_EQ(to_json(metadata_from_json(text, "m.json")), text);
}

TEST_F(MetadataText, EveryPrefixIsRefused) {
  const std::string text = written();
  for (std::size_t size = 0; size < text.size(); ++size) expect_refused(text.substr(0, size));
}

TEST_F(MetadataText, EveryFlippedBitIsRefused) {
  const std::string text = written();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    expect_refused(damaged);
  }
}

TEST_F(MetadataText, WhatIsMissingOrOfAnotherTypeIsRefusedAlsoUnderAGoodChecksum) {
  const std::string text = written();
  const std::size_t body = text.find('\n', text.find("checksum")) + 1;
  const auto sealed = [&](std::string changed) {
    changed.replace(text.find("\": \"") + 4, 32, checksum_of(changed.substr(body)));
    return changed;
  };
  EXPECT_NO_THROW(metadata_from_json(sealed(text), "m.json"));
  std::size_t num_keys = 0;
  for (std::size_t at = text.find("\":", body); at != std::string::npos;
       at = text.find("\":", at + 1)) {
    const std::size_t quote = text.rfind('"', at - 1);
    const std::string key = text.substr(quote + 1, at - quote - 1);
    // What people read, and programs do not; without keys a read checks the whole file.
    if (key == "keys" || key == "created" || key == "updated" || key == "first" || key == "last" ||
        key == "recorded" || key == "$bar" || key == "$place" || key == "close") {
      continue;
    }
    std::string changed = text;
    changed.replace(quote + 1, key.size(), "other");
    expect_refused(sealed(changed));
    ++num_keys;
  }
  EXPECT_GT(num_keys, 50U);
}

TEST_F(MetadataText, NamesOutsideTheFolderAreRefused) {
  std::string text = written();
  const std::size_t body = text.find('\n', text.find("checksum")) + 1;
  const std::size_t name = text.find("_versions/year=");
  text.replace(name, 10, "../../etc/");
  text.replace(text.find("\": \"") + 4, 32, checksum_of(text.substr(body)));
  expect_refused(text);
}

TEST_F(MetadataText, StoresAreListedAndRemoved) {
  written();
  config_.address.group = "second";
  run(first_rows(market_, 300), Expressions("z = ts_max(high, 3)"));
  std::filesystem::create_directories(root_ / "broken");
  write_bytes(root_ / "broken" / "_metadata.json", "{}");
  const std::vector<Listed> stores = list(root_);
  ASSERT_EQ(stores.size(), 3U);
  EXPECT_NE(stores[0].problem, "");
  EXPECT_EQ(stores[1].group, "second");
  EXPECT_EQ(stores[1].num_columns, 1U);
  EXPECT_EQ(stores[2].num_columns, 2U);
  EXPECT_EQ(stores[2].last, market_.times.back());
  EXPECT_EQ(list(root_ / "nowhere").size(), 0U);
  const GarbageConfig garbage{.keep_since = {}, .now = config_.now, .waiting = {}};
  remove(stores[1].folder, root_, garbage);
  EXPECT_FALSE(std::filesystem::exists(root_ / "second"));
  EXPECT_EQ(list(root_).size(), 2U);
  EXPECT_THROW(remove(stores[1].folder, root_, garbage), Error);
  EXPECT_THROW(info(stores[1].folder), Error);
}

TEST_F(MetadataText, KeysNameTheRuleOfAUniverse) {
  EXPECT_EQ(universe_key("all"), "all");
  EXPECT_EQ(universe_key("sp500.csv"), "sp500.csv");
  EXPECT_NE(universe_key("sp500.csv", "1a"), universe_key("sp500.csv", "1b"));
  EXPECT_NE(universe_key("adv > 5"), universe_key("adv_>_5"));
  config_.address.universe = universe_key("../\xff rule with spaces", "x");
  EXPECT_NO_THROW(folder_of(config_.address));
  EXPECT_NE(universe_key(""), "");
}

}  // namespace
}  // namespace tickwerk::store
