#include "tickwerk/factor/catalogue.h"

#include <cmath>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/catalogue_fixture.h"

namespace tickwerk::factor {
namespace {

std::vector<CatalogueEntry> all_entries() {
  std::vector<CatalogueEntry> all;
  for (const std::string& set : catalogue_sets()) {
    for (CatalogueEntry& entry : catalogue_entries(set)) all.push_back(std::move(entry));
  }
  return all;
}

TEST(Catalogue, HasTheSetsOfTheDocumentation) {
  EXPECT_EQ(catalogue_sets(),
            (std::vector<std::string>{"alpha101", "alpha101_industry", "alpha158", "breadth",
                                      "core", "free_float", "labels", "ta", "vol_liquidity"}));
}

TEST(Catalogue, NamesAreUniqueAndDescribed) {
  std::set<std::string> names;
  for (const CatalogueEntry& entry : all_entries()) {
    EXPECT_TRUE(names.insert(entry.definition.name).second) << entry.definition.name;
    EXPECT_FALSE(entry.definition.description.empty()) << entry.definition.name;
    EXPECT_EQ(entry.definition.description.find('\n'), std::string::npos) << entry.definition.name;
  }
}

TEST(Catalogue, FormulaicAlphasAndAlpha158AreWhole) {
  EXPECT_EQ(catalogue_entries("alpha101").size(), 82u);
  EXPECT_EQ(catalogue_entries("alpha101_industry").size(), 18u);
  EXPECT_EQ(catalogue_entries("alpha158").size(), 158u);
}

TEST(Catalogue, OnlyLabelsReadTheFuture) {
  for (const CatalogueEntry& entry : all_entries()) {
    const bool is_label = entry.definition.role == expr::Role::kLabel;
    EXPECT_EQ(is_label, entry.set == "labels") << entry.definition.name;
    EXPECT_EQ(entry.reach.reads_future(), is_label) << entry.definition.name;
  }
}

TEST(Catalogue, ReachIsThatOfTheFormula) {
  EXPECT_EQ(reach_text(catalogue_entry("momentum_12m_excl_1m").reach), "[-252, -21]");
  EXPECT_EQ(reach_text(catalogue_entry("reversal_3d").reach), "[-62, 0]");
  EXPECT_EQ(reach_text(catalogue_entry("ta_ema_side_20_60_v1").reach), "[all, 0]");
  EXPECT_EQ(reach_text(catalogue_entry("fwd_trade_20").reach), "[0, +20]");
  EXPECT_EQ(catalogue_entry("fwd_max_60").reach.lookahead, 60);
  EXPECT_EQ(catalogue_entry("triple_barrier_20").reach.lookahead, 20);
}

TEST(Catalogue, EntrySaysWhatItReadsAndWhetherTheLevelOfPricesMatters) {
  const CatalogueEntry spread = catalogue_entry("spread_proxy");
  EXPECT_EQ(spread.set, "vol_liquidity");
  EXPECT_EQ(spread.line, "spread_proxy = (high - low) / close");
  EXPECT_EQ(spread.fields, (std::vector<std::string>{"close", "high", "low"}));
  EXPECT_FALSE(spread.definition.depends_on_level);
  EXPECT_TRUE(catalogue_entry("alpha041").definition.depends_on_level);
  EXPECT_EQ(catalogue_entry("turnover").fields, (std::vector<std::string>{"free_float", "volume"}));
  EXPECT_EQ(catalogue_entry("fwd_return_5").fields, (std::vector<std::string>{"close"}));
  EXPECT_EQ(catalogue_entry("breadth_ma50").shape, expr::Shape::kDaily);
}

TEST(Catalogue, WrittenOutHoldsNoNameOfTheFile) {
  const std::string text = written_out(catalogue_entry("trend_strength_20"));
  EXPECT_EQ(text.find("_trend_strength"), std::string::npos) << text;
  EXPECT_NE(text.find("ts_mean(close, 20"), std::string::npos) << text;
}

TEST(Catalogue, AllSetsCanBeImportedTogether) {
  std::string text;
  for (const std::string& set : catalogue_sets()) text += "import " + set + "\n";
  text += "both = alpha001 + ROC5 + rv_20\n";
  const expr::Module module =
      expr::Module::parse(text, "test", {.catalogue = find_catalogue_text, .folder = {}});
  EXPECT_EQ(module.outputs(), std::vector<std::string>{"both"});
}

TEST(Catalogue, UnknownNameOffersTheNearest) {
  try {
    catalogue_entry("reversal_4d");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFound);
    EXPECT_NE(std::string(error.what()).find("reversal_"), std::string::npos) << error.what();
  }
  EXPECT_THROW(catalogue_entries("cor"), Error);
  EXPECT_EQ(find_catalogue_text("cor"), nullptr);
}

TEST(Catalogue, FingerprintIsOneOfAllTexts) { EXPECT_EQ(catalogue_fingerprint().size(), 32u); }

TEST(Catalogue, AmihudLeavesBarsWithoutVolumeOut) {
  // |return| is 0.1 on every bar, 1000 shares at 100 or 110: traded value 100000 or 110000.
  Prices prices;
  for (const char* name : {"open", "high", "low", "close", "volume"}) {
    prices[name] = {std::vector<double>(12, 0.0)};
  }
  for (std::size_t row = 0; row < 12; ++row) {
    prices["close"][0][row] = 100 * std::pow(1.1, static_cast<double>(row));
    prices["volume"][0][row] = row == 11 ? 0 : 1e7 / prices["close"][0][row];
  }
  const ValuesByName found = evaluate_set("vol_liquidity", bars_of(prices));
  EXPECT_TRUE(std::isnan(found.at("amihud_20")(9, 0))) << "nine returns are too few";
  EXPECT_NEAR(found.at("amihud_20")(10, 0), 1e6 * 0.1 / 1e7, 1e-12);
  EXPECT_NEAR(found.at("amihud_20")(11, 0), 1e6 * 0.1 / 1e7, 1e-12);
}

TEST(Catalogue, RiskAppetiteIsOneWhenTheVolatileNamesRoseMost) {
  // Name k swings by k percent a bar for 80 bars, then drifts up by k / 10 percent a bar.
  Prices prices;
  for (const char* name : {"open", "high", "low", "close", "volume"}) {
    prices[name] = std::vector<std::vector<double>>(4, std::vector<double>(101, 1.0));
  }
  for (std::size_t k = 0; k < 4; ++k) {
    double close = 50;
    for (std::size_t row = 0; row < 101; ++row) {
      const double swing = row % 2 == 0 ? 1.0 : -1.0;
      const double size = static_cast<double>(k + 1);
      close *= 1 + (row <= 80 ? 0.01 * swing : 0.001) * size;
      prices["close"][k][row] = close;
    }
  }
  const ValuesByName found = evaluate_set("breadth", bars_of(prices));
  EXPECT_DOUBLE_EQ(found.at("risk_on_off")(100, 0), 1);
  EXPECT_TRUE(std::isnan(found.at("risk_on_off")(79, 0))) << "60 returns end 20 bars ago";
}

}  // namespace
}  // namespace tickwerk::factor
