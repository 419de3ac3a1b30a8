"""metrics.json again, from the equity curve, the trades and the last closes, by the definitions of docs/formats."""

import math
from statistics import NormalDist

P = 252
NONE = 1e-12  # a deviation below this is none


def mean(values):
    return math.fsum(values) / len(values)


def deviation(values):
    if len(values) < 2:
        return None
    middle = mean(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))


def moment(values, power):
    middle = mean(values)
    return mean([(v - middle) ** power for v in values])


def returns_of(curve):
    return [after / before - 1 for before, after in zip(curve, curve[1:])]


def sharpe(returns, rf):
    spread = deviation(returns)
    if spread is None or spread < NONE:
        return None
    return (mean(returns) - rf / P) / spread * math.sqrt(P)


def sortino(returns, rf):
    if not returns:
        return None
    downside = math.sqrt(mean([min(r - rf / P, 0) ** 2 for r in returns]))
    return mean([r - rf / P for r in returns]) / downside * math.sqrt(P) if downside >= NONE else None


def drawdown_pct(start, curve):
    peak, worst = start, 0.0
    for value in curve:
        peak = max(peak, value)
        worst = min(worst, value / peak - 1)
    return 100 * worst


def skew(r):
    n = len(r)
    if n < 3 or deviation(r) < NONE:
        return None
    return math.sqrt(n * (n - 1)) / (n - 2) * moment(r, 3) / moment(r, 2) ** 1.5


def excess_kurtosis(r):
    n = len(r)
    if n < 4 or deviation(r) < NONE:
        return None
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (moment(r, 4) / moment(r, 2) ** 2 - 3) + 6)


def tail(returns, probability=0.05):
    if not returns:
        return None, None
    ordered = sorted(returns)
    place = (len(ordered) - 1) * probability
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    quantile = ordered[below] + (place - below) * (ordered[above] - ordered[below])
    beyond = [r for r in ordered if r <= quantile]
    return -quantile, -mean(beyond)


def curve_metrics(start, curve, rf):
    r = returns_of(curve)
    cagr = (curve[-1] / start) ** (P / len(r)) - 1 if len(r) >= P else None
    deepest = drawdown_pct(start, curve)
    spread = deviation(r)
    var, shortfall = tail(r)
    return {
        "final_pf": curve[-1] / start,
        "total_return": curve[-1] / start - 1,
        "cagr": cagr,
        "volatility": None if spread is None else spread * math.sqrt(P),
        "sharpe": sharpe(r, rf),
        "sortino": sortino(r, rf),
        "max_drawdown_pct": deepest,
        "calmar": None if cagr is None or deepest == 0 else cagr / (-deepest / 100),
        "var_95": var,
        "es_95": shortfall,
        "skew": skew(r),
        "excess_kurtosis": excess_kurtosis(r),
    }


def episodes(trades, place, last_close, last_row):
    """One symbol from flat to flat; a holding below 1e-9 of the largest of the episode is flat."""
    running, done = {}, []
    for trade in trades:
        if trade["fill_qty"] == 0:
            continue
        row = place[trade["timestamp"]]
        now = running.setdefault(
            trade["symbol"], {"first": row, "held": 0.0, "largest": 0.0, "pnl": 0.0, "cost": 0.0, "open": True}
        )
        signed = trade["fill_qty"] if trade["side"] == "BUY" else -trade["fill_qty"]
        now["held"] += signed
        now["largest"] = max(now["largest"], now["held"])
        now["pnl"] -= signed * trade["price"]
        now["cost"] += trade["total_cost_cash"]
        now["last"] = row
        if now["held"] < 1e-9 * now["largest"]:
            now["open"] = False
            done.append(running.pop(trade["symbol"]))
    for symbol, now in running.items():
        now["pnl"] += now["held"] * last_close[symbol]
        now["last"] = last_row
        done.append(now)
    return done


def episode_metrics(found, net):
    results = [e["pnl"] - (e["cost"] if net else 0.0) for e in found]
    wins, losses = [x for x in results if x > 0], [x for x in results if x < 0]
    return {
        "hit_rate": len(wins) / len(results) if results else None,
        "profit_factor": math.fsum(wins) / -math.fsum(losses) if losses else None,
        "avg_win": mean(wins) if wins else None,
        "avg_loss": mean(losses) if losses else None,
    }


def confidence(returns, rf):
    names = ("sharpe_error_lo", "sharpe_error_mertens", "min_track_record_length", "probabilistic_sharpe")
    yearly, n = sharpe(returns, rf), len(returns)
    if yearly is None or skew(returns) is None or excess_kurtosis(returns) is None:
        return dict.fromkeys(names)
    sr, g3, g4 = yearly / math.sqrt(P), skew(returns), excess_kurtosis(returns) + 3
    spread = 1 - g3 * sr + (g4 - 1) / 4 * sr**2
    z = NormalDist().inv_cdf(0.95)
    values = (
        math.sqrt((1 + sr**2 / 2) / n) * math.sqrt(P),
        math.sqrt((1 + sr**2 / 2 - g3 * sr + (g4 - 3) / 4 * sr**2) / n) * math.sqrt(P),
        1 + spread * (z / sr) ** 2 if sr > 0 else None,
        NormalDist().cdf(sr * math.sqrt(n - 1) / math.sqrt(spread)),
    )
    return dict(zip(names, values))


def worst_drawdowns(start, curve, days, count=5):
    """Every stretch below the highest value so far, the deepest first."""
    found, peak, peak_day, now = [], start, None, None
    for value, day in zip(curve, days):
        if value >= peak:
            if now:
                now["recovery"] = day
                found.append(now)
            peak, peak_day, now = value, day, None
        else:
            depth = 100 * (value / peak - 1)
            now = now or {"depth_pct": 0.0, "peak": peak_day, "trough": None, "recovery": None}
            if depth < now["depth_pct"]:
                now["depth_pct"], now["trough"] = depth, day
    found += [now] if now else []
    return sorted(found, key=lambda d: d["depth_pct"])[:count]


def calendar(start, curve, costs, days, width, rf):
    """Rows of `by_year` (width 4, of YYYY) or `by_month` (width 7, of YYYY-MM)."""
    found = []
    for period in sorted({day[:width] for day in days}):
        rows = [row for row, day in enumerate(days) if day[:width] == period]
        base = curve[rows[0] - 1] if rows[0] else start
        inside = [curve[row] for row in rows]
        r = returns_of(([base] if rows[0] else []) + inside)
        spread, cost = deviation(r), math.fsum(costs[row] for row in rows)
        found.append(
            {
                "year": int(period[:4]),
                "bars": len(rows),
                "net_return": inside[-1] / base - 1,
                "gross_return": (inside[-1] + cost) / base - 1,
                "max_drawdown_pct": drawdown_pct(base, inside),
                "cost": cost,
                "volatility": None if spread is None else spread * math.sqrt(P),
                "sharpe": sharpe(r, rf),
            }
        )
        if width == 7:
            found[-1]["month"] = int(period[5:])
    return found


def against(returns, benchmark, rf):
    beta = math.fsum((r - mean(returns)) * (b - mean(benchmark)) for r, b in zip(returns, benchmark))
    beta /= math.fsum((b - mean(benchmark)) ** 2 for b in benchmark)
    active = [r - b for r, b in zip(returns, benchmark)]
    error = deviation(active) * math.sqrt(P)
    return {
        "beta": beta,
        "alpha": (mean(returns) - rf / P - beta * (mean(benchmark) - rf / P)) * P,
        "tracking_error": error,
        "information_ratio": mean(active) * P / error,
        "correlation": beta * deviation(benchmark) / deviation(returns),
        "num_returns": len(returns),
    }


def metrics(equity, trades, last_close, start, rf=0.0):
    days = [row["timestamp"] for row in equity]
    place = {day: row for row, day in enumerate(days)}
    curve = [row["equity"] for row in equity]
    costs, notional = [0.0] * len(days), 0.0
    for trade in trades:
        costs[place[trade["timestamp"]]] += trade["total_cost_cash"]
        notional += trade["fill_qty"] * trade["price"] if trade["fill_qty"] else 0.0
    paid = [math.fsum(costs[: row + 1]) for row in range(len(days))]
    found = episodes(trades, place, last_close, len(days) - 1)
    gross = curve_metrics(start, [value + cost for value, cost in zip(curve, paid)], rf)
    net = curve_metrics(start, curve, rf)
    years = (len(days) - 1) / P
    share = math.fsum(cost / before for cost, before in zip(costs, [start, *curve]))
    drag = None if net["cagr"] is None else (gross["cagr"] - net["cagr"]) * 1e4
    return {
        **net,
        **episode_metrics(found, net=True),
        **confidence(returns_of(curve), rf),
        "gross": {**gross, **episode_metrics(found, net=False)},
        "num_bars": len(days),
        "start_capital": start,
        "end_equity": curve[-1],
        "total_cost": paid[-1],
        "rf": rf,
        "holding_period_bars": mean([e["last"] - e["first"] for e in found]) if found else None,
        "num_episodes": len(found),
        "num_open_episodes": sum(e["open"] for e in found),
        "turnover": notional / 2 / mean(curve) / years if years else None,
        "exposure": mean([row["gross_exposure"] for row in equity]),
        "cost_drag_bps": drag,
        "cost_paid_bps": share / years * 1e4 if years else None,
        "worst_drawdowns": worst_drawdowns(start, curve, days),
        "by_year": calendar(start, curve, costs, days, 4, rf),
        "by_month": calendar(start, curve, costs, days, 7, rf),
    }
