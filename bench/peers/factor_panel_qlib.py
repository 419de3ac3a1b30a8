"""The factor benchmark in qlib: its expression engine over its own binary files, made in a temporary folder.

Making the files is not timed; its caches are off. qlib's EMA is that of pandas. It has no Wilder mean with the
seed used here, so ATR and RSI take its EMA over 27 bars from the first bar: their correlations are not compared.
"""

import tempfile
from pathlib import Path

import numpy
import pandas

from factor_peer import HORIZON, NAMES, bars, measure

FIELDS = ("open", "high", "low", "close", "volume")
BEFORE = "Ref($close, 1)"
UP, DOWN = f"Greater($close - {BEFORE}, 0)", f"Greater({BEFORE} - $close, 0)"
EXPRESSIONS = {f"sma_{n}": f"$close / Mean($close, {n})" for n in (20, 50, 200)}
EXPRESSIONS |= {f"ema_{n}": f"$close / EMA($close, {n})" for n in (20, 60)}
EXPRESSIONS["atr_14"] = f"EMA(Greater($high, {BEFORE}) - Less($low, {BEFORE}), 27) / $close"
EXPRESSIONS["rsi_14"] = f"100 * EMA({UP}, 27) / (EMA({UP}, 27) + EMA({DOWN}, 27))"
EXPRESSIONS |= {f"ret_{n}": f"Log($close / Ref($close, {n}))" for n in (1, 5, 20)}
EXPRESSIONS |= {f"vol_{n}": f"Std(Log($close / {BEFORE}), {n})" for n in (20, 60)}
EXPRESSIONS["momentum_12_1"] = "Ref($close, 21) / Ref($close, 252) - 1"
EXPRESSIONS["forward"] = f"Ref($close, -{HORIZON}) / $close - 1"
# The bars a value needs: qlib's windows give one from the first bar on.
WARM_UP = {"sma_20": 19, "sma_50": 49, "sma_200": 199, "ema_20": 19, "ema_60": 59, "vol_20": 20, "vol_60": 60}


def write_store(folder: Path) -> None:
    """The layout of a qlib data folder: calendar, instruments, one float32 file a field and symbol."""
    rows, symbols = bars("close").shape
    days = pandas.bdate_range("2015-01-01", periods=rows).strftime("%Y-%m-%d")
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / "day.txt").write_text("\n".join(days) + "\n")
    (folder / "instruments").mkdir()
    names = [f"s{i:04}" for i in range(symbols)]
    (folder / "instruments" / "all.txt").write_text(
        "".join(f"{name}\t{days[0]}\t{days[-1]}\n" for name in names))
    for i, name in enumerate(names):
        (folder / "features" / name).mkdir(parents=True)
        for field in FIELDS:
            values = numpy.concatenate([[0], bars(field)[:, i]]).astype("<f4")
            values.tofile(folder / "features" / name / f"{field}.day.bin")


def main() -> None:
    import qlib
    from qlib.data import D

    with tempfile.TemporaryDirectory() as folder:
        write_store(Path(folder))
        qlib.init(provider_uri=folder, kernels=2, expression_cache=None, dataset_cache=None, logging_level=40)
        names = list(EXPRESSIONS)

        def run() -> dict[str, float]:
            values = D.features(D.instruments("all"), list(EXPRESSIONS.values()), freq="day", disk_cache=0)
            values.columns = names
            row = values.groupby(level="instrument").cumcount()
            for name, first in WARM_UP.items():
                values.loc[row < first, name] = numpy.nan
            days = values.groupby(level="datetime")
            z = (values[NAMES] - days[NAMES].transform("mean")) / days[NAMES].transform("std")
            z["forward"] = values["forward"]
            ranks = z.groupby(level="datetime").rank()
            forward = ranks.pop("forward").unstack("instrument")
            return {name: ranks[name].unstack("instrument").corrwith(forward, axis=1).mean() for name in NAMES}

        measure("pyqlib", "qlib", run, 1)


if __name__ == "__main__":
    main()
