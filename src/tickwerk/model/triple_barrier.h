// Which of three barriers the price meets first: one above, one below, or the end of the time. The
// labels `triple_barrier_h` of the catalogue say the same for 5, 10 and 20 bars from the close;
// here for any number of bars, from the price of the fill, with what it would have earned. Source:
// Lopez de Prado (2018), "Advances in Financial Machine Learning", chapter 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tickwerk/backtest/backtest.h"
#include "tickwerk/model/own_rows.h"

namespace tickwerk::model {

struct BarrierRules {
  backtest::FillRule fill = backtest::FillRule::kNextOpen;
  std::size_t horizon = 10;  // bars of the symbol after the labelled one
  double up = 0.05;          // shares of the price of the fill
  double down = 0.05;
  double delist_haircut = 0;
};

enum class Barrier : std::uint8_t { kDown, kTime, kUp };

struct Touch {
  Barrier barrier = Barrier::kTime;
  std::uint32_t fill_bar = 0;
  std::uint32_t exit_bar = 0;
  double fill_price = 0;
  double exit_price = 0;  // the barrier, the open where a bar opens beyond it, or the last close
};

class TripleBarrier {
 public:
  /// Throws kInvalidArgument for barriers that are not above 0 (or a lower one of 1 and more);
  /// kNotFound without high and low, and without opens for kNextOpen.
  TripleBarrier(const market::Bars& bars, const OwnRows& rows, const BarrierRules& rules);

  /// Of the symbol's bar `number`; a bar that meets both counts as the lower, since nobody knows
  /// which came first. Behind the end of a symbol its last close less the haircut stands for high
  /// and low. Empty where there is no price to get in at. The label's end must be known to lie
  /// within the data (label_end). Cost: O(horizon).
  std::optional<Touch> first_touch(std::size_t symbol, std::size_t number) const noexcept;

 private:
  std::optional<Touch> on_bar(std::size_t symbol,
                              std::uint32_t row,
                              const Touch& entry) const noexcept;

  const OwnRows& rows_;
  BarrierRules rules_;
  PanelView open_;  // empty where the bars have none
  PanelView high_, low_, close_;
};

}  // namespace tickwerk::model
