"""Equity rebuilt from the trades file and the prices alone, and the identity it must satisfy."""

import math


def check(outputs, market, start_capital, tolerance=1e-9):
    """E_t - E_{t-1} = sum(shares_{t-1} x price change) + result of the fills since - costs, and cash + holdings = E."""
    rows = {str(day): row for row, day in enumerate(market.days)}
    by_day = {}
    for trade in outputs.trades:
        by_day.setdefault(trade["timestamp"], []).append(trade)
    cash, shares, close = start_capital, {}, {}
    before = start_capital
    for line in outputs.equity:
        held_before, close_before = dict(shares), dict(close)
        row = rows[line["timestamp"]]
        close.update({s: market.bars[s][row].close for s in market.symbols if row in market.bars[s]})
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
            assert abs(charges - trade["total_cost_cash"]) <= tolerance * before
            slipped = trade["fill_qty"] * abs(trade["fill_price"] - trade["price"])
            assert abs(slipped - trade["spread_cash"] - trade["slippage_cash"]) <= tolerance * before
        allowed = tolerance * line["equity"]
        held = math.fsum(qty * close[symbol] for symbol, qty in shares.items())
        assert abs(cash + held - line["equity"]) <= allowed, line
        assert abs(cash - line["cash"]) <= allowed, line
        assert all(qty * close[symbol] >= -allowed for symbol, qty in shares.items()), line
        assert line["cash"] >= -allowed, line
        moved = math.fsum(qty * (close[s] - close_before[s]) for s, qty in held_before.items() if qty)
        assert abs(line["equity"] - before - moved - result_of_fills + costs) <= 2 * allowed, line
        before = line["equity"]
