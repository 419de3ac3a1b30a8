"""Runs the built program on a market and reads back what it wrote, as the reference names things."""

import csv
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
        "cost-model": account.cost_model,
        "impact-coef": account.impact_coef,
        "participation-cap": account.participation_cap,
        "cash-rate": account.cash_rate,
        "borrow-fee": account.borrow_fee,
        "initial-margin": account.initial_margin,
        "maintenance-margin": account.maintenance_margin,
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


def write_strategy(path, rules, account):
    """The two sides of a trend as a strategy file; what flags can say is left to them."""
    lines = ["name: two_sides", "long:  ema(close, fast) > ema(close, slow)"]
    lines += ["short: ema(close, fast) < ema(close, slow)"] if rules.short else []
    lines += ["score: ema(close, fast) / ema(close, slow) - 1"]
    lines += [f"params: {{fast: {rules.fast}, slow: {rules.slow}}}"]
    lines += [] if rules.net is None else [f"net: {rules.net!r}"]
    lines += ["allow_short: true"] if account.allow_short else []
    lines += [f"gross: {rules.gross!r}"]
    path.write_text("\n".join(lines) + "\n")
    return path


def backtest(prices, output, rules, account, days, *more):
    if rules.short:
        more = (f"--strategy={write_strategy(output.parent / 'two_sides.yaml', rules, account)}", *more)
    tickwerk("backtest", f"--prices={prices}", f"--output={output}", *flags(rules, account, days), *more)
    return Outputs(output)
