// Factor analysis against an independent program: its factors, its 5-day log returns, its daily
// coefficients, their summaries and its quantile returns, in which ties go by symbol order.
#include <map>

#include "tickwerk/factor/golden_fixture.h"
#include "tickwerk/factor/ic.h"
#include "tickwerk/factor/quantiles.h"

namespace tickwerk::factor {
namespace {

constexpr const char* kNames[] = {"trend_strength_20", "trend_strength_50", "trend_strength_200",
                                  "reversal_1d",       "reversal_3d",       "rv_20",
                                  "volume_zscore"};

class GoldenAnalysis : public Golden {
 protected:
  void SetUp() override {
    load("factors");
    if (IsSkipped()) return;
    ValuesByName labels = evaluate_set("labels", bars_);
    label_ = std::move(labels.at("fwd_log_return_5"));
    for (const char* name : kNames) {
      Panel& factor = factors_[name] = Panel(bars_.num_rows(), bars_.num_symbols(), kNaN);
      for_each("factors.csv", name, [&](std::size_t row, std::size_t symbol, double value) {
        factor(row, symbol) = value;
      });
    }
    folder_ = folder_ / "../analysis";
  }

  void compare_daily(const std::string& file, Daily (*daily_of)(PanelView, PanelView)) {
    for (const char* name : kNames) {
      const Daily ours = daily_of(factors_.at(name).view(), label_.view());
      int num_rows = 0, num_values = 0;
      for_each(file, std::string("ic_") + name, [&](std::size_t row, std::size_t, double expected) {
        ++num_rows;
        EXPECT_EQ(std::isnan(ours[row]), std::isnan(expected)) << name << " row " << row;
        if (std::isnan(expected)) return;
        expect_equal(ours[row], expected, fmt::format("{} row {}", name, row));
        ++num_values;
      });
      EXPECT_EQ(num_rows, 751);
      EXPECT_EQ(num_values, std::count_if(ours.begin(), ours.end(),
                                          [](double value) { return !std::isnan(value); }));
    }
  }

  void compare_summary(const std::string& file, Daily (*daily_of)(PanelView, PanelView)) {
    const io::MappedFile text(folder_ / file);
    io::CsvReader reader(text.bytes());
    std::vector<std::string_view> fields;
    reader.next(fields);
    int num_rows = 0;
    while (reader.next(fields) && fields.size() == 10) {
      const std::string name(fields[0]);
      const Daily daily = daily_of(factors_.at(name).view(), label_.view());
      const IcSummary ours = summarize_ic(daily, 5);
      const std::optional<double> values[] = {ours.mean, ours.deviation, ours.ir,  ours.hit_ratio,
                                              ours.q05,  ours.q95,       ours.min, ours.max};
      for (std::size_t k = 0; k < std::size(values); ++k) {
        expect_equal(*values[k], *io::parse_number(fields[k + 1]), fmt::format("{} {}", name, k));
      }
      EXPECT_EQ(static_cast<double>(ours.count), *io::parse_number(fields[9])) << name;
      ++num_rows;
    }
    EXPECT_EQ(num_rows, 7);
  }

  Panel label_;
  std::map<std::string, Panel, std::less<>> factors_;
};

TEST_F(GoldenAnalysis, LabelsAgree) {
  const ValuesByName labels = evaluate_set("labels", bars_);
  for (const int horizon : {1, 20, 60}) {
    EXPECT_EQ(compare_all("forward_log_returns.csv", fmt::format("fwd_ret_{}", horizon),
                          labels.at(fmt::format("fwd_log_return_{}", horizon))),
              20 * (756 - horizon));
  }
}

TEST_F(GoldenAnalysis, DailyCoefficientsAgree) {
  compare_daily("ic_5d.csv", daily_ic);
  compare_daily("rank_ic_5d.csv", daily_rank_ic);
}

TEST_F(GoldenAnalysis, SummariesAgree) {
  compare_summary("ic_5d_summary.csv", daily_ic);
  compare_summary("rank_ic_5d_summary.csv", daily_rank_ic);
}

TEST_F(GoldenAnalysis, QuantileReturnsAgreeWithTiesBySymbol) {
  std::map<std::string, QuantileReturns, std::less<>> ours;
  std::map<std::string, Buckets, std::less<>> buckets_of;
  for (const char* name : kNames) {
    Buckets buckets = assign_buckets(factors_.at(name).view(), {.ties = Ties::kBySymbol});
    ours.emplace(name, quantile_returns(buckets, label_.view(), 5));
    buckets_of.emplace(name, std::move(buckets));
  }
  const io::MappedFile text(folder_ / "quantile_returns_5d_q5.csv");
  io::CsvReader reader(text.bytes());
  std::vector<std::string_view> fields;
  reader.next(fields);
  int num_rows = 0;
  while (reader.next(fields) && fields.size() == 5) {
    const std::size_t row = bars_.first_row_at(midnight(*parse_date(fields[0].substr(0, 10))));
    const auto k = static_cast<std::size_t>(*io::parse_number(fields[2])) - 1;
    const auto found = ours.find(fields[1]);
    ASSERT_NE(found, ours.end()) << fields[1];
    const std::string where = fmt::format("{} row {} quantile {}", fields[1], row, k + 1);
    expect_equal(found->second(row, k), *io::parse_number(fields[3]), where);
    const Buckets& buckets = buckets_of.find(fields[1])->second;
    int num_symbols = 0;
    for (std::size_t i = 0; i < buckets.num_symbols(); ++i) {
      num_symbols += buckets(row, i) == k + 1 && !std::isnan(label_(row, i)) ? 1 : 0;
    }
    EXPECT_EQ(num_symbols, *io::parse_number(fields[4])) << where;
    ++num_rows;
  }
  EXPECT_EQ(num_rows, 7485);
}

}  // namespace
}  // namespace tickwerk::factor
