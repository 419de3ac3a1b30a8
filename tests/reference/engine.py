"""Runs the built program on a market and reads back what it wrote, as the reference names things."""

import csv
import itertools
import json
import math
import os
import subprocess

import pytest


def flags(rules, account, days):
    weights = f"inverse_vol({rules.window})" if rules.weights == "inverse_vol" else rules.weights
    found = {
        "weights": weights,
        "top-n": rules.top_n,
        "max-weight": rules.max_weight,
        "gross": rules.gross,
        "rebalance": rules.rebalance,
        "band": rules.band,
        "min-volume-ratio": rules.min_volume_ratio,
        "start-capital": account.start_capital,
        "fill": account.fill,
        "commission-bps": account.commission_bps,
        "spread-w": account.spread_w,
        "impact-w": account.impact_w,
        "min-trade": account.min_trade,
        "lot-size": account.lot_size,
        "delist-after": account.delist_after,
        "delist-haircut": account.delist_haircut,
    }
    words = [f"--{name}={value}" for name, value in found.items()]
    words += [f"--param=fast={rules.fast}", f"--param=slow={rules.slow}"]
    if account.first_row:
        words.append(f"--from={days[account.first_row]}")
    return words


def tickwerk(*arguments):
    binary = os.environ.get("TICKWERK_BINARY")
    if not binary:
        pytest.skip("TICKWERK_BINARY names no program")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TICKWERK_")}
    words = [os.path.abspath(binary), *map(str, arguments), "--quiet", "--threads=1"]
    process = subprocess.run(words, capture_output=True, text=True, env=clean, timeout=120)
    assert process.returncode == 0, process.stderr
    return process


def number(cell):
    return float(cell) if cell else math.nan


def read_rows(path, texts=("timestamp", "symbol", "side", "status")):
    with path.open(newline="") as file:
        return [{k: v if k in texts else number(v) for k, v in row.items()} for row in csv.DictReader(file)]


class Outputs:
    def __init__(self, folder):
        self.folder = folder
        self.orders = read_rows(folder / "orders_1d.csv")
        self.trades = read_rows(folder / "trades_1d.csv")
        self.equity = read_rows(folder / "equity_curve_1d.csv")
        self.metrics = json.loads((folder / "metrics.json").read_text())

    def orders_of(self, day):
        return [order for order in self.orders if order["timestamp"] == str(day)]


def backtest(prices, output, rules, account, days, *more):
    tickwerk("backtest", f"--prices={prices}", f"--output={output}", *flags(rules, account, days), *more)
    return Outputs(output)


def assert_same(outputs, expected, days, tolerance=1e-9):
    """Row by row; amounts within `tolerance` of equity, quantities by the money they stand for."""
    equity = {str(days[row["row"]]): row["equity"] for row in expected.equity}
    assert [row["timestamp"] for row in outputs.equity] == list(equity)
    assert_same_keys(
        keys(outputs.trades, "status"),
        [(str(days[t["row"]]), t["symbol"], t["side"], t["status"]) for t in expected.trades],
    )
    assert_same_keys(
        keys(outputs.orders),
        [(str(days[o["row"]]), o["symbol"], "BUY" if o["qty"] > 0 else "SELL") for o in expected.orders],
    )
    previous = None
    for found, wanted in zip(outputs.equity, expected.equity):
        allowed = tolerance * wanted["equity"]
        assert_near(found, wanted, {"equity": allowed, "cash": allowed})
        assert_near(found, wanted, {"gross_exposure": tolerance, "net_exposure": tolerance})
        change = math.nan if previous is None else wanted["equity"] / previous - 1
        assert_near(found, {"daily_return": change}, {"daily_return": 2 * tolerance})
        previous = wanted["equity"]
    for found, wanted in zip(outputs.orders, expected.orders):
        allowed = tolerance * equity[found["timestamp"]]
        wanted = {"qty": abs(wanted["qty"]), "price": wanted["price"]}
        assert_near(found, wanted, {"price": 0, "qty": allowed / wanted["price"]})
    for found, wanted in zip(outputs.trades, expected.trades):
        allowed = tolerance * equity[found["timestamp"]]
        price = wanted["price"] if wanted["price"] > 0 else 1.0
        cash = ("commission_cash", "spread_cash", "slippage_cash", "total_cost_cash")
        assert_near(found, wanted, {"price": tolerance * price, "fill_price": tolerance * price})
        assert_near(found, wanted, {"qty": allowed / price, "fill_qty": allowed / price})
        assert_near(found, wanted, dict.fromkeys(cash, allowed))


def keys(rows, *more):
    return [tuple(row[name] for name in ("timestamp", "symbol", "side", *more)) for row in rows]


def assert_same_keys(found, wanted):
    for number, pair in enumerate(itertools.zip_longest(found, wanted)):
        assert pair[0] == pair[1], f"row {number}: engine {pair[0]}, reference {pair[1]}"


def assert_near(found, wanted, allowed):
    for name, tolerance in allowed.items():
        a, b = found[name], wanted[name]
        same = math.isnan(a) if math.isnan(b) else abs(a - b) <= tolerance
        assert same, f"{name}: engine {a!r}, reference {b!r}, allowed {tolerance:.3g} in {found}"
