"""Engine and reference on real prices: 20 large companies over three years."""

import csv
import datetime
import os
from pathlib import Path

import accounting
import pytest
import slow_metrics
from comparison import assert_same, differences
from engine import backtest
from slow_backtest import Account, SlowBacktest
from slow_strategy import Rules
from small_markets import Bar, Market

CASES = {
    "defaults": (Rules(), Account()),
    "best five by score, weekly, lots": (
        Rules(20, 50, weights="score", top_n=5, rebalance="weekly"),
        Account(lot_size=1.0, start_capital=1e6),
    ),
    "inverse volatility, monthly, same close": (
        Rules(20, 60, weights="inverse_vol", rebalance="monthly", band=0.01),
        Account(fill="same_close", first_row=252),
    ),
}


@pytest.fixture(scope="module")
def sample():
    path = Path(os.environ.get("TICKWERK_DATA", "../shared/data")) / "sample_20x3y.csv"
    if not path.is_file():
        pytest.skip(f"no {path} (TICKWERK_DATA names the folder of real data)")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    days = sorted({row["timestamp"] for row in rows})
    place = {day: number for number, day in enumerate(days)}
    bars = {}
    for row in rows:
        values = (float(row[name]) for name in ("open", "high", "low", "close", "volume"))
        bars.setdefault(row["symbol"], {})[place[row["timestamp"]]] = Bar(*values)
    return path, Market([datetime.date.fromisoformat(day) for day in days], bars)


@pytest.mark.parametrize("name", CASES)
def test_three_years_of_real_prices_agree(tmp_path, sample, name):
    path, market = sample
    rules, account = CASES[name]
    outputs = backtest(path, tmp_path / "out", rules, account, market.days)
    expected = SlowBacktest(market, rules, account).run()
    assert_same(outputs, expected, market.days)
    accounting.check(outputs, market, account.start_capital)
    wanted = slow_metrics.metrics(outputs.equity, outputs.trades, market.last_closes(), account.start_capital)
    assert not differences(outputs.metrics, wanted)
