"""The dataset benchmark: `dataset_peer.py FOLDER` with bars.parquet and the dataset that tickwerk made of it.

    tickwerk data synth --symbols-count 500 --sessions 2520 --out FOLDER/bars.parquet
    tickwerk ml dataset --prices FOLDER/bars.parquet --every-bar --label-kind return \
        --features ta+rv_20+rv_60+vov_20_60+volume_zscore --output FOLDER

The work: 13 features and the return from the next open to the close ten bars on, rows without that label left out,
written as Parquet (zstd 1, doubles split by bytes). Bars are in memory before the clock starts. `polars` does all of
it; `pyarrow` only writes tickwerk's own table, with the settings of tickwerk's writer.
"""

import json
import math
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import polars
import pyarrow.parquet as parquet

FOLDER = Path(sys.argv[1])
HORIZON = 10
NUM_RUNS = 7


def gap(column: str, window: int, least: int) -> polars.Expr:
    """z-score over the trailing window, missing where the deviation is next to nothing."""
    x = polars.col(column)
    deviation = x.rolling_std(window, min_samples=least)
    return polars.when(deviation > 1e-10).then((x - x.rolling_mean(window, min_samples=least)) / deviation)


def features() -> list[polars.Expr]:
    high, low, close, volume = (polars.col(name) for name in ("high", "low", "close", "volume"))
    change = close.diff()
    log_return = (close / close.shift(1)).log()
    true_range = polars.max_horizontal(high - low, (high - close.shift(1)).abs(), (low - close.shift(1)).abs())
    gains = change.clip(lower_bound=0).rolling_mean(14)
    losses = (-change).clip(lower_bound=0).rolling_mean(14)
    means = [close.ewm_mean(span=n, adjust=False, min_samples=n) for n in (20, 60)]
    rv_20 = log_return.rolling_std(20, min_samples=5) * math.sqrt(252)
    made = {"ta_log_return_v1": log_return}
    made |= {f"ta_ma_{n}_v1": close.rolling_mean(n, min_samples=1) for n in (20, 50, 200)}
    made |= {
        "ta_atr_14_v1": true_range.rolling_mean(14, min_samples=1),
        "ta_rsi_14_v1": 100 * gains / (gains + losses),
        "ta_ema_side_20_60_v1": (means[0] - means[1]).sign(),
        "adv_20": (close * volume).rolling_mean(20),
        "vol_20": log_return.rolling_std(20),
        "rv_20": rv_20,
        "rv_60": log_return.rolling_std(60, min_samples=5) * math.sqrt(252),
        "vov_20_60": rv_20.rolling_std(60, min_samples=10),
        "volume_zscore": gap("volume", 60, 10),
        "label": close.shift(-HORIZON) / polars.col("open").shift(-1) - 1,
        "label_end": polars.col("timestamp").shift(-HORIZON),
    }
    return [expression.over("symbol").alias(name) for name, expression in made.items()]


def make(bars: polars.DataFrame) -> polars.DataFrame:
    lazy = bars.lazy().select("timestamp", "symbol", *features())
    return lazy.filter(polars.col("label").is_not_null()).with_columns(realized_return="label").collect()


def with_polars(bars: polars.DataFrame) -> None:
    make(bars).write_parquet(FOLDER / "polars.parquet", compression="zstd", compression_level=1)


def with_arrow(table) -> None:
    numbers = [field.name for field in table.schema if str(field.type) == "double"]
    parquet.write_table(table, FOLDER / "arrow.parquet", compression="zstd", compression_level=1,
                        row_group_size=131_072, data_page_size=128 * 1024, write_statistics=["timestamp", "symbol"],
                        use_dictionary=["symbol", "timestamp", "label_end", "exit_time"],
                        use_byte_stream_split=numbers)


def largest_difference(made: polars.DataFrame, ours: polars.DataFrame) -> float:
    """Relative, of every number on the rows that both have."""
    both = ours.join(made, on=["timestamp", "symbol"], suffix="_peer")
    names = [name for name in ours.columns if f"{name}_peer" in both.columns and ours[name].dtype == polars.Float64]
    worst = 0.0
    for name in names:
        a, b = polars.col(name), polars.col(f"{name}_peer")
        apart = both.select(((a - b).abs() / (a.abs() + 1e-9)).fill_nan(None).max()).item()
        worst = max(worst, apart or 0.0)
    return worst


def measure(package: str, run, data, **more) -> None:
    run(data)
    times = []
    for _ in range(NUM_RUNS):
        start = time.perf_counter()
        run(data)
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({
        "peer": package, "version": version(package), "workload": "dataset", "median_ms": statistics.median(times),
        "least_ms": min(times), "num_runs": NUM_RUNS,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, **more}), flush=True)


if __name__ == "__main__":
    file = next((FOLDER / "data" / "ml").glob("dataset_fwd_trade_10_1d_*.parquet"))
    measure("pyarrow", with_arrow, parquet.read_table(file), megabytes=file.stat().st_size / 1e6)
    prices = polars.read_parquet(FOLDER / "bars.parquet").with_columns(polars.col("volume").cast(polars.Float64))
    apart = largest_difference(make(prices), polars.read_parquet(file))
    measure("polars", with_polars, prices, largest_difference=apart)
