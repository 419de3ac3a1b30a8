"""What pandas, scipy and numpy say of one day of symbols: ranks, buckets, residuals and the like.

Run by hand in an environment of its own; never part of the tests:

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/cross_sectional_parity.py

It makes a few rows from a fixed generator and rewrites the numbers that the unit tests repeat:
tests/golden/cross_sectional.txt (read by src/tickwerk/expr/cross_sectional_parity_test.cpp). A line is the expression
of tickwerk and what the library gives for it: a value per symbol, or one for the day.
"""

import pathlib

import numpy
import pandas
import scipy.stats

from generator import Generator

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "cross_sectional.txt"
NUM_SYMBOLS = 61


def make_rows():
    """x with ties, y, three factors, and sectors of which one has a single symbol; all with gaps."""
    generator = Generator(20240301)
    rows = {name: [] for name in ("x", "y", "f1", "f2", "f3", "sector")}
    for symbol in range(NUM_SYMBOLS):
        common = generator.bell()
        sector = 7 if symbol == 11 else int(5 * generator.uniform())
        rows["x"].append(round(common + 0.4 * sector + 0.7 * generator.bell(), 1))
        rows["y"].append(round(0.02 * common + 0.05 * generator.bell(), 4))
        rows["f1"].append(round(0.8 * common + 0.5 * generator.bell(), 3))
        rows["f2"].append(round(100 + 20 * generator.bell(), 2))
        rows["f3"].append(round(generator.bell() ** 3, 4))
        rows["sector"].append(float(sector))
    for name, values in rows.items():
        for symbol in range(NUM_SYMBOLS):
            if generator.uniform() < 0.06:
                values[symbol] = float("nan")
    return {name: pandas.Series(values) for name, values in rows.items()}


def residual(frame):
    """Residuals of the first column on an intercept and the others, over the complete symbols."""
    complete = frame.dropna()
    factors = numpy.column_stack([numpy.ones(len(complete)), complete.iloc[:, 1:]])
    own = complete.iloc[:, 0]
    solution = numpy.linalg.lstsq(factors, own, rcond=None)[0]
    return (own - factors @ solution).reindex(frame.index)


def within(rows, names, function):
    """function(frame of the rows) within each sector; NaN without one."""
    frame = pandas.DataFrame({name: rows[name] for name in names})
    parts = [function(part) for _, part in frame.groupby(rows["sector"])]
    return pandas.concat(parts).reindex(frame.index)


def scores(x):
    return (x - x.mean()) / x.std()


def clipped(x, low, high):
    present = x.dropna()
    return x.clip(numpy.quantile(present, low), numpy.quantile(present, high)) if len(present) else x


def buckets(x, k):
    """By average ranks; pandas.qcut says the same where no values are equal, else moves its edges to the ties."""
    if x.count() < 2:
        return x * 0 + 1
    edges = numpy.linspace(1, x.count(), k + 1)
    return pandas.cut(x.rank(), edges, labels=False, include_lowest=True) + 1.0


def expected(rows):
    """Expression -> library's value or values."""
    x, y = rows["x"], rows["y"]
    one = lambda function: within(rows, ["x"], lambda part: function(part["x"]))
    both = pandas.DataFrame({"x": x, "y": y}).dropna()
    return {
        "cs_rank(x)": x.rank(pct=True),
        "cs_rank(x, by=sector)": one(lambda part: part.rank(pct=True)),
        "cs_zscore(x)": pandas.Series(scipy.stats.zscore(x, ddof=1, nan_policy="omit")),
        "cs_zscore(x, ddof=0)": pandas.Series(scipy.stats.zscore(x, nan_policy="omit")),
        "cs_zscore(x, by=sector)": one(scores),
        "cs_demean(x)": x - x.mean(),
        "cs_demean(x, by=sector)": one(lambda part: part - part.mean()),
        "cs_scale(x)": x / x.abs().sum(),
        "cs_scale(x, 10, by=sector)": one(lambda part: 10 * part / part.abs().sum()),
        "cs_winsorize(x, 0.05, 0.9)": clipped(x, 0.05, 0.9),
        "cs_winsorize(y)": clipped(y, 0.01, 0.99),
        "cs_winsorize(x, 0.25, 0.75, by=sector)": one(lambda part: clipped(part, 0.25, 0.75)),
        "cs_quantile(x, 5)": buckets(x, 5),
        "cs_quantile(y, 10)": buckets(y, 10),
        "cs_quantile(x, 2, by=sector)": one(lambda part: buckets(part, 2)),
        "cs_neutralize(x)": x - x.mean(),
        "cs_neutralize(x, f1)": residual(pandas.DataFrame({n: rows[n] for n in ("x", "f1")})),
        "cs_neutralize(y, f1, f2, f3)": residual(
            pandas.DataFrame({n: rows[n] for n in ("y", "f1", "f2", "f3")})),
        "cs_neutralize(x, by=sector)": one(lambda part: part - part.mean()),
        "cs_neutralize(x, f1, f2, by=sector)": within(rows, ["x", "f1", "f2"], residual),
        "cs_mean(x)": x.mean(),
        "cs_sum(x)": x.sum(),
        "cs_std(y)": y.std(),
        "cs_std(y, ddof=0)": y.std(ddof=0),
        "cs_min(x)": x.min(),
        "cs_max(x)": x.max(),
        "cs_median(x)": x.median(),
        "cs_median(y)": y.median(),
        "cs_count(x)": x.count(),
        "cs_corr(x, y)": scipy.stats.pearsonr(both["x"], both["y"]).statistic,
        "cs_spearman(x, y)": scipy.stats.spearmanr(both["x"], both["y"]).statistic,
    }


def numbers(values):
    series = values if isinstance(values, pandas.Series) else [values]
    return " ".join(repr(float(value)) for value in series)


def main():
    rows = make_rows()
    versions = f"pandas {pandas.__version__}, scipy {scipy.__version__}, numpy {numpy.__version__}"
    lines = [
        f"# Made by tests/parity/cross_sectional_parity.py with {versions}; do not edit.",
        "# row NAME = values of the symbols, then expect EXPRESSION = what the library gives.",
    ]
    lines += [f"row {name} = {numbers(values)}" for name, values in rows.items()]
    lines += [f"expect {text} = {numbers(values)}" for text, values in expected(rows).items()]
    GOLDEN.write_text("\n".join(lines) + "\n")
    print(f"wrote {GOLDEN.name} with {versions}")


if __name__ == "__main__":
    main()
