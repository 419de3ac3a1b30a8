"""The reference against figures worked by hand and against programs of others: it must be right to be one."""

import csv
import datetime
import math
import os
from pathlib import Path

import accounting
import pytest
from engine import backtest, number
from slow_backtest import Account, SlowBacktest
from slow_strategy import Rules, ema, log_return_deviation
from small_markets import Bar, Market, Shape, random_market


def rising(opens_and_closes, volume=1000.0):
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=row) for row in range(len(opens_and_closes))]
    bars = {row: Bar(o, max(o, c), min(o, c), c, volume) for row, (o, c) in enumerate(opens_and_closes)}
    return Market(days, {"AAA": bars})


def test_ema_begins_at_the_first_value_and_is_told_from_the_nth_on():
    """n = 3: a = 1/2, e = 2, then (2 + 4) / 2 = 3, then (3 + 9) / 2 = 6."""
    assert math.isnan(ema([2.0, 4.0, 9.0], 3)[1])
    assert ema([2.0, 4.0, 9.0], 3)[2] == 6.0


def test_next_open_buys_what_the_cash_is_worth_after_costs():
    """ema(1) is the close, ema(2) of 10, 20 is 16.67: long at row 1 for 1000 / 20 = 50 shares. The open of 25 asks for
    1250 and 1 % of it, 1262.5: the factor is 1000 / 1262.5, so 39.60 shares cost 990.10 and 9.90."""
    account = Account(start_capital=1000.0, commission_bps=40.0, spread_w=20.0, impact_w=40.0)
    result = SlowBacktest(rising([(10.0, 10.0), (15.0, 20.0), (25.0, 30.0)]), Rules(1, 2), account).run()
    assert result.orders[0] == {"row": 1, "symbol": "AAA", "qty": 50.0, "price": 20.0}
    trade = result.trades[0]
    assert (trade["row"], trade["status"]) == (2, "partial")
    assert trade["fill_qty"] == pytest.approx(39.603960396)
    assert trade["total_cost_cash"] == pytest.approx(9.900990099)
    assert trade["fill_price"] == pytest.approx(25.15)
    assert result.equity[2]["equity"] == pytest.approx(39.603960396 * 30)


def test_same_close_sizes_by_equity_after_costs():
    """All of 1000 in one name at 1 %: value V with V + 0.01 V = 1000."""
    account = Account(start_capital=1000.0, fill="same_close", commission_bps=100.0, spread_w=0.0, impact_w=0.0)
    result = SlowBacktest(rising([(10.0, 10.0), (15.0, 20.0)]), Rules(1, 2), account).run()
    assert result.equity[1]["equity"] == pytest.approx(1000 / 1.01, rel=1e-12)
    assert result.equity[1]["cash"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("cell", ["fill_qty", "fill_price", "commission_cash", "spread_cash", "total_cost_cash"])
def test_accounting_sees_one_wrong_cell(tmp_path, cell):
    market = random_market(1001, Shape(5, 90))
    outputs = backtest(market.write(tmp_path / "bars.csv"), tmp_path / "out", Rules(2, 6), Account(), market.days)
    accounting.check(outputs, market, 10000.0)
    outputs.trades[len(outputs.trades) // 2][cell] *= 1.001
    with pytest.raises(AssertionError):
        accounting.check(outputs, market, 10000.0)


def golden():
    folder = Path(os.environ.get("TICKWERK_DATA", "../shared/data")).parent / "golden" / "bars"
    if not folder.is_dir():
        pytest.skip(f"no golden bars at {folder} (TICKWERK_DATA names the data beside them)")
    return folder


def column(path, name):
    with path.open(newline="") as file:
        return {(row["timestamp"][:10], row["symbol"]): number(row[name]) for row in csv.DictReader(file)}


def golden_market(folder):
    fields = [column(folder / "prices.csv", name) for name in ("open", "high", "low", "close", "volume")]
    days = sorted({day for day, _ in fields[0]})
    place = {day: row for row, day in enumerate(days)}
    bars = {}
    for day, symbol in fields[0]:
        bars.setdefault(symbol, {})[place[day]] = Bar(*(values[day, symbol] for values in fields))
    return Market([datetime.date.fromisoformat(day) for day in days], bars)


def test_signals_and_volatility_are_those_of_another_program():
    folder = golden()
    market = golden_market(folder)
    signals, volatility = column(folder / "ema_20_60_signals.csv", "sig"), column(folder / "vol20.csv", "volatility")
    for symbol in market.symbols:
        closes = [market.bars[symbol][row].close for row in range(len(market.days))]
        fast, slow, spread = ema(closes, 20), ema(closes, 60), log_return_deviation(closes, 20)
        for row, day in enumerate(market.days):
            key = (str(day), symbol)
            assert signals[key] == (fast[row] > slow[row]) - (fast[row] < slow[row])
            assert spread[row] == pytest.approx(volatility[key], rel=1e-9, abs=1e-12, nan_ok=True)


def test_the_engine_holds_exactly_what_another_program_calls_long(tmp_path):
    folder = golden()
    market = golden_market(folder)
    signals = column(folder / "ema_20_60_signals.csv", "sig")
    account = Account(fill="same_close")
    outputs = backtest(folder / "prices.csv", tmp_path, Rules(), account, market.days)
    held = dict.fromkeys(market.symbols, 0.0)
    trades = {}
    for trade in outputs.trades:
        trades.setdefault(trade["timestamp"], []).append(trade)
    for day in market.days:
        for trade in trades.get(str(day), []):
            held[trade["symbol"]] += trade["fill_qty"] if trade["side"] == "BUY" else -trade["fill_qty"]
        longs = {symbol for symbol, shares in held.items() if shares > 1e-9}
        assert longs == {symbol for symbol in market.symbols if signals[str(day), symbol] > 0}
