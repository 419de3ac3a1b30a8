"""The factor benchmark in polars: one lazy query over the long form, windows by symbol, ranks by day."""

import polars

from factor_peer import HORIZON, NAMES, long_form, measure

BARS = polars.read_parquet(long_form())


def wilder(values: polars.Expr, n: int = 14) -> polars.Expr:
    """Seeded with the mean of the first n values, which begin on the second row; then weight 1/n."""
    row = polars.int_range(polars.len())
    seeded = polars.when(row > n).then(values).when(row == n).then(values.rolling_mean(n)).otherwise(None)
    return seeded.ewm_mean(alpha=1 / n, adjust=False, ignore_nulls=True)


def features() -> dict[str, polars.Expr]:
    high, low, close = polars.col("high"), polars.col("low"), polars.col("close")
    before, change = close.shift(1), close.diff()
    gain, loss = wilder(change.clip(lower_bound=0)), wilder((-change).clip(lower_bound=0))
    log_return = (close / before).log()
    made = {f"sma_{n}": close / close.rolling_mean(n) for n in (20, 50, 200)}
    made |= {f"ema_{n}": close / close.ewm_mean(span=n, adjust=False, min_samples=n) for n in (20, 60)}
    made["atr_14"] = wilder(polars.max_horizontal(high, before) - polars.min_horizontal(low, before)) / close
    made["rsi_14"] = 100 * gain / (gain + loss)
    made |= {f"ret_{n}": (close / close.shift(n)).log() for n in (1, 5, 20)}
    made |= {f"vol_{n}": log_return.rolling_std(n) for n in (20, 60)}
    made["momentum_12_1"] = close.shift(21) / close.shift(252) - 1
    made["forward"] = close.shift(-HORIZON) / close - 1
    return made


def run() -> dict[str, float]:
    z = BARS.lazy().select("timestamp", *(x.over("symbol").alias(name) for name, x in features().items()))
    z = z.with_columns(((polars.col(n) - polars.col(n).mean()) / polars.col(n).std()).over("timestamp") for n in NAMES)
    daily = z.group_by("timestamp").agg(
        polars.corr(polars.col(n).rank(), polars.col("forward").rank()).alias(n) for n in NAMES)
    return daily.select(polars.col(n).fill_nan(None).mean() for n in NAMES).collect().row(0, named=True)


if __name__ == "__main__":
    measure("polars", "polars", run, 5)
