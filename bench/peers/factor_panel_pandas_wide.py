"""The factor benchmark in pandas, one frame [time, symbol] a feature."""

import numpy
import pandas

from factor_peer import HORIZON, bars, measure


def wilder(values: pandas.DataFrame, n: int = 14) -> pandas.DataFrame:
    """Seeded with the mean of the first n values, which begin on the second row; then weight 1/n."""
    seeded = values.copy()
    seeded.iloc[:n] = numpy.nan
    seeded.iloc[n] = values.iloc[1:n + 1].mean()
    return seeded.ewm(alpha=1 / n, adjust=False).mean()


def features(high: pandas.DataFrame, low: pandas.DataFrame, close: pandas.DataFrame) -> dict[str, pandas.DataFrame]:
    before = close.shift(1)
    true_range = numpy.maximum(high, before) - numpy.minimum(low, before)
    change = close.diff()
    gain, loss = wilder(change.clip(lower=0)), wilder((-change).clip(lower=0))
    log_return = numpy.log(close / before)
    made = {f"sma_{n}": close / close.rolling(n).mean() for n in (20, 50, 200)}
    made |= {f"ema_{n}": close / close.ewm(span=n, adjust=False, min_periods=n).mean() for n in (20, 60)}
    made["atr_14"] = wilder(true_range) / close
    made["rsi_14"] = 100 * gain / (gain + loss)
    made |= {f"ret_{n}": numpy.log(close / close.shift(n)) for n in (1, 5, 20)}
    made |= {f"vol_{n}": log_return.rolling(n).std() for n in (20, 60)}
    made["momentum_12_1"] = close.shift(21) / close.shift(252) - 1
    return made


def run() -> dict[str, float]:
    high, low, close = (pandas.DataFrame(panel) for panel in (bars("high"), bars("low"), bars("close")))
    rank_forward = (close.shift(-HORIZON) / close - 1).rank(axis=1)
    mean_ic = {}
    for name, x in features(high, low, close).items():
        z = x.sub(x.mean(axis=1), axis=0).div(x.std(axis=1), axis=0)
        mean_ic[name] = z.rank(axis=1).corrwith(rank_forward, axis=1).mean()
    return mean_ic


if __name__ == "__main__":
    measure("pandas", "pandas wide", run, 3)
