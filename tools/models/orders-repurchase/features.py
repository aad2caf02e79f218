"""The features of one customer. The TypeScript twin is libs/domains/orders/src/repurchase/features.ts; change both or neither.

Purchases are lines with a positive quantity of invoices that are no cancellations; an order is an invoice with such a line. Logarithms have base 2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from columns import PRICES_PER_UNIT, Bools, Columns, Floats, Ints, lower_median

FEATURES = [
    "recency",
    "recency_share",
    "orders",
    "order_days",
    "tenure",
    "gap",
    "overdue",
    "rate",
    "days_of_last_30",
    "days_of_last_90",
    "value_vs_usual",
    "spent_vs_usual",
    "largest_vs_usual",
    "lines",
    "variety",
    "quantity",
    "price",
    "popularity",
    "cancellations",
    "history",
]

MOST_OVERDUE = 20.0
SETTLING_DAYS = 15
"""Keeps the rate of a customer of a few days low."""
NO_GAP = -1.0


@dataclass(frozen=True)
class Customers:
    number: Ints
    """Customers with a purchase, as numbered in the columns, ascending."""
    matrix: NDArray[np.float32]
    """One row for each of them, one column for each of FEATURES."""


def customers_of(export: Columns) -> Customers:
    first_day, last_day = int(export.day.min()), int(export.day.max())
    bought = export.where(export.bought)
    known = bought.where(bought.customer >= 0)
    number, who = np.unique(known.customer, return_inverse=True)
    if len(number) == 0:
        return Customers(number, np.zeros((0, len(FEATURES)), dtype=np.float32))
    orders = count_of(who, known.invoice)
    features = {
        **rhythm(who, known.day, first_day, last_day),
        **worth(who, known, orders, lower_median(sums(bought.invoice, bought.value))),
        **basket(who, known, orders),
        "orders": np.log2(orders),
        "cancellations": np.log2(1 + cancellations(export.where(export.cancelled), number)),
    }
    return Customers(number, np.stack([features[name] for name in FEATURES], axis=1).astype(np.float32))


def rhythm(who: Ints, day: Ints, first_day: int, last_day: int) -> dict[str, Floats]:
    """When a customer bought. Days are counted from the export's last day."""
    customers = int(who.max()) + 1
    first, last = np.full(customers, last_day), np.full(customers, first_day)
    np.minimum.at(first, who, day)
    np.maximum.at(last, who, day)
    days, recency, tenure, span = count_of(who, day), last_day - last, last_day - first, last_day - first_day + 1
    gap = (last - first) / np.maximum(days - 1, 1)
    again = days > 1
    return {
        "recency": np.log2(1 + recency),
        "recency_share": recency / span,
        "order_days": np.log2(days),
        "tenure": np.log2(1 + tenure),
        "gap": np.where(again, np.log2(1 + gap), NO_GAP),
        "overdue": np.where(again, np.minimum(recency / np.where(again, gap, 1), MOST_OVERDUE), NO_GAP),
        "rate": days / (tenure + SETTLING_DAYS),
        "days_of_last_30": count_of(who, day, day > last_day - 30),
        "days_of_last_90": count_of(who, day, day > last_day - 90),
        "history": np.full(customers, np.log2(span)),
    }


def worth(who: Ints, known: Columns, orders: Ints, usual: float) -> dict[str, Floats]:
    """What a customer spent, against the usual (lower median) value of an order of the export, guests' orders included."""
    spent = np.bincount(who, weights=known.value)
    largest = np.zeros(len(spent))
    np.maximum.at(largest, who, known.value)
    return {
        "value_vs_usual": np.log2(spent / orders / usual),
        "spent_vs_usual": np.log2(spent / usual),
        "largest_vs_usual": np.log2(largest / usual),
    }


def basket(who: Ints, known: Columns, orders: Ints) -> dict[str, Floats]:
    """What a customer buys. The popularity of a product is the share of the known customers who bought it."""
    lines = np.bincount(who)
    buyers = count_of(known.product, known.customer)[np.unique(known.product, return_inverse=True)[1]]
    mean = lambda values: np.bincount(who, weights=values) / lines  # noqa: E731
    return {
        "lines": np.log2(lines / orders),
        "variety": count_of(who, known.product) / lines,
        "quantity": mean(np.log2(known.quantity)),
        "price": mean(np.log2(known.price / PRICES_PER_UNIT)),
        "popularity": mean(np.log2(buyers / len(lines))),
    }


def cancellations(cancelled: Columns, number: Ints) -> Ints:
    """Cancelling invoices of each of the customers."""
    pairs = np.unique(np.stack([cancelled.customer, cancelled.invoice]), axis=1)
    customers, counts = np.unique(pairs[0], return_counts=True)
    found = dict(zip(customers.tolist(), counts.tolist()))
    return np.array([found.get(customer, 0) for customer in number.tolist()], dtype=np.int64)


def count_of(who: Ints, what: Ints, kept: Bools | None = None) -> Ints:
    """How many different values of `what` each group has; groups that `who` does not name are left out."""
    groups = np.unique(who)
    chosen = slice(None) if kept is None else kept
    pairs = np.unique(np.stack([who[chosen], what[chosen]]), axis=1)
    counts = np.zeros(int(groups.max()) + 1, dtype=np.int64)
    np.add.at(counts, pairs[0], 1)
    return counts[groups]


def sums(group: Ints, values: Ints) -> Ints:
    """Of each group that `group` names."""
    groups, index = np.unique(group, return_inverse=True)
    totals = np.zeros(len(groups), dtype=np.int64)
    np.add.at(totals, index, values)
    return totals
