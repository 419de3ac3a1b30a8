"""The factor benchmark in DuckDB: SQL windows over the long form, two threads.

SQL has no recursive mean. Since all its values are positive, it is a running sum of values weighed by
(1 - a)^-row, times (1 - a)^row, without loss of digits over these 2520 rows.
"""

import duckdb

from factor_peer import HORIZON, NAMES, long_form, measure

DATABASE = duckdb.connect()
DATABASE.execute("set threads = 2")
DATABASE.execute(f"create table bars as select * from '{long_form()}'")


def recursive(value: str, weight: float, first: int, seed: str) -> str:
    """From row `first` on, where it is `seed`: e = (1 - weight) * e before + weight * value."""
    keep = 1 - weight
    term = (f"case when row > {first} then {weight} * {value} * pow({keep}, {first} - row) "
            f"when row = {first} then {seed} end")
    return f"case when row >= {first} then pow({keep}, row - {first}) * sum({term}) over w end"


def windowed(function: str, value: str, n: int, first: int) -> str:
    """Over the last n rows; NULL before row `first`."""
    frame = f"(partition by symbol order by timestamp rows between {n - 1} preceding and current row)"
    return f"case when row >= {first} then {function}({value}) over {frame} end"


def average_rank(name: str) -> str:
    """From the ranks of the first and the last of those that tie."""
    order = f"partition by timestamp order by {name}"
    last = f"count(*) over ({order} range between unbounded preceding and current row)"
    return f"(rank() over ({order}) + {last}) / 2"


FEATURES = {f"sma_{n}": f"close / {windowed('avg', 'close', n, n - 1)}" for n in (20, 50, 200)}
FEATURES |= {f"ema_{n}": f"case when row >= {n - 1} then close / {recursive('close', 2 / (n + 1), 0, 'close')} end"
             for n in (20, 60)}
FEATURES["atr_14"] = recursive("true_range", 1 / 14, 14, "range_mean") + " / close"
FEATURES["gain"] = recursive("up", 1 / 14, 14, "up_mean")
FEATURES["loss"] = recursive("down", 1 / 14, 14, "down_mean")
FEATURES |= {f"ret_{n}": f"ln(close / lag(close, {n}) over w)" for n in (1, 5, 20)}
FEATURES |= {f"vol_{n}": windowed("stddev_samp", "log_return", n, n) for n in (20, 60)}
FEATURES["momentum_12_1"] = "lag(close, 21) over w / lag(close, 252) over w - 1"
FEATURES["forward"] = f"lead(close, {HORIZON}) over w / close - 1"
RSI = "100 * gain / (gain + loss)"

QUERY = f"""
with numbered as (
  select *, row_number() over w - 1 as row, lag(close) over w as before from bars
  window w as (partition by symbol order by timestamp)
), changed as (
  select *, greatest(high, before) - least(low, before) as true_range, greatest(close - before, 0) as up,
    greatest(before - close, 0) as down, ln(close / before) as log_return from numbered
), seeded as (
  select *, {windowed('avg', 'true_range', 14, 14)} as range_mean, {windowed('avg', 'up', 14, 14)} as up_mean,
    {windowed('avg', 'down', 14, 14)} as down_mean from changed
), features as (
  select timestamp, {', '.join(f'{sql} as {name}' for name, sql in FEATURES.items())} from seeded
  window w as (partition by symbol order by timestamp)
), scores as (
  select timestamp, forward, {', '.join(
    f'({x} - avg({x}) over d) / stddev_samp({x}) over d as {name}'
    for name, x in ((name, RSI if name == 'rsi_14' else name) for name in NAMES))} from features
  window d as (partition by timestamp)
), ranks as (
  select timestamp, {', '.join(f"case when {name} is not null then {average_rank(name)} end as {name}"
                               for name in [*NAMES, 'forward'])}
  from scores
), daily as (
  select timestamp, {', '.join(f'corr({name}, forward) as {name}' for name in NAMES)} from ranks group by timestamp
)
select {', '.join(f'avg({name}) as {name}' for name in NAMES)} from daily
"""


def run() -> dict[str, float]:
    return dict(zip(NAMES, DATABASE.execute(QUERY).fetchone()))


if __name__ == "__main__":
    measure("duckdb", "duckdb", run, 2)
