"""What an account is told, and what one order costs it by the words of the rules."""

import math
from dataclasses import dataclass

from slow_strategy import NAN, log_return_deviation

LIQUIDITY_WINDOW = 20
IMPACT_CAP = 50e-4
PERIODS_A_YEAR = 252


@dataclass
class Account:
    start_capital: float = 10000.0
    fill: str = "next_open"
    commission_bps: float = 0.5
    spread_w: float = 0.25
    impact_w: float = 0.5
    cost_model: str = "linear"  # linear | sqrt
    impact_coef: float = 1.0
    participation_cap: float = 0.0
    cash_rate: float = 0.0
    allow_short: bool = False
    borrow_fee: float = 0.005
    initial_margin: float = 0.5
    maintenance_margin: float = 0.3
    min_trade: float = 1e-9
    lot_size: float = 0.0
    delist_after: int = 5
    delist_haircut: float = 0.0
    first_row: int = 0


@dataclass
class Liquidity:
    """Of a symbol on the bar that decided an order; NaN where it is not known."""

    volatility: float = NAN
    adv: float = NAN


def liquidity_of_bars(bars):
    """`{row: Liquidity}` of one symbol over its own bars."""
    rows = sorted(bars)
    deviation = log_return_deviation([bars[row].close for row in rows], LIQUIDITY_WINDOW)
    traded = [bars[row].close * bars[row].volume for row in rows]
    found = {}
    for number, row in enumerate(rows):
        window = traded[number + 1 - LIQUIDITY_WINDOW : number + 1] if number + 1 >= LIQUIDITY_WINDOW else []
        found[row] = Liquidity(deviation[number], math.fsum(window) / LIQUIDITY_WINDOW if window else NAN)
    return found


class OrderCosts:
    def __init__(self, account):
        self.account = account

    def impact(self, notional, liquidity):
        """`(fraction of notional, whether that is the cap)`."""
        account = self.account
        if account.cost_model == "linear":
            return account.impact_w / 1e4, False
        if account.impact_coef == 0:
            return 0.0, False
        if not (liquidity.volatility >= 0 and liquidity.adv > 0):
            return IMPACT_CAP, True
        free = account.impact_coef * liquidity.volatility * math.sqrt(notional / liquidity.adv)
        return min(free, IMPACT_CAP), free > IMPACT_CAP

    def parts(self, notional, liquidity):
        """Commission, spread and slippage in cash."""
        account = self.account
        impact, _ = self.impact(notional, liquidity)
        return [notional * account.commission_bps / 1e4, notional * account.spread_w / 1e4, notional * impact]

    def total(self, notional, liquidity):
        return math.fsum(self.parts(notional, liquidity)) if notional else 0.0

    def rate(self, notional, liquidity):
        return self.total(notional, liquidity) / notional if notional else 0.0

    def most(self, liquidity):
        """Largest notional that trades on one bar."""
        if self.account.participation_cap == 0:
            return math.inf
        return self.account.participation_cap * liquidity.adv if liquidity.adv > 0 else 0.0
