#include "tickwerk/model/triple_barrier.h"

#include <algorithm>

#include "tickwerk/base/error.h"

namespace tickwerk::model {
namespace {

bool known(double value) { return value == value; }

}  // namespace

TripleBarrier::TripleBarrier(const market::Bars& bars,
                             const OwnRows& rows,
                             const BarrierRules& rules)
    : rows_(rows),
      rules_(rules),
      high_(bars.field("high").view()),
      low_(bars.field("low").view()),
      close_(bars.close().view()) {
  if (!(rules.up > 0) || !(rules.down > 0) || !(rules.down < 1)) {
    throw Error(Code::kInvalidArgument,
                fmt::format("barriers must be shares above 0, the lower one below 1, found {} up "
                            "and {} down",
                            rules.up, rules.down));
  }
  if (rules.fill == backtest::FillRule::kNextOpen || bars.has("open")) {
    open_ = bars.field("open").view();
  }
}

std::optional<Touch> TripleBarrier::on_bar(std::size_t symbol,
                                           std::uint32_t row,
                                           const Touch& entry) const noexcept {
  const double upper = entry.fill_price * (1 + rules_.up);
  const double lower = entry.fill_price * (1 - rules_.down);
  const auto or_close = [&](double price) { return known(price) ? price : close_(row, symbol); };
  const double opened = open_.data == nullptr ? kNaN : open_(row, symbol);
  Touch touch = entry;
  touch.exit_bar = row;
  if (or_close(low_(row, symbol)) <= lower) {
    touch.barrier = Barrier::kDown;
    touch.exit_price = opened < lower ? opened : lower;
    return touch;
  }
  if (or_close(high_(row, symbol)) >= upper) {
    touch.barrier = Barrier::kUp;
    touch.exit_price = opened > upper ? opened : upper;
    return touch;
  }
  return {};
}

std::optional<Touch> TripleBarrier::first_touch(std::size_t symbol,
                                                std::size_t number) const noexcept {
  const std::span<const std::uint32_t> own = rows_.of(symbol);
  const bool at_open = rules_.fill == backtest::FillRule::kNextOpen;
  const std::size_t filled = number + (at_open ? 1 : 0);
  if (filled >= own.size()) return {};
  Touch entry;
  entry.fill_bar = own[filled];
  entry.fill_price = at_open ? open_(own[filled], symbol) : close_(own[filled], symbol);
  if (!known(entry.fill_price)) return {};

  const std::size_t end = std::min(number + rules_.horizon, own.size() - 1);
  for (std::size_t k = number + 1; k <= end; ++k) {
    if (const auto touch = on_bar(symbol, own[k], entry)) return touch;
  }
  entry.exit_bar = own[end];
  entry.exit_price = close_(own[end], symbol);
  if (end == number + rules_.horizon) return entry;
  entry.exit_price *= 1 - rules_.delist_haircut;
  if (entry.exit_price <= entry.fill_price * (1 - rules_.down)) entry.barrier = Barrier::kDown;
  if (entry.exit_price >= entry.fill_price * (1 + rules_.up)) entry.barrier = Barrier::kUp;
  return entry;
}

}  // namespace tickwerk::model
