"""What other libraries say of the same returns and prices, and where their definitions differ from ours.

Run by hand in an environment of its own; never part of the tests:

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/metrics_parity.py

It makes two series from a fixed generator, asks each library, prints a table, and rewrites the numbers that the
unit tests repeat: tests/golden/metrics_parity.txt (read by src/tickwerk/risk/parity_test.cpp) and
tests/golden/talib_wilder.txt (RSI and ATR). A number is pinned only where at least two libraries agree on it to
1e-12, or where one library is its reference (scipy, TA-Lib).
"""

import math
import pathlib
import warnings

import empyrical
import numpy
import pandas
import quantstats.stats
import scipy.stats
import talib

from generator import Generator

warnings.filterwarnings("ignore")

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
NUM_RETURNS = 300
NUM_BARS = 120
PERIODS = 252


def make_returns():
    generator = Generator(20240229)
    returns, benchmark = [], []
    for day in range(NUM_RETURNS):
        market = 0.0004 + 0.009 * generator.bell() * (2.5 if day % 41 == 0 else 1)
        own = 0.0003 + 0.8 * market + 0.006 * generator.bell()
        returns.append(round(own, 6))
        benchmark.append(round(market, 6))
    return returns, benchmark


def make_bars():
    generator = Generator(7)
    close, rows = 100.0, []
    for _ in range(NUM_BARS):
        opened = close * (1 + 0.004 * generator.bell())
        close = opened * (1 + 0.012 * generator.bell())
        high = max(opened, close) * (1 + 0.01 * generator.uniform())
        low = min(opened, close) * (1 - 0.01 * generator.uniform())
        rows.append((round(high, 2), round(low, 2), round(close, 2)))
        close = rows[-1][2]
    return rows


def metrics_of(returns, benchmark):
    """name -> {library: value}, in our unit and sign."""
    days = pandas.date_range("2020-01-01", periods=len(returns), freq="D")
    own = pandas.Series(returns, index=days)
    other = pandas.Series(benchmark, index=days)
    active = own - other
    stats = quantstats.stats
    greeks = stats.greeks(own, other, prepare_returns=False)
    alpha, beta = empyrical.alpha_beta(own, other)
    root = math.sqrt(PERIODS)
    line = scipy.stats.linregress(other, own)
    return {
        "total_return": {
            "empyrical": empyrical.cum_returns_final(own),
            "quantstats": stats.comp(own),
        },
        "cagr": {"empyrical": empyrical.annual_return(own), "quantstats": stats.cagr(own)},
        "sharpe": {"empyrical": empyrical.sharpe_ratio(own), "quantstats": stats.sharpe(own)},
        "sortino": {"empyrical": empyrical.sortino_ratio(own), "quantstats": stats.sortino(own)},
        "max_drawdown_pct": {
            "empyrical": 100 * empyrical.max_drawdown(own),
            "quantstats": 100 * stats.max_drawdown(own),
        },
        "calmar": {"empyrical": empyrical.calmar_ratio(own), "quantstats": stats.calmar(own)},
        "volatility": {
            "empyrical": empyrical.annual_volatility(own),
            "quantstats": stats.volatility(own),
        },
        "var_95": {
            "empyrical": -empyrical.value_at_risk(own),
            "numpy": -numpy.quantile(returns, 0.05),
            "quantstats": -stats.value_at_risk(own),
        },
        "es_95": {
            "empyrical": -empyrical.conditional_value_at_risk(own),
            "quantstats": -stats.conditional_value_at_risk(own, method="historical"),
            "quantstats, its default": -stats.conditional_value_at_risk(own),
        },
        "skew": {
            "scipy": scipy.stats.skew(returns, bias=False),
            "quantstats": stats.skew(own),
        },
        "excess_kurtosis": {
            "scipy": scipy.stats.kurtosis(returns, bias=False),
            "quantstats": stats.kurtosis(own),
        },
        "probabilistic_sharpe": {
            "quantstats": stats.probabilistic_ratio(own),
            "scipy, the formula": formula_probability(returns),
        },
        "beta": {"empyrical": beta, "quantstats": greeks["beta"], "scipy": line.slope},
        "alpha": {
            "quantstats": greeks["alpha"],
            "scipy": line.intercept * PERIODS,
            "empyrical": alpha,
        },
        "correlation": {"scipy": line.rvalue, "numpy": numpy.corrcoef(returns, benchmark)[0, 1]},
        "tracking_error": {
            "empyrical": empyrical.annual_volatility(active),
            "quantstats": stats.volatility(active, prepare_returns=False),
        },
        "information_ratio": {
            "empyrical": empyrical.excess_sharpe(own, other) * root,
            "quantstats, times sqrt(252)": stats.information_ratio(own, other) * root,
        },
    }


def formula_probability(returns):
    """Bailey and Lopez de Prado (2012) with scipy's unbiased moments and normal distribution."""
    ratio = numpy.mean(returns) / numpy.std(returns, ddof=1)
    skew = scipy.stats.skew(returns, bias=False)
    kurtosis = scipy.stats.kurtosis(returns, bias=False) + 3
    spread = 1 - skew * ratio + (kurtosis - 1) / 4 * ratio**2
    return scipy.stats.norm.cdf(ratio * math.sqrt(len(returns) - 1) / math.sqrt(spread))


def agreed(values):
    """The value that the first library and at least one other give, and who agrees with it."""
    names = list(values)
    first = values[names[0]]
    friends = [n for n in names if math.isclose(values[n], first, rel_tol=1e-12, abs_tol=1e-15)]
    return first, friends, [n for n in names if n not in friends]


def write_metrics():
    returns, benchmark = make_returns()
    lines = [
        "# Made by tests/parity/metrics_parity.py; do not edit.",
        "# series RETURN BENCHMARK, then pin NAME VALUE LIBRARIES.",
    ]
    lines += [f"series {own!r} {other!r}" for own, other in zip(returns, benchmark)]
    print(f"{'metric':22} {'value':>24}  agree / differ")
    for name, values in metrics_of(returns, benchmark).items():
        value, friends, others = agreed(values)
        differ = "".join(f"; {n} gives {float(values[n])!r}" for n in others)
        print(f"{name:22} {float(value)!r:>24}  {' = '.join(friends)}{differ}")
        if len(friends) < 2:
            print(f"{'':22} {'not pinned':>24}")
            continue
        lines.append(f"pin {name} {float(value)!r} {' = '.join(friends)}")
    (GOLDEN / "metrics_parity.txt").write_text("\n".join(lines) + "\n")


def write_wilder():
    bars = make_bars()
    high, low, close = (numpy.array(column) for column in zip(*bars))
    rsi = talib.RSI(close, 14)
    atr = talib.ATR(high, low, close, 14)
    lines = [
        f"# Made by tests/parity/metrics_parity.py with TA-Lib {talib.__version__}; do not edit.",
        "# bar HIGH LOW CLOSE RSI_14 ATR_14; nan where TA-Lib has no value yet.",
    ]
    for i, (h, l, c) in enumerate(bars):
        lines.append(f"bar {h!r} {l!r} {c!r} {float(rsi[i])!r} {float(atr[i])!r}")
    (GOLDEN / "talib_wilder.txt").write_text("\n".join(lines) + "\n")
    print(f"talib_wilder.txt: {len(bars)} bars, last RSI {rsi[-1]:.6f}, last ATR {atr[-1]:.6f}")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    write_metrics()
    write_wilder()
