"""The engine against the slow reference where accounts may be short and costs depend on the order."""

import random

import accounting
import pytest
from comparison import assert_same
from engine import backtest
from slow_backtest import Account, SlowBacktest
from slow_strategy import Rules
from small_markets import Shape, random_market


def compare(tmp_path, market, rules, account):
    tmp_path.mkdir(exist_ok=True)
    outputs = backtest(market.write(tmp_path / "bars.csv"), tmp_path / "out", rules, account, market.days)
    expected = SlowBacktest(market, rules, account).run()
    assert_same(outputs, expected, market.days)
    accounting.check(outputs, market, account.start_capital, account=account)
    trading = outputs.metrics["trading"]
    counted = {
        "margin_calls": expected.margin_calls,
        "margin_covers": expected.margin_covers,
        "impact_capped": expected.impact_capped,
        "participation_capped": expected.participation_capped,
    }
    assert {name: trading[name] for name in counted} == counted
    return outputs, expected


def with_costs_of_its_own(rng, account):
    account.cost_model = rng.choice(["linear", "sqrt", "sqrt"])
    account.impact_coef = rng.choice([1.0, 0.1, 0.0, 10.0])
    account.participation_cap = rng.choice([0.0, 0.0, 0.1, 0.01, 0.001])
    account.cash_rate = rng.choice([0.0, 0.02, 0.5, -0.1])
    if rng.random() < 0.3:
        account.lot_size = rng.choice([1.0, 10.0, 0.5])
        account.start_capital = rng.choice([10000.0, 3e5])
    return account


def random_account(rng, **more):
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
        **more,
    )
    return with_costs_of_its_own(rng, account)


def random_shape(rng, leaps):
    return Shape(
        num_symbols=rng.randrange(4, 13),
        num_rows=rng.randrange(80, 251),
        gap=rng.choice([0.0, 0.02, 0.15]),
        halt=rng.choice([0.0, 0.006, 0.02]),
        no_open=rng.choice([0.0, 0.0, 0.03]),
        leap=rng.choice(leaps),
    )


def random_rules(rng, **more):
    fast = rng.choice([2, 3, 5, 8])
    return Rules(
        fast=fast,
        slow=fast * rng.choice([2, 3]),
        weights=rng.choice(["equal", "score", "rank", "inverse_vol"]),
        window=rng.choice([5, 20]),
        top_n=rng.choice([0, 0, 1, 3]),
        max_weight=rng.choice([1.0, 1.0, 0.3, 0.5]),
        rebalance=rng.choice(["daily", "daily", "weekly", "monthly", "every(3)", "every(11)", "every(60)"]),
        band=rng.choice([0.0, 0.0, 0.01, 0.05]),
        **more,
    )


@pytest.mark.parametrize("seed", range(40))
def test_every_row_of_two_sides_equals_that_of_the_reference(tmp_path, seed):
    rng = random.Random(3000 + seed)
    shorts = rng.choice([0.5, 1.0, 1.9, 2.0, 0.2])
    longs = min(rng.choice([0.0, 0.3, 0.5, 1.0, 1.5]), 1 + shorts)
    net = longs - shorts
    if longs == shorts and rng.random() < 0.5:
        net = None
    rules = random_rules(rng, gross=longs + shorts, net=net, short=True)
    account = random_account(
        rng,
        allow_short=True,
        borrow_fee=rng.choice([0.005, 0.0, 0.3]),
        initial_margin=rng.choice([0.5, 0.5, 0.4]),
        maintenance_margin=rng.choice([0.3, 0.4, 0.4, 0.0]),
    )
    market = random_market(seed, random_shape(rng, [0.0, 0.01, 0.03]))
    _, expected = compare(tmp_path, market, rules, account)
    assert expected.equity


@pytest.mark.parametrize("seed", range(16))
def test_every_row_of_longs_with_costs_of_their_own_equals_that_of_the_reference(tmp_path, seed):
    rng = random.Random(4000 + seed)
    market = random_market(4000 + seed, random_shape(rng, [0.0]))
    compare(tmp_path, market, random_rules(rng, gross=rng.choice([1.0, 0.6])), random_account(rng))


@pytest.mark.parametrize("fill", ["next_open", "same_close"])
def test_margin_calls_ruin_and_waiting_covers_are_compared(tmp_path, fill):
    """Shorts of twice the equity, seldom adjusted, in prices that leap: each of these happens somewhere."""
    calls = waiting = ruined = 0
    for seed in range(5000, 5012):
        market = random_market(seed, Shape(6, 160, gap=0.1, halt=0.02, leap=0.02))
        rules = Rules(2, 5, gross=2.0, net=-2.0, short=True, rebalance="every(40)")
        account = Account(fill=fill, allow_short=True, cash_rate=0.03)
        outputs, expected = compare(tmp_path / str(seed), market, rules, account)
        calls += expected.margin_calls
        ruined += expected.equity[-1]["equity"] <= 0
        called = {(o["row"], o["symbol"]) for o in expected.orders if o["qty"] > 0}
        waiting += sum(t["status"] == "waiting" and (t["row"] - 1, t["symbol"]) in called for t in expected.trades)
    assert calls > 5
    assert ruined > 0
    assert waiting > 0 or fill == "same_close"


def test_each_limit_cuts_orders_somewhere(tmp_path):
    market = random_market(6000, Shape(8, 150, leap=0.01))
    rules = Rules(2, 5, gross=2.4, net=-1.4, short=True)
    margin, _ = compare(tmp_path / "margin", market, rules, Account(allow_short=True))
    assert any(t["status"] == "partial" and t["side"] == "SELL" for t in margin.trades)
    capped = Account(allow_short=True, cost_model="sqrt", participation_cap=0.001, start_capital=1e7)
    volume, expected = compare(tmp_path / "volume", market, rules, capped)
    assert expected.participation_capped > 50
    assert expected.impact_capped > 50
    assert volume.metrics["borrow_fee"] > 0


def test_accounting_sees_a_fee_that_was_not_paid(tmp_path):
    market = random_market(6001, Shape(5, 90))
    rules, account = Rules(2, 6, gross=1.0, net=0.0, short=True), Account(allow_short=True, borrow_fee=0.1)
    outputs, _ = compare(tmp_path, market, rules, account)
    free = Account(allow_short=True, borrow_fee=0.0)
    with pytest.raises(AssertionError):
        accounting.check(outputs, market, account.start_capital, account=free)
