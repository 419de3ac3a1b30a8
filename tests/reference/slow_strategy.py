"""What the two EMA strategies want, told symbol by symbol and row by row from the words of the specification."""

import math
from dataclasses import dataclass

NAN = float("nan")


@dataclass
class Rules:
    fast: int = 20
    slow: int = 60
    weights: str = "equal"  # equal | score | rank | inverse_vol
    window: int = 20  # of inverse_vol
    top_n: int = 0
    max_weight: float = 1.0
    gross: float = 1.0
    short: bool = False  # short where the fast mean is below the slow one
    net: float = None  # longs less shorts; None: gross without shorts, 0 with them
    rebalance: str = "daily"  # daily | weekly | monthly | every(N)
    band: float = 0.0
    min_volume_ratio: float = 0.0


def ema(values, n):
    found = []
    for number, value in enumerate(values):
        weight = 2 / (n + 1)
        current = value if number == 0 else (1 - weight) * current + weight * value
        found.append(current if number >= n - 1 else NAN)
    return found


def log_return_deviation(closes, window):
    """Sample deviation of the last `window` log returns, defined where there are as many."""
    found = []
    for end in range(len(closes)):
        if end < window or window < 2:
            found.append(NAN)
            continue
        returns = [math.log(closes[i] / closes[i - 1]) for i in range(end - window + 1, end + 1)]
        mean = math.fsum(returns) / window
        found.append(math.sqrt(math.fsum((r - mean) ** 2 for r in returns) / (window - 1)))
    return found


def volume_ratio(volumes, window=20):
    return [
        volumes[end] / (math.fsum(volumes[end - window + 1 : end + 1]) / window) if end >= window - 1 else NAN
        for end in range(len(volumes))
    ]


class Strategy:
    """The factors of every symbol over its own bars, and the choice made from them on one row."""

    def __init__(self, market, rules):
        self.market = market
        self.rules = rules
        self.factors = {symbol: self._factors(market.bars[symbol]) for symbol in market.symbols}

    def _factors(self, bars):
        rows = sorted(bars)
        closes = [bars[row].close for row in rows]
        fast, slow = ema(closes, self.rules.fast), ema(closes, self.rules.slow)
        deviation = log_return_deviation(closes, self.rules.window)
        ratio = volume_ratio([bars[row].volume for row in rows])
        return {
            row: {"fast": fast[i], "slow": slow[i], "deviation": deviation[i], "volume_ratio": ratio[i]}
            for i, row in enumerate(rows)
        }

    def decides(self, row, first_row):
        when, days = self.rules.rebalance, self.market.days
        if when == "daily":
            return True
        if when.startswith("every("):
            return (row - first_row) % int(when[len("every(") : -1]) == 0
        if row == 0:
            return False
        if when == "weekly":
            return days[row].isocalendar()[:2] != days[row - 1].isocalendar()[:2]
        return (days[row].year, days[row].month) != (days[row - 1].year, days[row - 1].month)

    def choose(self, row, held_sides):
        """`(kept, shares)`: the symbols left as they are, and of the chosen what each gets of the budget of its side:
        those of the longs sum to 1, those of the shorts to -1.

        All others are to be flat. `held_sides` holds of the last decisions `(symbol, 1 or -1)`.
        """
        kept, longs, shorts = set(), {}, {}
        for symbol in self.market.symbols:
            now = self.factors[symbol].get(row)
            if now is None or math.isnan(now["fast"]) or math.isnan(now["slow"]):
                kept.add(symbol)
            elif not self.market.is_member(symbol, row):
                continue
            elif now["fast"] > now["slow"] and self._can_be_held(now, (symbol, 1) in held_sides):
                longs[symbol] = now["fast"] / now["slow"] - 1
            elif self.rules.short and now["fast"] < now["slow"] and self._can_be_held(now, (symbol, -1) in held_sides):
                shorts[symbol] = 1 - now["fast"] / now["slow"]
        longs, shorts = self._best(longs), self._best(shorts)
        return kept, {**self._shares(row, longs), **{s: -share for s, share in self._shares(row, shorts).items()}}

    def _best(self, scores):
        if not self.rules.top_n:
            return scores
        best = sorted(scores, key=lambda symbol: (-scores[symbol], self.market.symbols.index(symbol)))
        return {symbol: scores[symbol] for symbol in best[: self.rules.top_n]}

    def _can_be_held(self, now, was_held):
        if self.rules.weights == "inverse_vol" and math.isnan(now["deviation"]):
            return False
        wanted = self.rules.min_volume_ratio
        return was_held or wanted == 0 or now["volume_ratio"] >= wanted

    def _shares(self, row, longs):
        strength = {symbol: 1.0 for symbol in longs}
        if self.rules.weights == "score":
            strength = {symbol: max(score, 0.0) for symbol, score in longs.items()}
        if self.rules.weights == "inverse_vol":
            strength = {symbol: 1 / self.factors[symbol][row]["deviation"] for symbol in longs}
        if self.rules.weights == "rank":
            worst_first = sorted(longs, key=lambda symbol: (longs[symbol], -self.market.symbols.index(symbol)))
            strength = {symbol: float(rank) for rank, symbol in enumerate(worst_first, start=1)}
        total = math.fsum(strength.values())
        return {symbol: x / total for symbol, x in strength.items()} if total > 0 else {}
