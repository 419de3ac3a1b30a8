"""The factor benchmark in pandas on the long form: windows by groupby of the symbol, ranks by groupby of the day."""

import numpy
import pandas

from factor_peer import HORIZON, NAMES, long_form, measure

BARS = pandas.read_parquet(long_form()).sort_values(["symbol", "timestamp"], ignore_index=True)


def wilder(values: pandas.Series, symbol: pandas.Series, row: pandas.Series, n: int = 14) -> pandas.Series:
    """Seeded with the mean of the first n values, which begin on the second row; then weight 1/n."""
    mean = values.groupby(symbol).rolling(n).mean().reset_index(level=0, drop=True)
    seeded = values.where(row > n, mean.where(row == n))
    return seeded.groupby(symbol).ewm(alpha=1 / n, adjust=False).mean().reset_index(level=0, drop=True)


def run() -> dict[str, float]:
    bars = BARS.copy()
    symbol, day, close = bars["symbol"], bars["timestamp"], bars["close"]
    closes = close.groupby(symbol)
    row = closes.cumcount()
    before = closes.shift(1)
    true_range = numpy.maximum(bars["high"], before) - numpy.minimum(bars["low"], before)
    change = close - before
    gain = wilder(change.clip(lower=0), symbol, row)
    loss = wilder((-change).clip(lower=0), symbol, row)
    log_return = numpy.log(close / before).groupby(symbol)

    def flat(windowed: pandas.Series) -> pandas.Series:
        return windowed.reset_index(level=0, drop=True)

    for n in (20, 50, 200):
        bars[f"sma_{n}"] = close / flat(closes.rolling(n).mean())
    for n in (20, 60):
        bars[f"ema_{n}"] = close / flat(closes.ewm(span=n, adjust=False, min_periods=n).mean())
    bars["atr_14"] = wilder(true_range, symbol, row) / close
    bars["rsi_14"] = 100 * gain / (gain + loss)
    for n in (1, 5, 20):
        bars[f"ret_{n}"] = numpy.log(close / closes.shift(n))
    for n in (20, 60):
        bars[f"vol_{n}"] = flat(log_return.rolling(n).std())
    bars["momentum_12_1"] = closes.shift(21) / closes.shift(252) - 1
    bars["forward"] = closes.shift(-HORIZON) / close - 1

    days = bars.groupby(day)
    z = (bars[NAMES] - days[NAMES].transform("mean")) / days[NAMES].transform("std")
    ranks = z.groupby(day).rank()
    forward = bars["forward"].groupby(day).rank()
    mean_ic = {}
    for name in NAMES:
        a = ranks[name].where(forward.notna())
        b = forward.where(a.notna())
        a, b = a - a.groupby(day).transform("mean"), b - b.groupby(day).transform("mean")
        sums = pandas.DataFrame({"ab": a * b, "aa": a * a, "bb": b * b}).groupby(day).sum()
        mean_ic[name] = (sums["ab"] / numpy.sqrt(sums["aa"] * sums["bb"])).mean()
    return mean_ic


if __name__ == "__main__":
    measure("pandas", "pandas groupby", run, 2)
