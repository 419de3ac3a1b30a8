"""The strategy trend_baseline at same_close, a loop over bars with NumPy over the symbols."""

import numpy

from measured import COST_RATE, EQUITY_ITERATIONS, FAST, MIN_TRADE, SLOW, START_CAPITAL, measure


def run(close):
    fast_weight, slow_weight = 2 / (FAST + 1), 2 / (SLOW + 1)
    fast, slow = close[0].copy(), close[0].copy()
    shares, cash, num_fills = numpy.zeros(close.shape[1]), START_CAPITAL, 0
    equity_curve = numpy.full(len(close), START_CAPITAL)
    for t in range(1, len(close)):
        price = close[t]
        fast = (1 - fast_weight) * fast + fast_weight * price
        slow = (1 - slow_weight) * slow + slow_weight * price
        if t < SLOW - 1:
            continue
        is_long = fast > slow
        held = shares * price
        equity = cash + held.sum()
        share = is_long / max(is_long.sum(), 1)
        difference = numpy.abs(share * equity - held)
        is_order = (difference > 0) & (difference >= MIN_TRADE * equity)
        share, held = share[is_order], held[is_order]
        after_costs = equity
        for _ in range(EQUITY_ITERATIONS):
            before = after_costs
            after_costs = equity - COST_RATE * numpy.abs(share * after_costs - held).sum()
            if after_costs == before:
                break
        change = share * after_costs - held
        bought, sold = change[change > 0].sum(), -change[change < 0].sum()
        available, needed = cash + sold - COST_RATE * sold, bought + COST_RATE * bought
        factor = available / needed if needed > available + 1e-9 * equity else 1.0
        cash += sold - bought * factor - COST_RATE * (sold + bought * factor)
        shares[is_order] = (held + numpy.where(change > 0, change * factor, change)) / price[is_order]
        num_fills += is_order.sum()
        equity_curve[t] = cash + (shares * price).sum()
    return equity_curve[-1], num_fills


if __name__ == "__main__":
    measure("numpy", 200, run, 15)
