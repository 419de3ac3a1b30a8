"""The loop over bars with dictionaries and one symbol at a time: cash, shares, open orders, fills, equity."""

import math
from dataclasses import dataclass, field

from slow_strategy import Strategy

SHORTAGE = 1e-9  # share of equity that cash may be below zero at `same_close`
FIXED_POINT_STEPS = 8


@dataclass
class Account:
    start_capital: float = 10000.0
    fill: str = "next_open"
    commission_bps: float = 0.5
    spread_w: float = 0.25
    impact_w: float = 0.5
    min_trade: float = 1e-9
    lot_size: float = 0.0
    delist_after: int = 5
    delist_haircut: float = 0.0
    first_row: int = 0

    def rate(self):
        return (self.commission_bps + self.spread_w + self.impact_w) / 1e4


@dataclass
class Result:
    orders: list = field(default_factory=list)  # row, symbol, qty, price
    trades: list = field(default_factory=list)  # dictionaries
    equity: list = field(default_factory=list)  # dictionaries
    holdings: list = field(default_factory=list)  # (cash, shares) before the decision of each row


class SlowBacktest:
    def __init__(self, market, rules, account):
        self.market = market
        self.rules = rules
        self.account = account
        self.strategy = Strategy(market, rules)
        self.cash = account.start_capital
        self.shares = dict.fromkeys(market.symbols, 0.0)
        self.last_close = {}
        self.rows_without_bar = dict.fromkeys(market.symbols, 0)
        self.open_orders = {}
        self.was_long = set()
        self.result = Result()

    def run(self):
        for row in range(len(self.market.days)):
            self._see(row)
            if row < self.account.first_row:
                continue
            if self.account.fill == "next_open":
                self._fill(row, self.open_orders, "open", shortage=0.0)
                self._delist(row)
                self._keep_holdings()
                if self.strategy.decides(row, self.account.first_row):
                    self.open_orders = self._decide(row)
            else:
                self._keep_holdings()
                if self.strategy.decides(row, self.account.first_row):
                    orders = self._decide(row)
                    self._fill(row, orders, "close", shortage=SHORTAGE * self._equity())
                self._delist(row)
            self._mark(row)
        self.result.trades.sort(key=lambda t: (t["row"], self.market.symbols.index(t["symbol"])))
        return self.result

    def _see(self, row):
        """Closes of a row are known for all that comes after the open; `_fill` at the open reads opens only."""
        for symbol in self.market.symbols:
            bar = self.market.bars[symbol].get(row)
            self.rows_without_bar[symbol] = 0 if bar else self.rows_without_bar[symbol] + 1
            if bar:
                self.last_close[symbol] = bar.close

    def _equity(self):
        return self.cash + math.fsum(self._value(symbol) for symbol in self.market.symbols)

    def _value(self, symbol):
        return self.shares[symbol] * self.last_close.get(symbol, 0.0)

    def _keep_holdings(self):
        self.result.holdings.append((self.cash, dict(self.shares)))

    def _mark(self, row):
        equity = self._equity()
        values = [self._value(symbol) for symbol in self.market.symbols]
        self.result.equity.append(
            {
                "row": row,
                "equity": equity,
                "cash": self.cash,
                "gross_exposure": math.fsum(abs(v) for v in values) / equity if equity > 0 else 0.0,
                "net_exposure": math.fsum(values) / equity if equity > 0 else 0.0,
            }
        )

    # Decisions

    def _decide(self, row):
        kept, shares_of_budget = self.strategy.choose(row, self.was_long)
        self.was_long = (self.was_long & kept) | set(shares_of_budget)
        equity = self._equity()
        if equity <= 0:
            return {}
        decided = [symbol for symbol in self.market.symbols if symbol not in kept]
        targets = self._targets(equity, kept, decided, shares_of_budget)
        traded = [symbol for symbol in decided if self._is_order(symbol, targets[symbol], equity)]
        if self.account.fill == "same_close":
            after_costs = equity
            for _ in range(FIXED_POINT_STEPS):
                targets = self._targets(after_costs, kept, decided, shares_of_budget)
                turnover = math.fsum(abs(targets[symbol] - self._value(symbol)) for symbol in traded)
                after_costs = equity - turnover * self.account.rate()
            targets = self._targets(after_costs, kept, decided, shares_of_budget)
        orders = {}
        for symbol in traded:
            close = self.last_close[symbol]
            qty = self._whole_lots(targets[symbol] / close) - self.shares[symbol]
            if qty != 0:
                orders[symbol] = qty
                self.result.orders.append({"row": row, "symbol": symbol, "qty": qty, "price": close})
        return orders

    def _targets(self, equity, kept, decided, shares_of_budget):
        """Cash wanted in each decided symbol."""
        budget = max(self.rules.gross * equity - math.fsum(self._value(symbol) for symbol in kept), 0.0)
        cap = self.rules.max_weight * equity
        return {symbol: min(shares_of_budget.get(symbol, 0.0) * budget, cap) for symbol in decided}

    def _is_order(self, symbol, target, equity):
        close = self.last_close[symbol]
        held = self._value(symbol)
        difference = abs(target - held)
        if difference == 0 or difference < self.account.min_trade * equity:
            return False
        is_entry_or_exit = held == 0 or target == 0
        return is_entry_or_exit or difference >= self.rules.band * equity

    def _whole_lots(self, shares):
        lot = self.account.lot_size
        return math.floor(shares / lot) * lot if lot else shares

    # Fills

    def _fill(self, row, orders, moment, shortage):
        buys = {}
        for symbol, qty in list(orders.items()):
            bar = self.market.bars[symbol].get(row)
            price = getattr(bar, moment) if bar else math.nan
            if math.isnan(price):
                self._record(row, symbol, qty, math.nan, 0.0, "waiting")
            elif qty < 0:
                self._trade(row, symbol, qty, price, qty, "filled")
                del orders[symbol]
            else:
                buys[symbol] = (qty, price)
                del orders[symbol]
        needed = math.fsum(qty * price for qty, price in buys.values()) * (1 + self.account.rate())
        scaled = needed > 0 and needed > self.cash + shortage
        factor = max(self.cash, 0.0) / needed if scaled else 1.0
        if factor < 1e-12:  # a rounding remainder of the cash buys nothing
            factor = 0.0
        for symbol, (qty, price) in buys.items():
            filled = self._whole_lots(qty * factor) if scaled else qty
            self._trade(row, symbol, qty, price, filled, "partial" if scaled else "filled")

    def _delist(self, row):
        for symbol in self.market.symbols:
            gone = self.rows_without_bar[symbol] >= self.account.delist_after
            if gone and symbol in self.last_close:
                self.was_long.discard(symbol)
                if self.shares[symbol] != 0:
                    self.open_orders.pop(symbol, None)
                    price = self.last_close[symbol] * (1 - self.account.delist_haircut)
                    self._trade(row, symbol, -self.shares[symbol], price, -self.shares[symbol], "delisted")

    def _trade(self, row, symbol, qty, price, filled, status):
        costs = self._record(row, symbol, qty, price, filled, status)
        self.cash -= filled * price + costs
        self.shares[symbol] = 0.0 if filled == -self.shares[symbol] else self.shares[symbol] + filled

    def _record(self, row, symbol, qty, price, filled, status):
        account = self.account
        notional = abs(filled) * price if filled else 0.0
        parts = [notional * bps / 1e4 for bps in (account.commission_bps, account.spread_w, account.impact_w)]
        moved = (account.spread_w + account.impact_w) / 1e4
        self.result.trades.append(
            {
                "row": row,
                "symbol": symbol,
                "side": "BUY" if qty > 0 else "SELL",
                "qty": abs(qty),
                "price": price,
                "fill_qty": abs(filled),
                "fill_price": price * (1 + moved if qty > 0 else 1 - moved),
                "status": status,
                "commission_cash": parts[0],
                "spread_cash": parts[1],
                "slippage_cash": parts[2],
                "total_cost_cash": math.fsum(parts),
            }
        )
        return math.fsum(parts)


def orders_at(market, rules, account, row, cash, shares):
    """What is decided at the close of a row by someone who holds this: `{symbol: qty}`."""
    run = SlowBacktest(market, rules, account)
    for seen in range(row + 1):
        run._see(seen)
    run.cash = cash
    run.shares.update(shares)
    return run._decide(row) if run.strategy.decides(row, account.first_row) else {}
