"""The engine against the slow reference: orders, trades and equity row by row, on markets with everything in them."""

import datetime
import random

import accounting
import pytest
from comparison import assert_same
from engine import Outputs, backtest, tickwerk
from slow_backtest import Account, SlowBacktest
from slow_strategy import Rules
from small_markets import Bar, Market, Shape, random_market

NO_COSTS = {"commission_bps": 0.0, "spread_w": 0.0, "impact_w": 0.0}


def compare(tmp_path, market, rules, account):
    outputs = backtest(market.write(tmp_path / "bars.csv"), tmp_path / "out", rules, account, market.days)
    expected = SlowBacktest(market, rules, account).run()
    assert_same(outputs, expected, market.days)
    accounting.check(outputs, market, account.start_capital)
    return expected


def random_case(seed):
    """A configuration in which every setting differs from its default now and then."""
    rng = random.Random(seed)
    shape = Shape(
        num_symbols=rng.randrange(5, 13),
        num_rows=rng.randrange(80, 301),
        gap=rng.choice([0.0, 0.02, 0.15]),
        halt=rng.choice([0.0, 0.006, 0.02]),
        no_open=rng.choice([0.0, 0.0, 0.03]),
    )
    fast = rng.choice([2, 3, 5, 8, 20])
    rules = Rules(
        fast=fast,
        slow=fast * rng.choice([2, 3]),
        weights=rng.choice(["equal", "score", "rank", "inverse_vol"]),
        window=rng.choice([5, 20]),
        top_n=rng.choice([0, 0, 1, 3, 5]),
        max_weight=rng.choice([1.0, 1.0, 0.3, 0.11]),
        gross=rng.choice([1.0, 1.0, 0.8, 0.37]),
        rebalance=rng.choice(["daily", "daily", "weekly", "monthly", "every(1)", "every(3)", "every(7)"]),
        band=rng.choice([0.0, 0.0, 0.01, 0.05]),
    )
    account = Account(
        start_capital=rng.choice([10000.0, 1.0, 123456.78, 5e7]),
        fill=rng.choice(["next_open", "same_close"]),
        commission_bps=rng.choice([0.0, 0.5, 10.0, 150.0]),
        spread_w=rng.choice([0.0, 0.25, 20.0]),
        impact_w=rng.choice([0.0, 0.5, 30.0]),
        min_trade=rng.choice([1e-9, 1e-9, 0.003]),
        delist_after=rng.choice([5, 5, 1, 3, 12]),
        delist_haircut=rng.choice([0.0, 0.0, 0.3]),
        first_row=rng.choice([0, 0, 0, 17, 40]),
    )
    if rng.random() < 0.3:
        account.lot_size = rng.choice([1.0, 10.0, 0.5])
        account.start_capital = rng.choice([10000.0, 3e5])
    return random_market(seed, shape), rules, account


@pytest.mark.parametrize("seed", range(48))
def test_every_row_equals_that_of_the_reference(tmp_path, seed):
    market, rules, account = random_case(seed)
    expected = compare(tmp_path, market, rules, account)
    assert expected.equity


@pytest.mark.parametrize("rebalance", ["daily", "weekly"])
@pytest.mark.parametrize("ratio", [0.7, 1.1])
def test_entries_wait_for_the_volume_they_need(tmp_path, ratio, rebalance):
    market = random_market(int(10 * ratio), Shape(8, 150, halt=0))
    rules = Rules(3, 9, min_volume_ratio=ratio, rebalance=rebalance)
    filtered = compare(tmp_path, market, rules, Account())
    free = SlowBacktest(market, Rules(3, 9, rebalance=rebalance), Account()).run()
    assert 0 < len(filtered.orders) < len(free.orders)


STATUSES = {
    "filled": Account(),
    "partial": Account(commission_bps=100.0),
    "waiting": Account(),
    "delisted": Account(delist_haircut=0.3),
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_compared(tmp_path, status):
    shape = Shape(9, 200, gap=0.05, halt=0.02, no_open=0.05)
    market = random_market(901, shape)
    expected = compare(tmp_path, market, Rules(2, 6, rebalance="weekly"), STATUSES[status])
    assert sum(trade["status"] == status for trade in expected.trades) > 3


@pytest.mark.parametrize("weights", ["equal", "score", "rank"])
def test_equal_scores_go_by_symbol_order(tmp_path, weights):
    market = random_market(902, Shape(5, 120, late=0, early=0, gap=0, halt=0, twins=True))
    first, twin = market.symbols[0], market.symbols[-1]
    assert market.bars[first] == market.bars[twin]
    expected = compare(tmp_path, market, Rules(2, 6, weights=weights, top_n=2), Account())
    bought = [order["symbol"] for order in expected.orders if order["qty"] > 0]
    assert bought.count(first) > bought.count(twin) > 0


@pytest.mark.parametrize("fill", ["next_open", "same_close"])
@pytest.mark.parametrize("strategy", ["trend_baseline", "ema_trend"])
def test_built_in_strategies_are_what_the_text_says(tmp_path, strategy, fill):
    market = random_market(903, Shape(12, 260))
    rules = Rules() if strategy == "trend_baseline" else Rules(20, 50, weights="score", top_n=20)
    tickwerk(
        "backtest",
        f"--strategy={strategy}",
        f"--fill={fill}",
        f"--prices={market.write(tmp_path / 'bars.csv')}",
        f"--output={tmp_path / 'out'}",
    )
    assert_same(Outputs(tmp_path / "out"), SlowBacktest(market, rules, Account(fill=fill)).run(), market.days)


def test_one_symbol_and_no_cost_keep_all_in_it(tmp_path):
    market = random_market(904, Shape(1, 150, gap=0, halt=0, late=0, early=0))
    for fill in ("next_open", "same_close"):
        compare(tmp_path, market, Rules(2, 5), Account(fill=fill, **NO_COSTS))


def test_gross_and_caps_leave_cash(tmp_path):
    market = random_market(905, Shape(6, 150))
    for rules in (Rules(2, 5, gross=0.4, max_weight=0.05), Rules(2, 5, weights="score", max_weight=0.12)):
        expected = compare(tmp_path, market, rules, Account(fill="same_close"))
        assert all(row["cash"] > 0.1 * row["equity"] for row in expected.equity)


@pytest.mark.parametrize("fill", ["next_open", "same_close"])
def test_who_lost_all_decides_nothing_more(tmp_path, fill):
    """The only holding loses its bars and its whole value, while another rises."""
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=row) for row in range(30)]
    gone = {row: Bar(10.0 + row, 10.5 + row, 9.5 + row, 10.25 + row, 1e5) for row in range(12)}
    later = {row: Bar(*(x + abs(15 - row) for x in (20.0, 20.5, 19.5, 20.25)), 1e5) for row in range(30)}
    market = Market(days, {"GONE": gone, "LATER": later})
    account = Account(fill=fill, delist_haircut=1.0)
    outputs = backtest(market.write(tmp_path / "bars.csv"), tmp_path / "out", Rules(2, 4), account, days)
    row = next(row for row, day in enumerate(days) if str(day) == outputs.trades[-1]["timestamp"])
    assert (outputs.trades[-1]["status"], row) == ("delisted", 11 + account.delist_after)
    assert all(abs(line["equity"]) < 1e-9 * account.start_capital for line in outputs.equity[row:])
    assert all(line["gross_exposure"] == 0 for line in outputs.equity[row:])
    assert outputs.orders[-1]["timestamp"] < str(days[row])


@pytest.mark.parametrize("top_n", [0, 2])
def test_who_leaves_the_universe_is_sold(tmp_path, top_n):
    market = random_market(906, Shape(8, 200))
    rng, last = random.Random(906), len(market.days) - 1
    spans = {symbol: sorted(rng.sample(range(last + 1), 2)) for symbol in market.symbols}
    market.members = {symbol: tuple(market.days[row] for row in span) for symbol, span in spans.items()}
    lines = [f"{symbol},{first},{end}" for symbol, (first, end) in market.members.items()]
    (tmp_path / "universe.csv").write_text("\n".join(lines) + "\n")
    rules, account = Rules(2, 6, top_n=top_n), Account()
    universe = f"--universe={tmp_path / 'universe.csv'}"
    outputs = backtest(
        market.write(tmp_path / "bars.csv"), tmp_path / "out", rules, account, market.days, universe
    )
    expected = SlowBacktest(market, rules, account).run()
    assert expected.orders
    assert_same(outputs, expected, market.days)


@pytest.mark.parametrize("seed", range(8))
def test_volume_counts_for_every_entry(tmp_path, seed):
    """Also for a name that top_n held out before, and for one that was delisted and comes back."""
    market = random_market(2000 + seed, Shape(9, 200, halt=0.02))
    rules = Rules(2, 6, top_n=(seed % 2) * 3, min_volume_ratio=0.9, rebalance=["daily", "weekly"][seed // 4])
    compare(tmp_path, market, rules, Account(delist_after=3))
