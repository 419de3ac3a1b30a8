"""The strategy trend_baseline in vectorbt: daily target percentages, one cash account, sells first.

Its own rules: targets are percentages of the equity before costs, each order takes what cash is left. Equity
comes out near that of docs/backtest.md, not equal to it.
"""

import warnings

import pandas
import vectorbt

from measured import COST_RATE, FAST, SLOW, START_CAPITAL, measure


def run(close):
    bars = pandas.DataFrame(close, index=pandas.date_range("2015-01-01", periods=len(close), freq="D"))
    fast = bars.ewm(span=FAST, adjust=False, min_periods=FAST).mean()
    slow = bars.ewm(span=SLOW, adjust=False, min_periods=SLOW).mean()
    is_long = fast > slow
    weights = is_long.div(is_long.sum(axis=1).clip(lower=1), axis=0).where(slow.notna())
    portfolio = vectorbt.Portfolio.from_orders(
        bars, size=weights, size_type="targetpercent", group_by=True, cash_sharing=True, call_seq="auto",
        fees=COST_RATE, init_cash=START_CAPITAL, freq="1D")
    return portfolio.value().iloc[-1], len(portfolio.order_records)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    measure("vectorbt", 200, run, 7)
