"""What the peers share: the exported prices, the rules, and the times of a function as one line of JSON."""

import json
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy

FAST, SLOW = 20, 60
START_CAPITAL = 10_000.0
COST_RATE = 1.25e-4  # commission 0.5, spread 0.25 and impact 0.5 basis points of traded notional
MIN_TRADE = 1e-9  # share of equity
EQUITY_ITERATIONS = 8


def prices(num_symbols: int) -> numpy.ndarray:
    """Closes [time, symbol] from the folder given on the command line."""
    return numpy.load(Path(sys.argv[1]) / f"close_{num_symbols}.npy")


def measure(peer: str, num_symbols: int, run, num_runs: int) -> None:
    """Times run(close) -> (final equity, fills), after one call that is not timed."""
    close = prices(num_symbols)
    final_equity, num_fills = run(close)
    times = []
    for _ in range(num_runs):
        start = time.perf_counter()
        run(close)
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({
        "peer": peer,
        "version": version(peer),
        "workload": f"same_close_{num_symbols}",
        "median_ms": statistics.median(times),
        "least_ms": min(times),
        "num_runs": num_runs,
        "final_equity": float(final_equity),
        "num_fills": int(num_fills),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }), flush=True)
