"""metrics.json recomputed in Python from the files beside it, and the figures the definitions were published with."""

import math
from statistics import NormalDist

import pytest
import slow_metrics
from comparison import differences
from engine import backtest
from slow_backtest import Account
from slow_strategy import Rules
from small_markets import Shape, random_market

CASES = {
    "two years": (1, Shape(6, 520), Rules(5, 15), Account(), 0.0),
    "two years, high costs and a rate": (
        2,
        Shape(8, 520),
        Rules(3, 9, weights="score"),
        Account(commission_bps=20.0, fill="same_close"),
        0.03,
    ),
    "exactly a year of returns": (3, Shape(5, 253, gap=0, late=0, early=0), Rules(2, 5), Account(), 0.0),
    "one return less than a year": (3, Shape(5, 252, gap=0, late=0, early=0), Rules(2, 5), Account(), 0.0),
    "monthly, haircut, from": (
        4,
        Shape(9, 400, halt=0.02),
        Rules(2, 6, rebalance="monthly", top_n=3),
        Account(delist_haircut=0.3, first_row=45),
        0.01,
    ),
    "lots and partial fills": (5, Shape(5, 300), Rules(2, 6), Account(lot_size=5.0, start_capital=2e4), 0.0),
    "no trade at all": (6, Shape(4, 60), Rules(50, 200), Account(), 0.0),
}


@pytest.mark.parametrize("name", CASES)
def test_metrics_follow_from_the_files_beside_them(tmp_path, name):
    seed, shape, rules, account, rf = CASES[name]
    market = random_market(seed, shape)
    prices = market.write(tmp_path / "bars.csv")
    outputs = backtest(prices, tmp_path / "out", rules, account, market.days, f"--rf={rf}")
    wanted = slow_metrics.metrics(
        outputs.equity, outputs.trades, market.last_closes(), account.start_capital, rf
    )
    assert not differences(outputs.metrics, wanted)


def test_comparison_with_a_symbol_reads_returns_that_both_have(tmp_path):
    market = random_market(7, Shape(6, 300, gap=0.05, late=0, early=0))
    symbol = market.symbols[2]
    account, rules = Account(first_row=20), Rules(3, 9)
    prices = market.write(tmp_path / "bars.csv")
    outputs = backtest(
        prices, tmp_path / "out", rules, account, market.days, f"--benchmark={symbol}", "--rf=0.02"
    )
    bars = market.bars[symbol]
    pairs = [
        (line["daily_return"], bars[row].close / bars[row - 1].close - 1)
        for row, line in enumerate(outputs.equity, start=account.first_row)
        if row > account.first_row and row in bars and row - 1 in bars
    ]
    assert 200 < len(pairs) < 279
    wanted = slow_metrics.against([r for r, _ in pairs], [b for _, b in pairs], 0.02)
    assert not differences(outputs.metrics["benchmark"], wanted)


def test_comparison_with_equal_weight_reads_the_mean_of_all_returns(tmp_path):
    market = random_market(8, Shape(6, 300))
    prices = market.write(tmp_path / "bars.csv")
    outputs = backtest(
        prices, tmp_path / "out", Rules(3, 9), Account(), market.days, "--benchmark=equal_weight"
    )
    mean_return = []
    for row in range(1, len(market.days)):
        both = [bars for bars in market.bars.values() if row in bars and row - 1 in bars]
        assert both
        mean_return.append(math.fsum(b[row].close / b[row - 1].close - 1 for b in both) / len(both))
    returns = [line["daily_return"] for line in outputs.equity[1:]]
    assert not differences(outputs.metrics["benchmark"], slow_metrics.against(returns, mean_return, 0.0))


def test_deflated_sharpe_gives_the_published_example():
    """Bailey and Lopez de Prado (2014): SR 2.5 a year of 250 days, 5 years, skew -3, kurtosis 10, 100 trials
    of variance 1/2 a year give 0.9004."""
    n, trials, sr, g3, g4 = 1250, 100, 2.5 / math.sqrt(250), -3, 10
    normal, euler = NormalDist(), 0.5772156649015329
    best = math.sqrt(0.5 / 250) * (
        (1 - euler) * normal.inv_cdf(1 - 1 / trials) + euler * normal.inv_cdf(1 - 1 / (trials * math.e))
    )
    spread = 1 - g3 * sr + (g4 - 1) / 4 * sr**2
    assert best == pytest.approx(0.1132, abs=5e-5)
    assert normal.cdf((sr - best) * math.sqrt(n - 1) / math.sqrt(spread)) == pytest.approx(0.9004, abs=5e-5)
