"""Holds every value of the factor limit against pandas and SciPy: `check_limit.py DIR`, after
`factor_panel FILE limit DIR`. Ends with 1 when a value is further off than 1e-9."""

import sys
from pathlib import Path

import numpy
import pandas
from scipy.stats import rankdata

from factor_panel_pandas_wide import features

TOLERANCE = 1e-9


def apart(found: numpy.ndarray, expected: numpy.ndarray) -> float:
    """The largest difference against 1 or the value; infinite where only one is NaN."""
    if (numpy.isnan(found) != numpy.isnan(expected)).any():
        return numpy.inf
    return float(numpy.nanmax(numpy.abs(found - expected) / numpy.maximum(1, numpy.abs(expected))))


def spearman(a: numpy.ndarray, b: numpy.ndarray) -> float:
    if numpy.isnan(a).any() or numpy.isnan(b).any():
        return numpy.nan
    return float(numpy.corrcoef(rankdata(a), rankdata(b))[0, 1])


def main() -> int:
    folder = Path(sys.argv[1])
    bars = {name: pandas.DataFrame(numpy.load(folder / f"{name}.npy")) for name in ("high", "low", "close")}
    forward = (bars["close"].shift(-20) / bars["close"] - 1).to_numpy()
    ic = numpy.load(folder / "ic.npy")
    worst = 0.0
    for k, (name, x) in enumerate(features(bars["high"], bars["low"], bars["close"]).items()):
        z = x.sub(x.mean(axis=1), axis=0).div(x.std(axis=1, ddof=1), axis=0).to_numpy()
        off_z = apart(numpy.load(folder / f"z_{name}.npy"), z)
        off_ic = apart(ic[:, k], numpy.array([spearman(z[t], forward[t]) for t in range(len(z))]))
        print(f"{name:14} z {off_z:.1e}  ic {off_ic:.1e}")
        worst = max(worst, off_z, off_ic)
    return int(worst > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
