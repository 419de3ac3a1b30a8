"""The sweep of 100 EMA pairs in vectorbt: one portfolio with a cash account a pair, targets at the close.

Its own rules, as in vectorbt_run.py: the sum of the final equities comes out near ours, not equal to it.
"""

import json
import resource
import time
import warnings
from importlib.metadata import version

import numpy
import pandas
import vectorbt

from measured import COST_RATE, START_CAPITAL, prices

FAST = range(5, 55, 5)
SLOW = range(60, 260, 20)


def run(close: numpy.ndarray) -> float:
    bars = pandas.DataFrame(close, index=pandas.date_range("2015-01-01", periods=len(close), freq="D"))
    mean = {n: bars.ewm(span=n, adjust=False, min_periods=n).mean() for n in [*FAST, *SLOW]}
    weights = {}
    for fast in FAST:
        for slow in SLOW:
            is_long = mean[fast] > mean[slow]
            share = is_long.div(is_long.sum(axis=1).clip(lower=1), axis=0)
            weights[fast, slow] = share.where(mean[slow].notna())
    wide = pandas.concat(weights, axis=1, names=["fast", "slow", "symbol"])
    closes_wide = pandas.concat({pair: bars for pair in weights}, axis=1, names=["fast", "slow", "symbol"])
    weights.clear()
    portfolio = vectorbt.Portfolio.from_orders(
        closes_wide, size=wide,
        size_type="targetpercent", group_by=["fast", "slow"], cash_sharing=True, call_seq="auto", fees=COST_RATE,
        init_cash=START_CAPITAL, freq="1D")
    return float(portfolio.value().iloc[-1].sum())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    closes = prices(200)
    run(closes[:300])  # compiles
    start = time.perf_counter()
    final_sum = run(closes)
    print(json.dumps({
        "peer": "vectorbt",
        "version": version("vectorbt"),
        "workload": "ema_sweep",
        "least_ms": 1e3 * (time.perf_counter() - start),
        "num_runs": 1,
        "sum_of_final_equities": final_sum,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }), flush=True)
