#include "tickwerk/backtest/row_kernels.h"

#include <algorithm>
#include <cmath>

#include "tickwerk/kernel/lanes.h"
#include "tickwerk/kernel/vector_clones.h"
#include "tickwerk/strategy/strategy.h"

namespace tickwerk::backtest {
namespace {

using kernel::kLanes;
using kernel::LaneSum;

constexpr double kLong = static_cast<double>(strategy::kLong);
constexpr double kKeep = static_cast<double>(strategy::kKeep);

[[gnu::always_inline]] inline double target_value(Targets targets, double strength) noexcept {
  const double value = strength * targets.unit;
  return value < targets.cap ? value : targets.cap;
}

}  // namespace

TW_VECTOR_CLONES
MarkSums mark(const double* close,
              std::size_t size,
              double delist_after,
              const double* shares,
              double* __restrict last_close,
              double* __restrict bars_missing) noexcept {
  LaneSum value, present, expired;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double price = close[i + j];
      const bool has_bar = price == price;
      const double last = has_bar ? price : last_close[i + j];
      const double missing = has_bar ? 0.0 : bars_missing[i + j] + 1;
      const double held = shares[i + j];
      last_close[i + j] = last;
      bars_missing[i + j] = missing;
      value.lane[j] += held * last;
      present.lane[j] += has_bar ? 1.0 : 0.0;
      const double late = missing == delist_after ? 1.0 : 0.0;
      expired.lane[j] += held != 0 ? late : 0.0;
    }
  }
  return {value.total(), present.total(), expired.total()};
}

TW_VECTOR_CLONES
void forget_missing(std::size_t size, double* bars_missing) noexcept {
  for (std::size_t i = 0; i < size; ++i) bars_missing[i] -= 1;
}

TW_VECTOR_CLONES
double holdings_value(const double* shares, const double* last_close, std::size_t size) noexcept {
  LaneSum value;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      value.lane[j] += shares[i + j] * last_close[i + j];
    }
  }
  return value.total();
}

TW_VECTOR_CLONES
WantSums want(const std::int8_t* direction,
              const double* strength_in,
              const double* close,
              const double* shares,
              const double* last_close,
              std::size_t size,
              double* __restrict strength,
              double* __restrict held_value) noexcept {
  LaneSum sum, kept;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double price = close[i + j];
      const double wanted = direction[i + j];
      const double value = shares[i + j] * last_close[i + j];
      const double decided = wanted == kKeep ? 0.0 : 1.0;
      const double takes_part = price == price ? decided : 0.0;
      const double is_long = wanted == kLong ? takes_part : 0.0;
      const double relative = strength_in != nullptr ? strength_in[i + j] : 1.0;
      const double weight = is_long != 0 ? relative : 0.0;
      strength[i + j] = weight;
      held_value[i + j] = takes_part != 0 ? value : 0.0;
      sum.lane[j] += weight;
      kept.lane[j] += takes_part != 0 ? 0.0 : value;
    }
  }
  return {sum.total(), kept.total()};
}

TW_VECTOR_CLONES
double select_orders(Targets targets,
                     double least,
                     double band,
                     std::size_t size,
                     double* __restrict strength,
                     double* __restrict held_value) noexcept {
  LaneSum traded;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double target = target_value(targets, strength[i + j]);
      const double held = held_value[i + j];
      const double difference = std::abs(target - held);
      const double both = target != 0 ? held : 0.0;
      const double inner = both != 0 ? band : 0.0;
      const double limit = inner > least ? inner : least;
      const double enough = difference >= limit ? difference : 0.0;
      const bool is_order = enough != 0;
      strength[i + j] = is_order ? strength[i + j] : 0.0;
      held_value[i + j] = is_order ? held : 0.0;
      traded.lane[j] += enough;
    }
  }
  return traded.total();
}

TW_VECTOR_CLONES
double traded_value(Targets targets,
                    const double* strength,
                    const double* held_value,
                    std::size_t size) noexcept {
  LaneSum traded;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      traded.lane[j] += std::abs(target_value(targets, strength[i + j]) - held_value[i + j]);
    }
  }
  return traded.total();
}

TW_VECTOR_CLONES
double order_shares(Targets targets,
                    double lot_size,
                    const double* strength,
                    const double* held_value,
                    const double* close,
                    const double* shares,
                    std::size_t size,
                    double* __restrict orders) noexcept {
  LaneSum count;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double target = target_value(targets, strength[i + j]) / close[i + j];
      const double selected = std::abs(strength[i + j]) + std::abs(held_value[i + j]);
      const double order = selected != 0 ? target - shares[i + j] : 0.0;
      orders[i + j] = order;
      count.lane[j] += order != 0 ? 1.0 : 0.0;
    }
  }
  if (lot_size == 0) return count.total();

  double num_orders = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (orders[i] == 0) continue;
    const double target = target_value(targets, strength[i]) / close[i];
    orders[i] = std::trunc(target / lot_size) * lot_size - shares[i];
    num_orders += orders[i] != 0 ? 1.0 : 0.0;
  }
  return num_orders;
}

TW_VECTOR_CLONES
Notional order_notional(const double* orders, const double* price, std::size_t size) noexcept {
  LaneSum bought, sold;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double p = price[i + j];
      const double notional = p == p ? orders[i + j] * p : 0.0;
      bought.lane[j] += notional > 0 ? notional : 0.0;
      sold.lane[j] += notional < 0 ? -notional : 0.0;
    }
  }
  return {bought.total(), sold.total()};
}

TW_VECTOR_CLONES
Notional fill_orders(const double* orders,
                     const double* price,
                     double buy_factor,
                     double lot_size,
                     std::size_t size,
                     double* __restrict shares,
                     double* __restrict fills) noexcept {
  LaneSum bought, sold;
  const bool in_lots = lot_size > 0 && buy_factor < 1;
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double p = price[i + j];
      const double order = orders[i + j];
      const double scaled = order > 0 ? order * buy_factor : order;
      const double quantity = p == p ? scaled : 0.0;
      fills[i + j] = quantity;
    }
  }
  if (in_lots) {
    for (std::size_t i = 0; i < size; ++i) {
      if (fills[i] > 0) fills[i] = std::trunc(fills[i] / lot_size) * lot_size;
    }
  }
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t j = 0; j < kLanes; ++j) {
      const double quantity = fills[i + j];
      const double notional = quantity != 0 ? quantity * price[i + j] : 0.0;
      shares[i + j] += quantity;
      bought.lane[j] += notional > 0 ? notional : 0.0;
      sold.lane[j] += notional < 0 ? -notional : 0.0;
    }
  }
  return {bought.total(), sold.total()};
}

TW_VECTOR_CLONES
void drop_filled(const double* price, std::size_t size, double* orders) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double p = price[i];
    orders[i] = p == p ? 0.0 : orders[i];
  }
}

}  // namespace tickwerk::backtest
