#include "tickwerk/market/label_columns.h"

#include "tickwerk/base/error.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/market/load_fixture.h"
#include "tickwerk/market/records.h"

namespace tickwerk::market {
namespace {

constexpr std::string_view kRoles =
    R"({"format": "tickwerk panel 1", "columns": [{"name": "close", "role": "field"},
        {"name": "size", "role": "factor"}, {"name": "Next Close", "role": "label"}]})";

class LabelColumns : public LoadFixture {
 protected:
  /// One bar of A: close 10, size 3, and what nobody knew that day.
  std::filesystem::path panel(std::string_view metadata) const {
    const std::filesystem::path path = folder() / "panel.parquet";
    io::ParquetWriter writer(path, {{"timestamp", io::ColumnKind::kDate},
                                    {"symbol", io::ColumnKind::kText},
                                    {"close"},
                                    {"size"},
                                    {"Next Close"},
                                    {"fwd_trade_5"}});
    writer.begin_group(1);
    writer.add_integers(std::vector<std::int64_t>{make_date(2024, 1, 2).days});
    writer.add_text(std::vector<std::uint32_t>{0}, Names{"A"});
    for (const double value : {10.0, 3.0, 11.0, 0.1}) writer.add_numbers(std::vector{value});
    if (!metadata.empty()) writer.set_metadata({{"tickwerk", std::string(metadata)}});
    writer.commit();
    return path;
  }
};

TEST_F(LabelColumns, AreNoFieldsOfBarsAndTheNoteNamesThem) {
  const LoadedBars loaded = load_path(panel(kRoles));
  EXPECT_EQ(loaded.bars.field("size")(0, 0), 3);
  EXPECT_FALSE(loaded.bars.has("next_close"));
  EXPECT_FALSE(loaded.bars.has("fwd_trade_5"));
  EXPECT_EQ(loaded.bars.labels.at("next_close"), (folder() / "panel.parquet").string());
  EXPECT_TRUE(says(loaded,
                   "next_close, fwd_trade_5 of panel.parquet are labels, which know the future: "
                   "left out"));
  try {
    loaded.bars.field("next_close");
    ADD_FAILURE() << "a label was read as a field";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("must not know the future"), std::string::npos);
  }
}

TEST_F(LabelColumns, DoNotChangeTheFingerprintOfTheBars) {
  const std::string with = load_path(panel(kRoles)).fingerprint;
  EXPECT_EQ(with, load_text("timestamp,symbol,close,size\n2024-01-02,A,10,3\n").fingerprint);
}

TEST_F(LabelColumns, OfTextAreKnownByTheNamesThatTheProgramGivesThem) {
  const LoadedBars loaded =
      load_text("timestamp,symbol,close,fwd_return_20,fwd_return_x\n2024-01-02,A,10,0.5,7\n");
  EXPECT_FALSE(loaded.bars.has("fwd_return_20"));
  EXPECT_EQ(loaded.bars.field("fwd_return_x")(0, 0), 7);
  EXPECT_TRUE(says(loaded, "fwd_return_20 of p.csv is a label, which knows the future: left out"));
  EXPECT_TRUE(is_label_name("fwd_trade_1"));
  EXPECT_FALSE(is_label_name("fwd_return_"));
  EXPECT_FALSE(is_label_name("my_fwd_return_1"));
}

TEST_F(LabelColumns, CannotStandInForAPrice) {
  const std::string_view roles =
      R"({"columns": [{"name": "close", "role": "label"}, {"name": "size", "role": "factor"}]})";
  EXPECT_THROW(load_path(panel(roles)), Error);
}

TEST_F(LabelColumns, OfAFileWhoseRolesCannotBeReadAreRefused) {
  for (const std::string_view damaged :
       {"{\"columns\": [{\"name\"", "[]", R"({"columns": [{"name": "size"}]})", "7"}) {
    EXPECT_THROW(load_path(panel(damaged)), Error) << damaged;
  }
  EXPECT_TRUE(load_path(panel(R"({"format": "of tomorrow"})")).bars.has("size"));
}

TEST_F(LabelColumns, AreNoColumnsOfTablesBesideTheBars) {
  RecordColumns columns;
  Names cells;
  const auto read = [&](const std::filesystem::path& path) {
    cells.clear();
    read_records(
        path, [&](const RecordColumns& found) { columns = found; },
        [&](std::span<const std::string_view> record, std::size_t) {
          cells.assign(record.begin(), record.end());
        });
  };
  read(panel(kRoles));
  EXPECT_EQ(columns.names, (Names{"timestamp", "symbol", "close", "size"}));
  EXPECT_EQ(columns.labels, (Names{"next_close", "fwd_trade_5"}));
  EXPECT_EQ(cells, (Names{"2024-01-02", "A", "10", "3"}));
  read(file("t.csv", "symbol,fwd_return_5,known\nA,0.5,x\n"));
  EXPECT_EQ(columns.names, (Names{"symbol", "known"}));
  EXPECT_EQ(cells, (Names{"A", "x"}));
}

}  // namespace
}  // namespace tickwerk::market
