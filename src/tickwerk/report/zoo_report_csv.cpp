#include "tickwerk/report/zoo_report_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tickwerk/io/number.h"
#include "tickwerk/io/parquet_writer.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kGroupRows = 131'072;
constexpr int kDigits = 12;

/// A line of a CSV file, a comma before every field but the first.
class Line {
 public:
  explicit Line(std::string& text) : text_(text) {}
  ~Line() { text_ += '\n'; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& word(std::string_view word) {
    separate();
    io::append_csv_field(text_, word);
    return *this;
  }
  Line& count(std::size_t number) { return word(std::to_string(number)); }
  Line& value(std::optional<double> value) {
    separate();
    if (value && std::isfinite(*value)) io::append_rounded(text_, *value, kDigits);
    return *this;
  }

 private:
  void separate() {
    if (!is_first_) text_ += ',';
    is_first_ = false;
  }

  std::string& text_;
  bool is_first_ = true;
};

int sign_of(double value) { return (value > 0) - (value < 0); }

std::string bar_text(const ZooReport& report, std::size_t bar) {
  return to_string(report.rows.rows.times[bar], report.rows.rows.frequency);
}

void add_coefficients(Line& line, const factor::IcSummary& summary) {
  line.value(summary.mean).value(summary.deviation).value(summary.ir);
  line.value(summary.t ? std::optional(summary.t->t) : std::nullopt);
  line.value(summary.t ? std::optional(summary.t->p_value) : std::nullopt);
}

/// Per row the split that tested it; NaN where none or several did.
std::vector<double> tested_by(const ZooReport& report, std::vector<char>& is_tested) {
  std::vector<double> split(report.rows.rows.num_rows(), kNaN);
  is_tested.assign(split.size(), 0);
  for (std::size_t i = 0; i < report.rows.splits.size(); ++i) {
    for (const model::RowRange& range : report.rows.splits[i].test) {
      for (std::size_t r = range.first; r < range.last; ++r) {
        split[r] = is_tested[r] != 0 ? kNaN : static_cast<double>(i);
        is_tested[r] = 1;
      }
    }
  }
  return split;
}

std::string predictions_metadata(const ZooReport& report) {
  nlohmann::json columns = nlohmann::json::array();
  columns.push_back({{"name", "y_true"},
                     {"role", "label"},
                     {"expression", report.label_text},
                     {"lookahead", report.rows.rows.label_reach}});
  for (const model::ZooModel& model : report.zoo.models) {
    columns.push_back({{"name", model.spec.name}, {"role", "prediction"}});
  }
  return nlohmann::json{{"format", "tickwerk predictions 1"},
                        {"version", report.program},
                        {"dataset", report.dataset},
                        {"data_fingerprint", report.data_fingerprint},
                        {"columns", std::move(columns)}}
      .dump();
}

/// One row group, in the order of the fields.
void write_group(const ZooReport& report,
                 std::span<const std::size_t> rows,
                 std::span<const double> split,
                 io::ParquetWriter& writer) {
  const model::Dataset& dataset = report.rows.rows;
  const bool daily = dataset.frequency == Frequency::kDaily;
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> symbols;
  for (const std::size_t r : rows) {
    const Timestamp time = dataset.times[dataset.bar[r]];
    times.push_back(daily ? date_of(time).days : time.ns);
    symbols.push_back(dataset.symbol[r]);
  }
  writer.begin_group(rows.size());
  writer.add_integers(times);
  writer.add_text(symbols, dataset.symbols);
  std::vector<double> values(rows.size());
  const auto add = [&](std::span<const double> column) {
    std::transform(rows.begin(), rows.end(), values.begin(),
                   [column](std::size_t r) { return column[r]; });
    writer.add_numbers(values);
  };
  add(dataset.label);
  add(split);
  for (const model::ZooModel& model : report.zoo.models) add(model.predicted);
}

}  // namespace

std::string zoo_metrics_csv(const ZooReport& report) {
  std::string text =
      "model,split_index,mse,mae,r2,r2_train,train_test_gap_r2,n_train_samples,n_test_samples,"
      "directional_accuracy,n_train_bars,first_test_bar,last_test_bar,n_purged,n_embargoed\n";
  for (const model::ZooModel& model : report.zoo.models) {
    for (const model::SplitScores& one : model.splits) {
      const model::Split& split = report.rows.splits[one.split];
      Line(text)
          .word(model.spec.name)
          .count(one.split)
          .value(one.test.mse)
          .value(one.test.mae)
          .value(one.test.r2)
          .value(one.train_r2)
          .value(one.gap)
          .count(one.num_train)
          .count(one.num_test)
          .value(one.test.directional_accuracy)
          .count(model::num_dates(report.rows.rows, split.train))
          .word(bar_text(report, split.test_bars.front().first))
          .word(bar_text(report, split.test_bars.back().last))
          .count(split.num_purged)
          .count(split.num_embargoed);
    }
  }
  return text;
}

std::string zoo_portfolio_csv(const ZooReport& report) {
  std::string text =
      "model,n_samples,n_timestamps,mse,mae,r2,directional_accuracy,ic_mean,ic_std,ic_ir,ic_t,"
      "ic_p_value,rank_ic_mean,rank_ic_std,rank_ic_ir,rank_ic_t,rank_ic_p_value,ls_return_mean,"
      "ls_return_std,ls_sharpe,ls_t,ls_p_value,yearly_return,total_return,volatility,sharpe,"
      "sharpe_error,probabilistic_sharpe,deflated_sharpe,max_drawdown_pct,n_returns\n";
  for (const model::ZooModel& model : report.zoo.models) {
    const model::PredictionScores& scores = model.scores;
    Line line(text);
    line.word(model.spec.name).count(scores.regression.num_rows).count(scores.num_dates);
    line.value(scores.regression.mse).value(scores.regression.mae).value(scores.regression.r2);
    line.value(scores.regression.directional_accuracy);
    add_coefficients(line, scores.ic_summary);
    add_coefficients(line, scores.rank_ic_summary);
    line.value(scores.spread_mean).value(scores.spread_deviation).value(scores.spread_sharpe);
    line.value(scores.spread_t ? std::optional(scores.spread_t->t) : std::nullopt);
    line.value(scores.spread_t ? std::optional(scores.spread_t->p_value) : std::nullopt);
    const factor::PortfolioSummary held =
        scores.long_short_summary.value_or(factor::PortfolioSummary{});
    line.value(held.yearly_return).value(held.total_return).value(held.volatility);
    line.value(held.sharpe).value(held.sharpe_error).value(held.probabilistic_sharpe);
    line.value(held.deflated_sharpe).value(held.max_drawdown_pct).count(held.num_returns);
  }
  return text;
}

std::string zoo_importance_csv(const ZooReport& report) {
  std::string text =
      "model,feature,importance,raw_value,direction,mean_share,share_deviation,"
      "splits_of_same_sign\n";
  for (const model::ZooModel& model : report.zoo.models) {
    std::vector<std::size_t> order(model.importance.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return model.importance[a].value > model.importance[b].value;
    });
    for (const std::size_t f : order) {
      const model::ZooImportance& one = model.importance[f];
      Line(text)
          .word(model.spec.name)
          .word(report.rows.rows.feature_names[f])
          .value(one.value)
          .value(one.raw_value)
          .word(std::to_string(sign_of(one.raw_value)))
          .value(one.mean_share)
          .value(one.share_deviation)
          .count(one.num_same_sign);
    }
  }
  return text;
}

std::string zoo_summary_csv(const ZooReport& report) {
  std::string text =
      "model,rank_ic_mean,rank_ic_ir,rank_ic_t,p_value,p_holm,r2,directional_accuracy,"
      "ls_return_mean,sharpe,sharpe_error,deflated_sharpe,verdict\n";
  for (const JudgedModel& one : judge(report)) {
    const model::PredictionScores& scores = one.model->scores;
    const factor::PortfolioSummary held =
        scores.long_short_summary.value_or(factor::PortfolioSummary{});
    Line(text)
        .word(one.model->spec.name)
        .value(scores.rank_ic_summary.mean)
        .value(scores.rank_ic_summary.ir)
        .value(one.t)
        .value(one.p_value)
        .value(one.p_holm)
        .value(scores.regression.r2)
        .value(scores.regression.directional_accuracy)
        .value(scores.spread_mean)
        .value(held.sharpe)
        .value(held.sharpe_error)
        .value(held.deflated_sharpe)
        .word(verdict(one));
  }
  return text;
}

void write_predictions(const ZooReport& report, const std::filesystem::path& path) {
  TW_ZONE("write_predictions");
  const bool daily = report.rows.rows.frequency == Frequency::kDaily;
  std::vector<io::ParquetField> fields = {
      {"timestamp", daily ? io::ColumnKind::kDate : io::ColumnKind::kInstant},
      {"symbol", io::ColumnKind::kText},
      {.name = "y_true"},
      {.name = "split_index"}};
  for (const model::ZooModel& model : report.zoo.models)
    fields.push_back({.name = model.spec.name});
  std::vector<char> is_tested;
  const std::vector<double> split = tested_by(report, is_tested);
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < split.size(); ++r) {
    if (is_tested[r] != 0) rows.push_back(r);
  }
  io::ParquetWriter writer(path, fields);
  writer.set_metadata({{"tickwerk", predictions_metadata(report)}});
  for (std::size_t first = 0; first < rows.size(); first += kGroupRows) {
    const std::size_t size = std::min(kGroupRows, rows.size() - first);
    write_group(report, std::span(rows).subspan(first, size), split, writer);
  }
  writer.commit();
}

}  // namespace tickwerk::report
