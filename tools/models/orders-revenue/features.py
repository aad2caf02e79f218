"""The features of an export for the forecast of its next seven days. The TypeScript twin is libs/domains/orders/src/revenue/features.ts; change both or neither.

Sales are those of goods. An order is an invoice with a purchased line; large orders are counted as far as the cap only, so that they do not pass for demand.
"""

import re
from dataclasses import dataclass

import numpy as np

from columns import Bools, Columns, Floats, Ints

FEATURES = ["weeks", "last_week", "large_orders"]

WEEK = 7
MOST_WEEKS = 4
DECAY = 0.7
"""How much a week counts against the one after it."""
CAP_QUANTILE = 0.95
SMALLEST_RATIO = 1 / 16
GOODS = re.compile(r"(?!gift_|DCGS).*\d{3}", re.IGNORECASE)


@dataclass(frozen=True)
class Sales:
    """By day, the last day of the export last. Amounts in ten-thousandths."""

    last_day: int
    net: Ints
    """Purchases less cancellations."""
    orders: list[Ints]
    """The value of each order."""

    @property
    def weeks(self) -> int:
        return min(len(self.net) // WEEK, MOST_WEEKS)

    def until(self, day: int, days: int) -> "Sales":
        """As if the export had ended on `day` and begun `days` - 1 days before."""
        end = len(self.net) - (self.last_day - day)
        start = max(end - days, 0)
        return Sales(day, self.net[start:end], self.orders[start:end])


def goods_of(codes: list[str]) -> Bools:
    """Codes of services (postage, fees, manual corrections) have no three digits in a row; vouchers are told by their beginning."""
    known = {code: GOODS.match(code) is not None for code in set(codes)}
    return np.array([known[code] for code in codes])


def sales_of(export: Columns, goods: Bools) -> Sales:
    """The days run from the first to the last of the export, services included."""
    first, last = int(export.day.min()), int(export.day.max())
    sold = export.where(goods)
    net = np.zeros(last - first + 1, dtype=np.int64)
    np.add.at(net, sold.day - first, sold.value)
    bought = sold.where(sold.bought)
    invoice, line = np.unique(bought.invoice, return_index=True)
    value = np.zeros(len(invoice), dtype=np.int64)
    np.add.at(value, np.searchsorted(invoice, bought.invoice), bought.value)
    day = bought.day[line] - first
    return Sales(last, net, [value[day == number] for number in range(len(net))])


@dataclass(frozen=True)
class Outlook:
    level: float
    """The usual value of a week's orders, as far as the cap; in ten-thousandths."""
    features: list[float]
    shares: Floats
    """What each of the next seven days has of a week."""


def outlook(sales: Sales) -> Outlook | None:
    """None without a whole week, or without orders in the weeks that count."""
    weeks = sales.weeks
    recent = sales.orders[len(sales.orders) - WEEK * weeks :]
    values = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *recent]))
    if weeks == 0 or len(values) == 0:
        return None
    cap = values[int(CAP_QUANTILE * (len(values) - 1))]
    capped = np.array([np.minimum(day, cap).sum() for day in recent], dtype=np.float64).reshape(weeks, WEEK)[::-1]
    whole = np.array([day.sum() for day in recent], dtype=np.float64).reshape(weeks, WEEK)[::-1]
    level = usual(capped.sum(axis=1))
    features = [1 / weeks, log_ratio(capped[0].sum(), level), log_ratio(usual(whole.sum(axis=1)), level)]
    return Outlook(level, features, np.array([usual(capped[:, day]) for day in range(WEEK)]) / level)


def log_ratio(part: float, of: float) -> float:
    return float(np.log(max(part / of, SMALLEST_RATIO)))


def usual(by_week: Floats) -> float:
    """The weighted mean, the latest week first."""
    weights = DECAY ** np.arange(len(by_week))
    return float((weights * by_week).sum() / weights.sum())
