"""Alpha101 and Alpha158 as KunQuant ships them, timed on the exported bars and, where our values are, compared.

`kunquant_alphas.py alpha101|alpha158 DIR` times a set (doubles, two threads, compiling apart). With the values of
`factor_panel FILE values DIR` in the same folder it also gives, per alpha, the largest difference over the rows
from 300 on against the largest value of the row (both sides read the mean of high, low and close for vwap).
"""

import json
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy
from KunQuant.Driver import KunCompilerConfig
from KunQuant.jit import cfake
from KunQuant.Op import Builder, Input, Output
from KunQuant.predefined import Alpha101, Alpha158
from KunQuant.runner import KunRunner
from KunQuant.Stage import Function

FIELDS = ("open", "high", "low", "close", "volume", "amount")
NUM_RUNS = 5
FIRST_ROW = 300  # every window of both sets is full
CLOSE_ENOUGH = 1e-8
THREADS = 2


def alphas(which: str) -> dict[str, object]:
    """Expressions by the name that the catalogue gives them."""
    inputs = {field: Input(field) for field in FIELDS}
    if which == "alpha101":
        data = Alpha101.AllData(**inputs)
        return {f"alpha{int(alpha.__name__[5:]):03}": alpha(data) for alpha in Alpha101.all_alpha}
    data = Alpha158.AllData(**inputs)
    fields, names = data.build({
        "kbar": {},
        "price": {"windows": [0], "feature": [("OPEN", data.open), ("HIGH", data.high), ("LOW", data.low),
                                              ("VWAP", data.vwap)]},
        "rolling": {},
    })
    return dict(zip(names, fields))


def compare(mine: numpy.ndarray, theirs: numpy.ndarray) -> dict[str, float]:
    """Over the rows with full windows: the largest difference, and the shares of values that do not match."""
    mine, theirs = mine[FIRST_ROW:], theirs[FIRST_ROW:]
    both = numpy.isfinite(mine) & numpy.isfinite(theirs)
    scale = numpy.nanmax(numpy.abs(numpy.where(numpy.isfinite(mine), mine, 0)), axis=1, keepdims=True)
    apart = numpy.where(both, numpy.abs(mine - theirs) / numpy.maximum(scale, 1e-300), 0)
    return {
        "largest": float(apart.max()),
        "share_apart": float((apart > CLOSE_ENOUGH).mean()),
        "share_only_ours": float((numpy.isfinite(mine) & ~numpy.isfinite(theirs)).mean()),
        "share_only_theirs": float((~numpy.isfinite(mine) & numpy.isfinite(theirs)).mean()),
    }


def main() -> None:
    which, folder = sys.argv[1], Path(sys.argv[2])
    builder = Builder()
    with builder:
        for name, x in alphas(which).items():
            Output(x, name)
    config = KunCompilerConfig(dtype="double", blocking_len=8, partition_factor=4, split_source=10,
                               input_layout="TS", output_layout="TS",
                               options={"opt_reduce": True, "no_fast_stat": "no_warn"})
    start = time.perf_counter()
    library = cfake.compileit([(which, Function(builder.ops), config)], which, cfake.CppCompilerConfig())
    compile_sec = time.perf_counter() - start
    module = library.getModule(which)
    executor = KunRunner.createMultiThreadExecutor(THREADS)

    bars = {field: numpy.load(folder / f"{field}.npy") for field in FIELDS[:-1]}
    # The amount that makes KunQuant's vwap the mean of high, low and close.
    bars["amount"] = (bars["high"] + bars["low"] + bars["close"]) / 3 * bars["volume"]
    times, values = [], {}
    for _ in range(NUM_RUNS + 1):
        values.clear()
        start = time.perf_counter()
        values = KunRunner.runGraph(executor, module, bars, 0, len(bars["close"]))
        times.append(1e3 * (time.perf_counter() - start))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    differences, missing = {}, []
    for name, theirs in values.items():
        file = folder / f"value_{name}.npy"
        if file.exists():
            differences[name] = compare(numpy.load(file), theirs)
        else:
            missing.append(name)
    print(json.dumps({
        "peer": "KunQuant",
        "version": version("KunQuant"),
        "workload": which,
        "num_alphas": len(values),
        "median_ms": statistics.median(times[1:]),
        "least_ms": min(times[1:]),
        "num_runs": NUM_RUNS,
        "compile_sec": compile_sec,
        "peak_mb": peak_mb,
        "missing": missing,
        "differences": differences,
    }), flush=True)


if __name__ == "__main__":
    main()
