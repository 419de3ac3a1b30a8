"""The strategy trend_baseline at same_close as a plain numba kernel, by the rules of docs/backtest.md."""

import numba
import numpy

from measured import COST_RATE, EQUITY_ITERATIONS, FAST, MIN_TRADE, SLOW, START_CAPITAL, measure


@numba.njit
def same_close(close, fast_window, slow_window, capital, cost_rate, min_trade, iterations):
    rows, symbols = close.shape
    fast_weight, slow_weight = 2 / (fast_window + 1), 2 / (slow_window + 1)
    fast, slow = close[0].copy(), close[0].copy()
    shares, held = numpy.zeros(symbols), numpy.zeros(symbols)
    is_order = numpy.zeros(symbols, dtype=numpy.bool_)
    cash, num_fills, equity_curve = capital, 0, numpy.full(rows, capital)
    for t in range(1, rows):
        equity, num_longs = cash, 0
        for i in range(symbols):
            price = close[t, i]
            fast[i] = (1 - fast_weight) * fast[i] + fast_weight * price
            slow[i] = (1 - slow_weight) * slow[i] + slow_weight * price
            held[i] = shares[i] * price
            equity += held[i]
            num_longs += fast[i] > slow[i]
        if t < slow_window - 1:
            continue

        value = equity / num_longs if num_longs > 0 else 0.0
        traded = 0.0
        for i in range(symbols):
            difference = abs((value if fast[i] > slow[i] else 0.0) - held[i])
            is_order[i] = difference > 0 and difference >= min_trade * equity
            if is_order[i]:
                traded += difference
        for iteration in range(iterations):
            before = value
            value = (equity - cost_rate * traded) / num_longs if num_longs > 0 else 0.0
            if value == before or iteration == iterations - 1:
                break
            traded = 0.0
            for i in range(symbols):
                if is_order[i]:
                    traded += abs((value if fast[i] > slow[i] else 0.0) - held[i])

        bought, sold = 0.0, 0.0
        for i in range(symbols):
            if is_order[i]:
                change = (value if fast[i] > slow[i] else 0.0) - held[i]
                bought += max(change, 0.0)
                sold += max(-change, 0.0)
        available, needed = cash + sold - cost_rate * sold, bought + cost_rate * bought
        factor = available / needed if needed > available + 1e-9 * equity else 1.0
        cash += sold - bought * factor - cost_rate * (sold + bought * factor)
        equity = cash
        for i in range(symbols):
            if is_order[i]:
                order = (value if fast[i] > slow[i] else 0.0) / close[t, i] - shares[i]
                shares[i] += order * factor if order > 0 else order
                num_fills += 1
            equity += shares[i] * close[t, i]
        equity_curve[t] = equity
    return equity_curve[-1], num_fills


def run(close):
    return same_close(close, FAST, SLOW, START_CAPITAL, COST_RATE, MIN_TRADE, EQUITY_ITERATIONS)


if __name__ == "__main__":
    measure("numba", 200, run, 50)
    measure("numba", 3000, run, 7)
