#include "tickwerk/market/validate.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "tickwerk/base/parallel.h"
#include "tickwerk/market/validate_days.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::market {
namespace {

// As said in rules().
constexpr double kMoveFactor = 1.5;
constexpr double kReturnFactor = 1.15;
constexpr double kWickFactor = 2;
constexpr int kStaleDays = 5;
constexpr int kStaleIntradayBars = 78;
constexpr std::size_t kVolumelessBars = 20;
constexpr std::size_t kBlockSymbols = 128;
constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

struct Bar {
  double open = kNaN;
  double high = kNaN;
  double low = kNaN;
  double close = kNaN;
};

/// The panels the rules read; a field the bars lack is one row of NaN, read again and again.
struct Input {
  explicit Input(Bars& bars_to_judge, const BarSources& bar_sources)
      : bars(bars_to_judge),
        sources(bar_sources),
        days(days_of(bars_to_judge)),
        absent(1, bars.num_symbols(), kNaN),
        open(view("open")),
        high(view("high")),
        low(view("low")),
        close(view("close")),
        volume(view("volume")) {}

  PanelView view(std::string_view name) const {
    const auto found = bars.fields.find(name);
    if (found == bars.fields.end()) {
      return {absent.row(0), bars.num_rows(), bars.num_symbols(), /*stride=*/0};
    }
    TW_CHECK(found->second.num_rows(), ==, bars.num_rows());
    TW_CHECK(found->second.num_symbols(), ==, bars.num_symbols());
    return found->second.view();
  }

  Bars& bars;
  const BarSources& sources;
  DayFacts days;
  Panel absent;
  PanelView open, high, low, close, volume;
};

bool impossible(double price) noexcept {
  return price <= 0 || price > std::numeric_limits<double>::max();
}

bool far(double price, double from) noexcept {
  return price > from * kMoveFactor || price * kMoveFactor < from;
}

bool near(double price, double to) noexcept {
  return price < to * kReturnFactor && price * kReturnFactor > to;
}

bool same(double a, double b) noexcept { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const Bar& a, const Bar& b) noexcept {
  return a.close == b.close && same(a.open, b.open) && same(a.high, b.high) && same(a.low, b.low);
}

/// What is remembered of a symbol's earlier bars.
struct History {
  Bar last;
  std::size_t rows[2] = {};       // of the last bar and the one before
  std::size_t seen_row = kNoRow;  // of the last bar, masked ones included
  double closes[3] = {kNaN, kNaN, kNaN};
  std::size_t spike_row = kNoRow;
  std::size_t run_begin = 0;
  int run_bars = 0;  // bars that were the same, the last one included; 0 before the first bar
  bool has_volume = false;
  std::vector<std::uint32_t> rows_before_volume;  // zero volume, held back while there was no other
};

/// Judges the symbols [first, last), one row after the other.
class Block {
 public:
  Block(const Input& input, std::size_t first, std::size_t last)
      : input_(input),
        first_(first),
        last_(last),
        stale_bars_(input.bars.frequency == Frequency::kDaily ? kStaleDays : kStaleIntradayBars),
        histories_(last - first) {}

  ValidationReport run() {
    const std::size_t num_rows = input_.bars.num_rows();
    for (std::size_t t = 0; t < num_rows; ++t) {
      const double* open = input_.open.row(t);
      const double* high = input_.high.row(t);
      const double* low = input_.low.row(t);
      const double* close = input_.close.row(t);
      for (std::size_t s = first_; s < last_; ++s) {
        judge(t, s, {open[s], high[s], low[s], close[s]});
      }
    }
    for (std::size_t s = first_; s < last_; ++s) {
      end_run(s);
      end_volume(s);
    }
    return std::move(report_);
  }

 private:
  void judge(std::size_t t, std::size_t s, const Bar& bar) {
    if (std::isnan(bar.close) && std::isnan(bar.open) && std::isnan(bar.high) &&
        std::isnan(bar.low)) {
      return;
    }
    ++report_.num_bars;
    if (bar.high < bar.low || impossible(bar.open) || impossible(bar.high) || impossible(bar.low) ||
        impossible(bar.close)) {
      judge_gap(t, s);
      mask(t, s, bar);
      return;
    }
    judge_alone(t, s, bar);
    if (std::isnan(bar.close)) return;
    judge_gap(t, s);
    judge_in_sequence(t, s, bar);
  }

  void mask(std::size_t t, std::size_t s, const Bar& bar) {
    if (bar.high < bar.low) {
      add(Rule::kHighBelowLow, t, s, fmt::format("high {} < low {}", bar.high, bar.low));
    }
    std::string found;
    for (const auto& [name, price] : {std::pair{"open", bar.open},
                                      {"high", bar.high},
                                      {"low", bar.low},
                                      {"close", bar.close}}) {
      if (impossible(price))
        found += fmt::format("{}{} {}", found.empty() ? "" : ", ", name, price);
    }
    if (!found.empty()) add(Rule::kNonPositivePrice, t, s, std::move(found));
    for (auto& [name, panel] : input_.bars.fields) panel(t, s) = kNaN;
    ++report_.num_masked;
  }

  void judge_alone(std::size_t t, std::size_t s, const Bar& bar) {
    const auto outside = [&](double price) { return price < bar.low || price > bar.high; };
    if (outside(bar.open) || outside(bar.close)) {
      const bool is_open = outside(bar.open);
      add(Rule::kOutsideRange, t, s,
          fmt::format("{} {} outside {} to {}", is_open ? "open" : "close",
                      is_open ? bar.open : bar.close, bar.low, bar.high));
    }
    const double body_high = bar.open > bar.close ? bar.open : bar.close;
    const double body_low = bar.open < bar.close ? bar.open : bar.close;
    if (bar.high > body_high * kWickFactor || bar.low * kWickFactor < body_low) {
      const bool is_high = bar.high > body_high * kWickFactor;
      add(Rule::kSpikeReverts, t, s,
          fmt::format("{} {} against open {}, close {}", is_high ? "high" : "low",
                      is_high ? bar.high : bar.low, bar.open, bar.close));
    }
    judge_volume(t, s);
    const DayKind kind = input_.days.kinds[t];
    if (kind == DayKind::kSession) return;
    const Date date = date_of(input_.bars.times[t]);
    if (kind == DayKind::kHoliday) {
      add(Rule::kHolidayBar, t, s, "exchange closed");
    } else {
      add(Rule::kWeekendBar, t, s, weekday(date) == Weekday::kSaturday ? "Saturday" : "Sunday");
    }
  }

  void judge_in_sequence(std::size_t t, std::size_t s, const Bar& bar) {
    History& history = histories_[s - first_];
    judge_spike(s, bar.close);
    if (history.run_bars > 0 && same(bar, history.last)) {
      ++history.run_bars;
    } else {
      end_run(s);
      history.run_begin = t;
      history.run_bars = 1;
      history.last = bar;
    }
    history.closes[2] = history.closes[1];
    history.closes[1] = history.closes[0];
    history.closes[0] = bar.close;
    history.rows[1] = history.rows[0];
    history.rows[0] = t;
  }

  /// A masked bar was there: its session is not missing too.
  void judge_gap(std::size_t t, std::size_t s) {
    const std::size_t seen = std::exchange(histories_[s - first_].seen_row, t);
    if (seen == kNoRow) return;
    const int missing = input_.days.num_missing(seen, t);
    if (missing == 0) return;
    const auto [from, to] = input_.days.missing_between(date_of(input_.bars.times[seen]),
                                                        date_of(input_.bars.times[t]));
    add(Rule::kMissingSessions, t, s,
        missing == 1 ? fmt::format("1 session missing: {}", to_string(from))
                     : fmt::format("{} sessions missing: {} to {}", missing, to_string(from),
                                   to_string(to)));
    report_.findings.back().time = midnight(from);
  }

  /// Whether the bars before this close were a spike that this close ends.
  void judge_spike(std::size_t s, double close) {
    History& history = histories_[s - first_];
    const auto& [last, second, third] = history.closes;
    // The level between two spikes is not itself a spike.
    if (far(last, second) && near(close, second) && history.rows[1] != history.spike_row) {
      history.spike_row = history.rows[0];
      add(Rule::kSpikeReverts, history.rows[0], s,
          fmt::format("close {}, then {}, then {}", second, last, close));
    } else if (far(last, third) && far(second, third) && (last > third) == (second > third) &&
               near(close, third)) {
      history.spike_row = history.rows[0];
      add(Rule::kSpikeReverts, history.rows[1], s,
          fmt::format("close {}, then {} and {}, then {}", third, second, last, close));
    }
  }

  void end_run(std::size_t s) {
    const History& history = histories_[s - first_];
    if (history.run_bars < stale_bars_) return;
    add(Rule::kStalePrice, history.run_begin, s,
        fmt::format("{} bars to {} at close {}", history.run_bars,
                    to_string(input_.bars.times[history.rows[0]], input_.bars.frequency),
                    history.last.close));
  }

  void judge_volume(std::size_t t, std::size_t s) {
    const double volume = input_.volume(t, s);
    History& history = histories_[s - first_];
    if (volume > 0 && !history.has_volume) {
      history.has_volume = true;
      tell_zero_volumes(s);
    } else if (volume <= 0 && history.has_volume) {
      add_zero_volume(t, s);
    } else if (volume <= 0) {
      history.rows_before_volume.push_back(static_cast<std::uint32_t>(t));
    }
  }

  /// A symbol that never has a volume (an index) says so once.
  void end_volume(std::size_t s) {
    const std::vector<std::uint32_t>& rows = histories_[s - first_].rows_before_volume;
    if (rows.size() < kVolumelessBars) {
      tell_zero_volumes(s);
    } else {
      add(Rule::kZeroVolume, rows.front(), s, fmt::format("volume 0 in all {} bars", rows.size()));
    }
  }

  void tell_zero_volumes(std::size_t s) {
    std::vector<std::uint32_t>& rows = histories_[s - first_].rows_before_volume;
    for (const std::uint32_t row : rows) add_zero_volume(row, s);
    rows.clear();
  }

  void add_zero_volume(std::size_t t, std::size_t s) {
    add(Rule::kZeroVolume, t, s, fmt::format("volume {}", input_.volume(t, s)));
  }

  void add(Rule rule, std::size_t t, std::size_t s, std::string detail) {
    Finding finding{.rule = rule,
                    .symbol = s,
                    .time = input_.bars.times[t],
                    .source_file = {},
                    .detail = std::move(detail)};
    const BarSources& sources = input_.sources;
    if (!sources.row.empty()) finding.source_row = sources.row(t, s);
    if (sources.files.size() > 1 && !sources.file.empty() && sources.file(t, s) >= 0) {
      finding.source_file = sources.files[static_cast<std::size_t>(sources.file(t, s))];
    }
    report_.findings.push_back(std::move(finding));
  }

  const Input& input_;
  std::size_t first_;
  std::size_t last_;
  int stale_bars_;
  std::vector<History> histories_;
  ValidationReport report_;
};

}  // namespace

ValidationReport validate_and_mask(Bars& bars, const BarSources& sources) {
  TW_ZONE("validate");
  if (!sources.row.empty()) {
    TW_CHECK(sources.row.num_rows(), ==, bars.num_rows());
    TW_CHECK(sources.row.num_symbols(), ==, bars.num_symbols());
  }
  const Input input(bars, sources);
  const std::size_t num_blocks = (bars.num_symbols() + kBlockSymbols - 1) / kBlockSymbols;
  std::vector<ValidationReport> parts(num_blocks);
  parallel_for(num_blocks, 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t block = first; block < last; ++block) {
      const std::size_t begin = block * kBlockSymbols;
      parts[block] = Block(input, begin, std::min(begin + kBlockSymbols, bars.num_symbols())).run();
    }
  });
  ValidationReport report;
  std::vector<Finding> findings;
  for (ValidationReport& part : parts) {
    report.num_bars += part.num_bars;
    report.num_masked += part.num_masked;
    std::move(part.findings.begin(), part.findings.end(), std::back_inserter(findings));
  }
  add_findings(report, std::move(findings));
  return report;
}

}  // namespace tickwerk::market
