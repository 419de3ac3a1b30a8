"""Random small markets with everything that happens to real ones, from a seed, as Python data and as CSV."""

import datetime
import math
import random
from dataclasses import dataclass, field

NAN = float("nan")


@dataclass
class Bar:
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass
class Market:
    """`bars[symbol]` maps a row (session number) to a bar; a symbol without a bar on a row has no entry."""

    days: list
    bars: dict
    members: dict = None  # symbol to its first and last day in the universe; None: all, always
    symbols: list = field(init=False)

    def __post_init__(self):
        self.symbols = sorted(self.bars, key=lambda name: name.encode())

    def is_member(self, symbol, row):
        if self.members is None:
            return True
        first, last = self.members[symbol]
        return first <= self.days[row] <= last

    def last_closes(self):
        return {symbol: rows[max(rows)].close for symbol, rows in self.bars.items()}

    def write(self, path):
        lines = ["timestamp,symbol,open,high,low,close,volume"]
        for row, day in enumerate(self.days):
            for symbol in self.symbols:
                if row in self.bars[symbol]:
                    bar = self.bars[symbol][row]
                    cells = (bar.open, bar.high, bar.low, bar.close, bar.volume)
                    lines.append(f"{day},{symbol}," + ",".join("" if math.isnan(x) else repr(x) for x in cells))
        path.write_text("\n".join(lines) + "\n")
        return path


@dataclass
class Shape:
    num_symbols: int = 8
    num_rows: int = 120
    gap: float = 0.02  # probability that a symbol has no bar on a row
    halt: float = 0.006  # probability that it has none for 2 to 12 rows from here
    late: float = 0.25  # share of symbols that begin late
    early: float = 0.25  # share that end early
    no_open: float = 0.0  # probability that a bar lacks its open
    leap: float = 0.0  # probability that a bar closes far above where it would: what breaks shorts
    twins: bool = False  # the last symbol has the bars of the first


def trading_days(rng, count):
    """Weekdays with single holidays and now and then a week or more without a session."""
    day = datetime.date(2019, 1, 1) + datetime.timedelta(days=rng.randrange(700))
    days = []
    while len(days) < count:
        draw = rng.random()
        if draw < 0.004:
            day += datetime.timedelta(days=rng.randrange(5, 16))
        elif day.weekday() < 5 and draw > 0.04:
            days.append(day)
        day += datetime.timedelta(days=1)
    return days


def random_market(seed, shape=None):
    shape = shape or Shape()
    rng = random.Random(seed)
    days = trading_days(rng, shape.num_rows)
    common = [rng.gauss(0, 0.008) for _ in days]
    bars = {}
    for number in range(shape.num_symbols):
        name = rng.choice("ABCDEFGHXYZ") + rng.choice(["", "a", "B.C", "-Q"]) + str(number)
        bars[name] = random_bars(rng, shape, common)
    if shape.twins:
        names = sorted(bars)
        bars[names[-1]] = dict(bars[names[0]])
    return sessions_only(days, bars)


def sessions_only(days, bars):
    """Rows are the sessions on which any symbol has a bar, symbols those that have any."""
    traded = sorted({row for rows in bars.values() for row in rows})
    place = {row: number for number, row in enumerate(traded)}
    kept = {name: {place[row]: bar for row, bar in rows.items()} for name, rows in bars.items() if rows}
    return Market([days[row] for row in traded], kept)


def random_bars(rng, shape, common):
    rows = len(common)
    first = rng.randrange(rows // 2) if rng.random() < shape.late else 0
    end = rng.randrange(rows // 3, rows) if rng.random() < shape.early else rows
    price = math.exp(rng.uniform(1.5, 5.5))
    deviation = rng.uniform(0.008, 0.03)
    drift = rng.gauss(0, 0.002)
    volume = rng.uniform(1e4, 1e6)
    missing_until = 0
    found = {}
    for row in range(rows):
        if rng.random() < 0.03:
            drift = rng.gauss(0, 0.004)
        opened = price * math.exp(rng.gauss(0, deviation / 2))
        price = opened * math.exp(drift + common[row] + rng.gauss(0, deviation))
        if shape.leap and rng.random() < shape.leap:
            price *= rng.uniform(1.3, 2.5)
        spread = [opened * math.exp(rng.gauss(0, 0.003)), opened, price, price * math.exp(rng.gauss(0, 0.003))]
        traded = volume * math.exp(rng.gauss(0, 0.5))
        no_open = rng.random() < shape.no_open
        if rng.random() < shape.halt:
            missing_until = row + rng.randrange(2, 13)
        if first <= row < end and row >= missing_until and rng.random() >= shape.gap:
            values = [round(x, 4) for x in (opened, max(spread), min(spread), price)]
            found[row] = Bar(NAN if no_open else values[0], *values[1:], float(round(traded)))
    return found
