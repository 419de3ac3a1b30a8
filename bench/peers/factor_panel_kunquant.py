"""The factor benchmark in KunQuant: doubles, two threads, its C++ compiled for this machine (not timed).

KunQuant's own correlation by ranks takes floats only, so its ranks are correlated with NumPy.
"""

import time

import numpy
from KunQuant.Driver import KunCompilerConfig
from KunQuant.jit import cfake
from KunQuant.Op import Builder, Input, OpBase, Output, Rank
from KunQuant.ops import (
    Abs, BackRef, Equals, ExpMovingAvg, GenericCrossSectionalOp, Log, Max, Min, Select, WindowedAvg,
    WindowedStddev, WindowedSum)
from KunQuant.runner import KunRunner
from KunQuant.Stage import Function

from factor_peer import HORIZON, NAMES, bars, measure

THREADS = 2


class ZScore(GenericCrossSectionalOp):
    """Z-score per day with the sample deviation; NaN when a value is missing, as none is here."""

    def __init__(self, x: OpBase) -> None:
        super().__init__([x], None)

    def generate_head(self) -> str:
        return ""

    def generate_body(self) -> str:
        return """
        T sum = 0, squares = 0;
        for (size_t i = 0; i < num_stocks; i++) sum += input_0[i];
        const T mean = sum / num_stocks;
        for (size_t i = 0; i < num_stocks; i++) squares += (input_0[i] - mean) * (input_0[i] - mean);
        const T scale = 1 / std::sqrt(squares / (num_stocks - 1));
        for (size_t i = 0; i < num_stocks; i++) output_0[i] = (input_0[i] - mean) * scale;
        """


def wilder(values: OpBase, n: int = 14) -> OpBase:
    """Seeded with the mean of the first n values; then weight 1/n."""
    mean = WindowedSum(values, n) / n
    before = BackRef(mean, 1)
    return ExpMovingAvg(Select(Equals(before, before), values, mean), 2 * n - 1)


def features() -> dict[str, OpBase]:
    high, low, close = Input("high"), Input("low"), Input("close")
    before = BackRef(close, 1)
    change = close - before
    gain, loss = wilder((Abs(change) + change) / 2), wilder((Abs(change) - change) / 2)  # NaN on the first bar
    log_return = Log(close / before)
    made = {f"sma_{n}": close / WindowedAvg(close, n) for n in (20, 50, 200)}
    made |= {f"ema_{n}": close / ExpMovingAvg(close, n) for n in (20, 60)}
    made["atr_14"] = wilder(Max(high, before) - Min(low, before)) / close
    made["rsi_14"] = 100 * gain / (gain + loss)
    made |= {f"ret_{n}": Log(close / BackRef(close, n)) for n in (1, 5, 20)}
    made |= {f"vol_{n}": WindowedStddev(log_return, n) for n in (20, 60)}
    made["momentum_12_1"] = BackRef(close, 21) / BackRef(close, 252) - 1
    return made


def compiled(name: str, outputs: dict[str, OpBase], builder: Builder):
    with builder:
        for output, x in outputs.items():
            Output(x, output)
    config = KunCompilerConfig(dtype="double", blocking_len=8, partition_factor=8, input_layout="TS",
                               output_layout="TS", options={"opt_reduce": True, "no_fast_stat": "no_warn"})
    library = cfake.compileit([(name, Function(builder.ops), config)], name, cfake.CppCompilerConfig())
    return library, library.getModule(name)  # the module does not keep the library


def main() -> None:
    factors, ranks = Builder(), Builder()
    with factors:
        scores = {name: ZScore(x) for name, x in features().items()}
    with ranks:
        ranked = {name: Rank(Input(name)) for name in [*NAMES, "forward"]}
    kept, factor_module = compiled("factors", scores, factors)
    kept_too, rank_module = compiled("ranks", {f"rank_{name}": x for name, x in ranked.items()}, ranks)
    executor = KunRunner.createMultiThreadExecutor(THREADS)

    inputs = {name: numpy.ascontiguousarray(bars(name)) for name in ("high", "low", "close")}
    close = inputs["close"]
    rows = len(close)
    warm_up = {"ema_20": 19, "ema_60": 59}  # KunQuant gives its mean from the first bar
    z_times = []

    def run() -> dict[str, float]:
        start = time.perf_counter()
        z = KunRunner.runGraph(executor, factor_module, inputs, 0, rows)
        z_times.append(1e3 * (time.perf_counter() - start))
        z["forward"] = numpy.full_like(close, numpy.nan)
        z["forward"][:-HORIZON] = close[HORIZON:] / close[:-HORIZON] - 1
        rank = KunRunner.runGraph(executor, rank_module, z, 0, rows)
        for x in rank.values():
            x -= x.mean(axis=1, keepdims=True)
        forward = rank["rank_forward"]
        forward /= numpy.sqrt(numpy.einsum("ti,ti->t", forward, forward))[:, None]
        mean_ic = {}
        for name in NAMES:
            x = rank[f"rank_{name}"][warm_up.get(name, 0):]
            ic = numpy.einsum("ti,ti->t", x, forward[warm_up.get(name, 0):])
            mean_ic[name] = numpy.nanmean(ic / numpy.sqrt(numpy.einsum("ti,ti->t", x, x)))
        return mean_ic

    measure("KunQuant", "KunQuant", run, 7, more=lambda: {"z_ms": min(z_times)})


if __name__ == "__main__":
    main()
