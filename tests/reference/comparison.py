"""What it means that the engine and the reference agree: row by row for files, figure by figure for metrics."""

import itertools
import math

RELATIVE = 1e-9
ABSOLUTE = 1e-12


def assert_same(outputs, expected, days, tolerance=1e-9):
    """Row by row; amounts within `tolerance` of equity, quantities by the money they stand for."""
    equity = {str(days[row["row"]]): size_of(row) for row in expected.equity}
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
        allowed = tolerance * size_of(wanted)
        assert_near(found, wanted, {"equity": allowed, "cash": allowed})
        assert_near(found, wanted, {"gross_exposure": tolerance, "net_exposure": tolerance})
        change = math.nan if previous is None or previous <= 0 else wanted["equity"] / previous - 1
        assert_near(found, {"daily_return": change}, {"daily_return": 2 * tolerance})
        previous = wanted["equity"]
    for found, wanted in zip(outputs.orders, expected.orders):
        allowed = tolerance * equity[found["timestamp"]]
        price = 1.0 if math.isnan(wanted["price"]) else wanted["price"]
        wanted = {"qty": abs(wanted["qty"]), "price": wanted["price"]}
        assert_near(found, wanted, {"price": 0, "qty": allowed / price})
    for found, wanted in zip(outputs.trades, expected.trades):
        allowed = tolerance * equity[found["timestamp"]]
        price = wanted["price"] if wanted["price"] > 0 else 1.0
        cash = ("commission_cash", "spread_cash", "slippage_cash", "total_cost_cash")
        assert_near(found, wanted, {"price": tolerance * price, "fill_price": tolerance * price})
        assert_near(found, wanted, {"qty": allowed / price, "fill_qty": allowed / price})
        assert_near(found, wanted, dict.fromkeys(cash, allowed))


def size_of(row):
    """Equity; where shorts have left little of it, the cash that they brought."""
    return max(abs(row["equity"]), abs(row["cash"]))


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


def differences(found, wanted, where="", absolute=ABSOLUTE):
    """Paths at which a document differs from what is wanted; it may hold more."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), where
        return [d for k, v in wanted.items() for d in differences(found[k], v, f"{where}.{k}", absolute)]
    if isinstance(wanted, list):
        assert len(found) == len(wanted), where
        return [d for i, v in enumerate(wanted) for d in differences(found[i], v, f"{where}[{i}]", absolute)]
    if isinstance(wanted, float) and found is not None:
        same = math.isclose(found, wanted, rel_tol=RELATIVE, abs_tol=absolute)
    else:
        same = found == wanted
    return [] if same else [f"{where}: engine {found!r}, reference {wanted!r}"]
