#include "tickwerk/model/labeled_rows.h"

#include <array>
#include <cmath>
#include <optional>

#include "tickwerk/base/error.h"
#include "tickwerk/model/trade_labels.h"
#include "tickwerk/model/triple_barrier.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::model {
namespace {

using backtest::FillRule;

constexpr std::size_t kStoppedAfter = 6;  // rows, as the operator `ahead` has it

constexpr std::array<std::pair<std::string_view, LabelRule>, 5> kRules = {
    {{"return", LabelRule::kReturn},
     {"success", LabelRule::kSuccess},
     {"classes", LabelRule::kClasses},
     {"outperformance", LabelRule::kOutperformance},
     {"triple_barrier", LabelRule::kTripleBarrier}}};

/// What became of a row; bars are rows of the panel.
struct Outcome {
  double realized_return = kNaN;
  std::uint32_t label_end = 0;
  std::uint32_t exit_bar = 0;
  Barrier barrier = Barrier::kTime;
  /// Rows whose closes, or the last before them, the benchmark is taken at.
  std::size_t benchmark_from = 0;
  std::size_t benchmark_to = 0;
};

/// Closes with the last one before where there is none.
Panel carried(PanelView closes) {
  Panel carried(closes.num_rows, closes.num_symbols, kNaN);
  for (std::size_t t = 0; t < closes.num_rows; ++t) {
    for (std::size_t i = 0; i < closes.num_symbols; ++i) {
      const double close = closes(t, i);
      carried(t, i) = std::isnan(close) && t > 0 ? carried(t - 1, i) : close;
    }
  }
  return carried;
}

class Labeler {
 public:
  Labeler(const LabelConfig& config, const LabelInputs& inputs)
      : config_(config),
        inputs_(inputs),
        own_(inputs.bars.close().view()),
        has_values_(inputs.values.data != nullptr) {
    labels_.reach = has_values_ ? inputs.values_reach : config.horizon;
    if (config.rule == LabelRule::kOutperformance) benchmark_ = carried(inputs.benchmark);
    if (config.rule == LabelRule::kTripleBarrier) {
      barriers_.emplace(inputs.bars, own_,
                        BarrierRules{.fill = config.fill,
                                     .horizon = config.horizon,
                                     .up = config.barrier_up,
                                     .down = config.barrier_down,
                                     .delist_haircut = config.delist_haircut});
    }
  }

  LabeledRows take_entries() {
    const TradeLabels trades = trade_labels(inputs_.bars, own_, *inputs_.signals,
                                            {.fill = config_.fill,
                                             .horizon = config_.horizon,
                                             .costs = config_.costs,
                                             .delist_after = config_.delist_after,
                                             .delist_haircut = config_.delist_haircut,
                                             .first_row = inputs_.first_row});
    labels_.num_candidates = trades.num_entries;
    labels_.left_out.num_unfilled = trades.num_unfilled;
    labels_.left_out.num_unfinished = trades.num_unfinished;
    for (const Trade& trade : trades.trades) {
      if (!has_values_ && !barriers_) {
        keep(trade.bar, trade.symbol, outcome_of(trade));
      } else {
        add(trade.bar, trade.symbol, own_.number(trade.symbol, trade.bar), config_.costs.total());
      }
    }
    return std::move(labels_);
  }

  LabeledRows take_every_bar() {
    const market::Bars& bars = inputs_.bars;
    const Panel* members = bars.has("in_universe") ? &bars.field("in_universe") : nullptr;
    std::vector<std::uint32_t> next(bars.num_symbols(), 0);
    reserve(bars.num_symbols() * (bars.num_rows() - inputs_.first_row));
    for (std::uint32_t t = 0; t < bars.num_rows(); ++t) {
      const double* close = bars.close().row(t);
      for (std::uint32_t i = 0; i < bars.num_symbols(); ++i) {
        if (std::isnan(close[i])) continue;
        const std::uint32_t number = next[i]++;
        if (t < inputs_.first_row) continue;
        ++labels_.num_candidates;
        if (members != nullptr && (*members)(t, i) != 1) {
          ++labels_.left_out.num_strangers;
        } else {
          add(t, i, number, 0);
        }
      }
    }
    return std::move(labels_);
  }

 private:
  void reserve(std::size_t num_rows) {
    for (auto* column : {&labels_.bar, &labels_.symbol, &labels_.label_end, &labels_.exit_bar}) {
      column->reserve(num_rows);
    }
    labels_.realized_return.reserve(num_rows);
    labels_.label.reserve(num_rows);
  }

  /// A row whose outcome is that of an expression or of barriers.
  void add(std::uint32_t t, std::uint32_t symbol, std::size_t number, double cost) {
    const Ahead ahead{.bars = labels_.reach, .stopped_after = kStoppedAfter};
    const auto end = label_end(own_, symbol, number, ahead);
    if (!end) {
      ++labels_.left_out.num_unfinished;
      return;
    }
    Outcome outcome = barriers_ ? of_barriers(symbol, number, cost) : of_values(t, symbol, number);
    outcome.label_end = *end;
    keep(t, symbol, outcome);
  }

  Outcome of_barriers(std::uint32_t symbol, std::size_t number, double cost) const {
    const auto touch = barriers_->first_touch(symbol, number);
    if (!touch) return {};
    Outcome outcome;
    outcome.barrier = touch->barrier;
    outcome.exit_bar = touch->exit_bar;
    outcome.realized_return = return_after_costs(touch->fill_price, touch->exit_price, cost);
    return outcome;
  }

  Outcome of_values(std::uint32_t t, std::uint32_t symbol, std::size_t number) const {
    const std::span<const std::uint32_t> own = own_.of(symbol);
    Outcome outcome;
    outcome.realized_return = inputs_.values(t, inputs_.values.num_symbols == 1 ? 0 : symbol);
    outcome.exit_bar = own[std::min(number + labels_.reach, own.size() - 1)];
    outcome.benchmark_to = outcome.exit_bar;
    outcome.benchmark_from = t;
    if (config_.fill == FillRule::kNextOpen && number + 1 < own.size()) {
      outcome.benchmark_from = own[number + 1] - 1;
    }
    return outcome;
  }

  Outcome outcome_of(const Trade& trade) const {
    const bool at_open = config_.fill == FillRule::kNextOpen;
    Outcome outcome;
    outcome.realized_return = trade.realized_return;
    outcome.label_end = trade.label_end;
    outcome.exit_bar = trade.exit_bar;
    outcome.benchmark_from = trade.fill_bar - (at_open ? 1 : 0);
    outcome.benchmark_to = trade.exit_bar - (at_open && trade.end == TradeEnd::kStrategy ? 1 : 0);
    return outcome;
  }

  double label_of(const Outcome& outcome, std::uint32_t symbol) const {
    const double value = outcome.realized_return;
    switch (config_.rule) {
      case LabelRule::kReturn:
        return value;
      case LabelRule::kSuccess:
        return value >= config_.success_threshold ? 1 : 0;
      case LabelRule::kClasses:
        return value < 0 ? 0 : value < config_.success_threshold ? 1 : 2;
      case LabelRule::kTripleBarrier:
        return static_cast<double>(outcome.barrier);
      case LabelRule::kOutperformance:
        break;
    }
    const std::size_t column = benchmark_.num_symbols() == 1 ? 0 : symbol;
    const double other =
        benchmark_(outcome.benchmark_to, column) / benchmark_(outcome.benchmark_from, column) - 1;
    return std::isnan(other) ? kNaN : value > other ? 1 : 0;
  }

  void keep(std::uint32_t t, std::uint32_t symbol, const Outcome& outcome) {
    if (std::isnan(outcome.realized_return)) {
      ++labels_.left_out.num_no_label;
      return;
    }
    const double label = label_of(outcome, symbol);
    if (std::isnan(label)) {
      ++labels_.left_out.num_no_benchmark;
      return;
    }
    labels_.bar.push_back(t);
    labels_.symbol.push_back(symbol);
    labels_.label_end.push_back(outcome.label_end);
    labels_.exit_bar.push_back(outcome.exit_bar);
    labels_.realized_return.push_back(outcome.realized_return);
    labels_.label.push_back(label);
  }

  const LabelConfig& config_;
  const LabelInputs& inputs_;
  const OwnRows own_;
  const bool has_values_;
  std::optional<TripleBarrier> barriers_;
  Panel benchmark_;
  LabeledRows labels_;
};

}  // namespace

std::string_view to_string(LabelRule rule) noexcept {
  for (const auto& [word, value] : kRules) {
    if (value == rule) return word;
  }
  return {};
}

LabelRule parse_label_rule(std::string_view word) {
  for (const auto& [name, rule] : kRules) {
    if (name == word) return rule;
  }
  throw Error(Code::kInvalidArgument,
              fmt::format("a label must be one of return, success, classes, outperformance, "
                          "triple_barrier, found '{}'",
                          word));
}

std::vector<std::string> class_names(LabelRule rule) {
  switch (rule) {
    case LabelRule::kSuccess:
      return {"no success", "success"};
    case LabelRule::kOutperformance:
      return {"not above", "above"};
    case LabelRule::kClasses:
      return {"loss", "small", "success"};
    case LabelRule::kTripleBarrier:
      return {"down", "time", "up"};
    case LabelRule::kReturn:
      break;
  }
  return {};
}

LabelKind kind_of(LabelRule rule) noexcept {
  switch (rule) {
    case LabelRule::kSuccess:
    case LabelRule::kOutperformance:
      return LabelKind::kBinary;
    case LabelRule::kClasses:
    case LabelRule::kTripleBarrier:
      return LabelKind::kClasses;
    case LabelRule::kReturn:
      break;
  }
  return LabelKind::kReturn;
}

void check(const LabelConfig& config, std::size_t num_rows) {
  if (config.horizon == 0 || config.horizon >= num_rows) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a horizon must be at least 1 bar and shorter than the data, found {} "
                            "with {} rows",
                            config.horizon, num_rows));
  }
  const double threshold = config.success_threshold;
  const bool is_above_loss = config.rule != LabelRule::kClasses || threshold > 0;
  if (!std::isfinite(threshold) || !is_above_loss) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a success threshold must be a number, of classes above 0, found {}",
                            threshold));
  }
}

LabeledRows label_rows(const LabelConfig& config, const LabelInputs& inputs) {
  TW_ZONE("label_rows");
  const bool has_values = inputs.values.data != nullptr;
  LabelConfig reaching = config;
  if (has_values) reaching.horizon = inputs.values_reach;
  check(reaching, inputs.bars.num_rows());
  if (inputs.signals == nullptr && !has_values && config.rule != LabelRule::kTripleBarrier) {
    throw Error(Code::kInvalidArgument,
                "labels of every bar must come from an expression or barriers, found neither");
  }
  if (config.rule == LabelRule::kOutperformance && inputs.benchmark.data == nullptr) {
    throw Error(Code::kInvalidArgument,
                "a label of outperformance must have a benchmark, found none");
  }
  Labeler labeler(config, inputs);
  return inputs.signals != nullptr ? labeler.take_entries() : labeler.take_every_bar();
}

}  // namespace tickwerk::model
