"""Equity rebuilt from the trades file and the prices alone, and the identity it must satisfy."""

import math

from slow_costs import PERIODS_A_YEAR, Account


def check(outputs, market, start_capital, tolerance=1e-9, account=None):
    """E_t - E_{t-1} = sum(shares_{t-1} x price change) + result of the fills since - costs - fees + interest, and
    cash + holdings = E. Without an account there are no shorts and no interest."""
    account = account or Account()
    rows = {str(day): row for row, day in enumerate(market.days)}
    by_day = {}
    for trade in outputs.trades:
        by_day.setdefault(trade["timestamp"], []).append(trade)
    cash, shares, close = start_capital, {}, {}
    before, first = start_capital, True
    for line in outputs.equity:
        row = rows[line["timestamp"]]
        held_before, close_before = dict(shares), dict(close)
        shorts = math.fsum(max(-qty, 0.0) * close[symbol] for symbol, qty in shares.items())
        fee = shorts * account.borrow_fee / PERIODS_A_YEAR
        interest = 0.0 if first else cash * account.cash_rate / PERIODS_A_YEAR
        cash += interest - fee
        close.update({s: market.bars[s][row].close for s in market.symbols if row in market.bars[s]})
        scale = max(abs(before), abs(line["equity"]))
        result_of_fills = costs = 0.0
        for trade in by_day.get(line["timestamp"], []):
            if trade["fill_qty"] == 0:
                continue
            signed = trade["fill_qty"] if trade["side"] == "BUY" else -trade["fill_qty"]
            symbol = trade["symbol"]
            cash -= signed * trade["fill_price"] + trade["commission_cash"]
            shares[symbol] = shares.get(symbol, 0.0) + signed
            result_of_fills += signed * (close[symbol] - trade["price"])
            costs += trade["total_cost_cash"]
            charges = trade["commission_cash"] + trade["spread_cash"] + trade["slippage_cash"]
            assert abs(charges - trade["total_cost_cash"]) <= tolerance * scale
            slipped = trade["fill_qty"] * abs(trade["fill_price"] - trade["price"])
            assert abs(slipped - trade["spread_cash"] - trade["slippage_cash"]) <= tolerance * scale
        allowed = tolerance * scale
        values = [qty * close[symbol] for symbol, qty in shares.items()]
        assert abs(cash + math.fsum(values) - line["equity"]) <= allowed, line
        assert abs(cash - line["cash"]) <= allowed, line
        if not account.allow_short:
            assert all(value >= -allowed for value in values), line
            assert line["cash"] >= -allowed, line
        moved = math.fsum(qty * (close[s] - close_before[s]) for s, qty in held_before.items() if qty)
        gained = moved + result_of_fills - costs - fee + interest
        assert abs(line["equity"] - before - gained) <= 2 * allowed, line
        before, first = line["equity"], False
