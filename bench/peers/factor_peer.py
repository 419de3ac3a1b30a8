"""What the peers of the factor benchmark share: the exported bars and their times as one line of JSON.

The work: 13 features, their z-scores per day (sample deviation), the daily Spearman correlation of each with
the simple return of the next 20 bars; the answer is the mean correlation by factor. Loading is not timed.
"""

import functools
import json
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy

HORIZON = 20
NAMES = ["sma_20", "sma_50", "sma_200", "ema_20", "ema_60", "atr_14", "rsi_14", "ret_1", "ret_5", "ret_20", "vol_20",
         "vol_60", "momentum_12_1"]


@functools.cache
def bars(field: str) -> numpy.ndarray:
    """A field [time, symbol] from the folder given on the command line."""
    return numpy.load(Path(sys.argv[1]) / f"{field}.npy")


def long_form() -> Path:
    """The same bars as Parquet: timestamp, symbol, open, high, low, close, volume, sorted by both."""
    return Path(sys.argv[1]) / "bars.parquet"


def measure(package: str, peer: str, run, num_runs: int, more=dict) -> None:
    """Times run() -> mean correlation by factor, after one call that is not timed; more() adds what else is known."""
    answer = run()
    times = []
    for _ in range(num_runs):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({
        "peer": peer,
        "version": version(package),
        "workload": "factor_panel",
        "median_ms": statistics.median(times),
        "least_ms": min(times),
        "num_runs": num_runs,
        "mean_ic": {name: float(answer[name]) for name in NAMES},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        **more(),
    }), flush=True)
