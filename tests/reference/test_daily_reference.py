"""`tickwerk daily` decides what a backtest over the same data decides on that date, and what the reference does."""

import csv

import pytest
from comparison import assert_same
from engine import Outputs, backtest, flags, tickwerk, write_strategy
from slow_backtest import Account, SlowBacktest, orders_at
from slow_strategy import Rules
from small_markets import Shape, random_market

CASES = {
    "daily, equal": (101, Rules(3, 9), Account()),
    "daily, score, top_n, lots": (
        102,
        Rules(2, 6, weights="score", top_n=3),
        Account(lot_size=1.0, start_capital=3e5),
    ),
    "weekly": (103, Rules(2, 5, weights="rank", rebalance="weekly"), Account(first_row=11)),
    "every(4), band": (104, Rules(2, 5, rebalance="every(4)", band=0.02), Account(first_row=6)),
    "monthly, same_close": (105, Rules(2, 5, rebalance="monthly"), Account(fill="same_close")),
    "two sides, weekly": (
        107,
        Rules(2, 6, rebalance="weekly", gross=1.6, net=0.2, short=True),
        Account(allow_short=True, cash_rate=0.02),
    ),
    "two sides, margin calls": (
        108,
        Rules(2, 5, rebalance="every(30)", gross=2.0, net=-2.0, short=True),
        Account(allow_short=True, maintenance_margin=0.45, cost_model="sqrt"),
    ),
    "same_close, inverse_vol": (
        106,
        Rules(3, 9, weights="inverse_vol", window=10, gross=0.9),
        Account(fill="same_close", commission_bps=30.0),
    ),
}


def daily(folder, prices, day, rules, account, days, *more):
    sides = write_strategy(folder.parent / "two_sides.yaml", rules, account) if rules.short else "trend_baseline"
    tickwerk(
        "daily",
        f"--strategy={sides}",
        f"--prices={prices}",
        f"--date={day}",
        f"--output={folder}",
        *flags(rules, account, days),
        *more,
    )
    with (folder / f"orders_{day:%Y%m%d}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["PriceType"] == "MOO" for row in rows)
    return {row["Ticker"]: float(row["Quantity"]) * (1 if row["Side"] == "BUY" else -1) for row in rows}


def chosen_days(market, rules, account):
    """Early, last, and around the middle one that decides and one that does not, where there are such."""
    middle = range(len(market.days) // 2, len(market.days))
    decides = SlowBacktest(market, rules, account).strategy.decides
    rows = [next((r for r in middle if decides(r, account.first_row) is wanted), None) for wanted in (True, False)]
    return sorted({account.first_row + 12, len(market.days) - 1, *(r for r in rows if r is not None)})


@pytest.mark.parametrize("name", CASES)
def test_orders_of_a_date_are_those_a_backtest_decides_there(tmp_path, name):
    seed, rules, account = CASES[name]
    market = random_market(seed, Shape(8, 110, gap=0.05, late=0))
    prices = market.write(tmp_path / "bars.csv")
    whole = backtest(prices, tmp_path / "whole", rules, account, market.days)
    decided = 0
    for row in chosen_days(market, rules, account):
        day = market.days[row]
        found = daily(tmp_path / str(day), prices, day, rules, account, market.days)
        wanted = {o["symbol"]: o["qty"] if o["side"] == "BUY" else -o["qty"] for o in whole.orders_of(day)}
        assert found == wanted
        decided += len(found)
        files = Outputs(tmp_path / str(day))
        for name in ("orders", "trades", "equity"):
            before = [line for line in getattr(whole, name) if line["timestamp"] <= str(day)]
            assert repr(getattr(files, name)) == repr(before)
    assert decided > 0


@pytest.mark.parametrize("name", CASES)
def test_orders_from_given_positions_are_those_of_the_reference(tmp_path, name):
    seed, rules, account = CASES[name]
    market = random_market(seed, Shape(8, 110, gap=0.15, late=0.5))
    prices = market.write(tmp_path / "bars.csv")
    decided = 0
    for row in chosen_days(market, rules, account):
        day = market.days[row]
        listed = [s for s in market.symbols if min(market.bars[s]) <= row]
        shares = {symbol: 3.5 * number for number, symbol in enumerate(listed) if number % 2}
        file = tmp_path / f"positions_{day}.csv"
        lines = ["symbol,quantity", "CASH,4321.5", *(f"{s},{q}" for s, q in shares.items())]
        file.write_text("\n".join(lines) + "\n")
        for positions, cash, held in ((str(file), 4321.5, shares), ("none", account.start_capital, {})):
            folder = tmp_path / f"{day}-{len(held)}"
            found = daily(folder, prices, day, rules, account, market.days, f"--positions={positions}")
            wanted = orders_at(market, rules, account, row, cash, held)
            assert set(found) == set(wanted)
            assert found == pytest.approx(wanted, rel=1e-9)
            decided += len(found)
    assert decided > 0


def test_files_of_the_history_are_those_of_the_reference(tmp_path):
    seed, rules, account = CASES["weekly"]
    market = random_market(seed)
    prices = market.write(tmp_path / "bars.csv")
    daily(tmp_path / "out", prices, market.days[-1], rules, account, market.days)
    assert_same(Outputs(tmp_path / "out"), SlowBacktest(market, rules, account).run(), market.days)
