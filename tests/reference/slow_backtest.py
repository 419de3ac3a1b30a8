"""The loop over bars with dictionaries and one symbol at a time: cash, shares, open orders, fills, equity."""

import math
from dataclasses import dataclass, field

from slow_costs import PERIODS_A_YEAR, Account, Liquidity, OrderCosts, liquidity_of_bars
from slow_strategy import Strategy

__all__ = ["Account", "SlowBacktest", "orders_at"]

SHORTAGE = 1e-9  # share of equity that cash may be below zero at `same_close`, and the margin below its mark
FIXED_POINT_STEPS = 8


@dataclass
class Result:
    orders: list = field(default_factory=list)  # row, symbol, qty, price
    trades: list = field(default_factory=list)  # dictionaries
    equity: list = field(default_factory=list)  # dictionaries
    holdings: list = field(default_factory=list)  # (cash, shares) before the decision of each row
    margin_calls: int = 0
    margin_covers: int = 0
    impact_capped: int = 0
    participation_capped: int = 0


@dataclass
class OpenOrder:
    qty: float
    liquidity: Liquidity  # of the bar that decided it


@dataclass
class Plan:
    """An order that meets a price: the part that reduces a holding and the part that opens or enlarges one."""

    order: OpenOrder
    price: float
    closing: float
    opening: float
    whole: bool = True

    def qty(self):
        return self.order.qty if self.whole else self.closing + self.opening

    def notional(self):
        return abs(self.closing + self.opening) * self.price


class SlowBacktest:
    def __init__(self, market, rules, account):
        self.market = market
        self.rules = rules
        self.account = account
        self.costs = OrderCosts(account)
        self.liquidity = {symbol: liquidity_of_bars(market.bars[symbol]) for symbol in market.symbols}
        self.strategy = Strategy(market, rules)
        self.cash = account.start_capital
        self.shares = dict.fromkeys(market.symbols, 0.0)
        self.last_close = {}
        self.rows_without_bar = dict.fromkeys(market.symbols, 0)
        self.open_orders = {}
        self.held_sides = set()  # (symbol, 1 or -1) of the last decisions
        self.result = Result()

    def run(self):
        for row in range(len(self.market.days)):
            if row > self.account.first_row:
                interest, fee = self._carry()
            else:
                interest, fee = 0.0, 0.0
            self.cash += interest - fee
            at_open = self.account.fill == "next_open"
            if at_open and row >= self.account.first_row:
                self._fill(row, self.open_orders, "open", self._equity())
            self._see(row)
            if row < self.account.first_row:
                continue
            if at_open:
                self._delist(row)
            self._keep_holdings()
            equity = self._equity()
            self._order(row)
            if not at_open:
                self._fill(row, self.open_orders, "close", equity)
                self._delist(row)
            self._mark(row, interest, fee)
        self.result.trades.sort(key=lambda t: (t["row"], self.market.symbols.index(t["symbol"])))
        return self.result

    def _carry(self):
        """Interest on the cash and fee on the shorts that the row before ended with."""
        shorts = math.fsum(max(-self._value(symbol), 0.0) for symbol in self.market.symbols)
        interest = self.cash * self.account.cash_rate / PERIODS_A_YEAR
        return interest, shorts * self.account.borrow_fee / PERIODS_A_YEAR

    def _see(self, row):
        """Closes of a row are known for all that comes after the open."""
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

    def _mark(self, row, interest, fee):
        equity = self._equity()
        values = [self._value(symbol) for symbol in self.market.symbols]
        self.result.equity.append(
            {
                "row": row,
                "equity": equity,
                "cash": self.cash,
                "gross_exposure": math.fsum(abs(v) for v in values) / equity if equity > 0 else 0.0,
                "net_exposure": math.fsum(values) / equity if equity > 0 else 0.0,
                "interest": interest,
                "borrow_fee": fee,
            }
        )

    # Decisions

    def _order(self, row):
        """What the strategy decides, and the covers that a margin call forces; `open_orders` is what is open after."""
        listed = []
        if self.strategy.decides(row, self.account.first_row):
            self.open_orders = self._decide(row)
            listed = list(self.open_orders)
        listed += [symbol for symbol in self._call_margin(row) if symbol not in listed]
        for symbol in sorted(listed, key=self.market.symbols.index):
            order = {"row": row, "symbol": symbol, "qty": self.open_orders[symbol].qty}
            bar = self.market.bars[symbol].get(row)
            self.result.orders.append({**order, "price": bar.close if bar else math.nan})

    def _decide(self, row):
        kept, shares_of_budget = self.strategy.choose(row, self.held_sides)
        kept_sides = {(symbol, side) for symbol, side in self.held_sides if symbol in kept}
        self.held_sides = kept_sides | {(symbol, 1 if share > 0 else -1) for symbol, share in shares_of_budget.items()}
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
                after_costs = equity - math.fsum(self._cost_of(row, s, targets[s]) for s in traded)
            targets = self._targets(after_costs, kept, decided, shares_of_budget)
        orders = {}
        for symbol in traded:
            qty = self._whole_lots(targets[symbol] / self.last_close[symbol]) - self.shares[symbol]
            if qty != 0:
                orders[symbol] = OpenOrder(qty, self.liquidity[symbol][row])
        return orders

    def _cost_of(self, row, symbol, target):
        liquidity = self.liquidity[symbol][row]
        return self.costs.total(min(abs(target - self._value(symbol)), self.costs.most(liquidity)), liquidity)

    def _targets(self, equity, kept, decided, shares_of_budget):
        """Cash wanted in each decided symbol; shorts share what longs do not, and are negative."""
        values = [self._value(symbol) for symbol in kept]
        net = self.rules.gross if self.rules.net is None and not self.account.allow_short else self.rules.net or 0.0
        longs = (self.rules.gross + net) / 2 * equity - math.fsum(max(value, 0.0) for value in values)
        shorts = (self.rules.gross - net) / 2 * equity - math.fsum(max(-value, 0.0) for value in values)
        cap = self.rules.max_weight * max(equity, 0.0)
        found = {}
        for symbol in decided:
            share = shares_of_budget.get(symbol, 0.0)
            wanted = share * max(longs if share > 0 else shorts, 0.0)
            found[symbol] = max(min(wanted, cap), -cap)
        return found

    def _is_order(self, symbol, target, equity):
        held = self._value(symbol)
        difference = abs(target - held)
        if difference == 0 or difference < self.account.min_trade * equity:
            return False
        stays_on_its_side = held * target > 0
        return not stays_on_its_side or difference >= self.rules.band * equity

    def _call_margin(self, row):
        """Below the maintenance margin every short is covered by the part that leaves the initial margin."""
        account, equity = self.account, self._equity()
        shorts = math.fsum(max(-self._value(symbol), 0.0) for symbol in self.market.symbols)
        if shorts == 0 or equity >= account.maintenance_margin * shorts:
            return []
        self.result.margin_calls += 1
        left = max(equity, 0.0) / account.initial_margin / shorts
        called = []
        for symbol in self.market.symbols:
            held = self.shares[symbol]
            if held >= 0:
                continue
            cover = self._whole_lots(held * left) - held
            waiting = self.open_orders.get(symbol)
            if waiting is None or waiting.qty < cover:
                self.open_orders[symbol] = OpenOrder(cover, self.liquidity[symbol].get(row, Liquidity()))
                called.append(symbol)
        self.result.margin_covers += len(called)
        return called

    def _whole_lots(self, shares):
        lot = self.account.lot_size
        return math.trunc(shares / lot) * lot if lot else shares

    # Fills

    def _fill(self, row, orders, moment, equity):
        """Fills what meets a price: sales and short sales, then covers, then buys. `equity` is that before."""
        plans, prices = {}, {}
        for symbol in self.market.symbols:
            bar = self.market.bars[symbol].get(row)
            price = getattr(bar, moment) if bar else math.nan
            prices[symbol] = self.last_close.get(symbol, 0.0) if math.isnan(price) else price
            if symbol not in orders:
                continue
            if math.isnan(price):
                self._record(row, symbol, orders[symbol].qty, math.nan, 0.0, "waiting", Liquidity())
            else:
                plans[symbol] = self._plan(symbol, orders.pop(symbol), price)
        self._scale_short_sales(plans, prices, SHORTAGE * max(equity, 0.0))
        shortage = SHORTAGE * equity if self.account.fill == "same_close" else 0.0
        self._scale_buys(plans, shortage)
        for symbol, plan in plans.items():
            filled, order = plan.qty(), plan.order
            status = "filled" if filled == order.qty else "partial"
            self._trade(row, symbol, order.qty, plan.price, filled, status, order.liquidity)

    def _plan(self, symbol, order, price):
        qty, held = order.qty, self.shares[symbol]
        most = self.costs.most(order.liquidity)
        if abs(qty) * price > most:
            qty = self._whole_lots(math.copysign(most / price, qty))
            self.result.participation_capped += 1
        closing = math.copysign(min(abs(qty), abs(held)), qty) if qty * held < 0 else 0.0
        return Plan(order, price, closing, qty - closing, qty == order.qty)

    def _scale_short_sales(self, plans, prices, shortage):
        """By one factor, so that equity at these prices is initial_margin of the short value after them."""
        openings = {s: plan for s, plan in plans.items() if plan.opening < 0}
        after = {s: self.shares[s] + (plans[s].closing if s in plans else 0.0) for s in self.market.symbols}
        kept = math.fsum(max(-qty, 0.0) * prices[s] for s, qty in after.items())
        opened = math.fsum(-plan.opening * plan.price for plan in openings.values())
        equity = self.cash + math.fsum(self.shares[s] * prices[s] for s in self.market.symbols)
        margin = self.account.initial_margin
        if not openings or margin == 0 or margin * (kept + opened) <= equity + shortage:
            return
        self._scale(openings.values(), (equity / margin - kept) / opened)

    def _scale_buys(self, plans, shortage):
        """By one factor, so that cash is not below zero; costs count at the rate of the whole order."""
        available, needed = self.cash, 0.0
        for plan in plans.values():
            rate = self.costs.rate(plan.notional(), plan.order.liquidity)
            if plan.closing > 0 or plan.opening > 0:
                available -= plan.closing * plan.price * (1 + rate)
                needed += plan.opening * plan.price * (1 + rate)
            else:
                available += plan.notional() * (1 - rate)
        if needed > available + shortage and needed > 0:
            self._scale([plan for plan in plans.values() if plan.opening > 0], available / needed)

    def _scale(self, plans, factor):
        for plan in plans:
            factor = factor if factor >= 1e-12 else 0.0  # a rounding remainder opens nothing
            plan.opening = self._whole_lots(plan.opening * factor)
            plan.whole = False

    def _delist(self, row):
        for symbol in self.market.symbols:
            gone = self.rows_without_bar[symbol] >= self.account.delist_after
            if gone and symbol in self.last_close:
                self.held_sides -= {(symbol, 1), (symbol, -1)}
                held = self.shares[symbol]
                if held != 0:
                    self.open_orders.pop(symbol, None)
                    haircut = self.account.delist_haircut if held > 0 else 0.0
                    price = self.last_close[symbol] * (1 - haircut)
                    self._trade(row, symbol, -held, price, -held, "delisted", Liquidity())

    def _trade(self, row, symbol, qty, price, filled, status, liquidity):
        costs = self._record(row, symbol, qty, price, filled, status, liquidity)
        self.cash -= filled * price + costs
        self.shares[symbol] = 0.0 if filled == -self.shares[symbol] else self.shares[symbol] + filled

    def _record(self, row, symbol, qty, price, filled, status, liquidity):
        notional = abs(filled) * price if filled else 0.0
        parts = self.costs.parts(notional, liquidity)
        impact, is_capped = self.costs.impact(notional, liquidity)
        self.result.impact_capped += is_capped and filled != 0
        moved = self.account.spread_w / 1e4 + impact
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
    run._order(row)
    return {symbol: order.qty for symbol, order in run.open_orders.items()}
