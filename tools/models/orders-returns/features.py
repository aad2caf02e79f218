"""The features of one purchased line. The TypeScript twin is libs/domains/orders/src/returns/features.ts; change both or neither.

All but `quantity_vs_usual` are as of the moment of the purchase: of invoices of the same export that are strictly earlier. Logarithms have base 2.
"""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from columns import PRICES_PER_UNIT, Columns, Floats, Ints

FEATURES = [
    "quantity",
    "quantity_vs_usual",
    "price",
    "value",
    "invoice_quantity",
    "words",
    "orders_before",
    "spent_before",
    "cancellations_before",
    "lines_cancelled_before",
    "value_cancelled_before",
    "share_cancelled_before",
    "product_lines_before",
    "product_share_cancelled_before",
    "bought_before",
    "cancelled_before",
]

OWN = 6
"""Features of the line itself; the others are of what was known before."""
CUSTOMER_PRIOR_LINES = 20
PRODUCT_PRIOR_LINES, PRODUCT_PRIOR_CANCELLED = 15, 0.3


def purchases_of(export: Columns) -> Ints:
    """The lines that have features: purchases of known customers."""
    return np.flatnonzero(export.bought & (export.customer >= 0))


def feature_matrix(export: Columns, words: Floats) -> NDArray[np.float32]:
    """One row for each of `purchases_of`, one column for each of FEATURES. `words` is the score of each line's description."""
    chosen = purchases_of(export)
    bought = export.where(export.bought)
    lines = bought.where(bought.customer >= 0)
    usual = usual_quantity(bought)[bought.customer >= 0]
    units = lines.price / PRICES_PER_UNIT
    before = Before(export).rows
    columns = {
        "quantity": np.log2(lines.quantity),
        "quantity_vs_usual": np.log2(lines.quantity) - np.log2(usual),
        "price": np.log2(units),
        "value": np.log2(lines.quantity * units),
        "invoice_quantity": mean_by(lines.invoice, np.log2(lines.quantity)),
        "words": words[chosen],
    }
    own = np.stack(list(columns.values()), axis=1) if len(chosen) else np.zeros((0, len(columns)))
    return np.concatenate([own, before[chosen]], axis=1).astype(np.float32)


def usual_quantity(bought: Columns) -> Ints:
    """The lower median of the quantities of the other purchased lines of the product; the line's own where there are none."""
    size = bought.quantity
    order = np.lexsort((size, bought.product))
    ordered = size[order]
    groups = np.bincount(bought.product)
    first, count = (np.cumsum(groups) - groups)[bought.product], groups[bought.product]
    keys = bought.product * (int(size.max(initial=0)) + 1) + size
    rank = np.searchsorted(keys[order], keys)
    middle = first + np.maximum(count - 2, 0) // 2
    others = ordered[np.where(middle < rank, middle, np.minimum(middle + 1, len(ordered) - 1))]
    return np.where(count > 1, others, size)


def mean_by(group: Ints, values: Floats) -> Floats:
    """Of the group of each value."""
    return (np.bincount(group, weights=values) / np.maximum(np.bincount(group), 1))[group]


class Before:
    """Walks through an export in the order of time and notes for each line what was known before its invoice."""

    def __init__(self, export: Columns) -> None:
        self.export = export
        self.rows = np.zeros((len(export.row), len(FEATURES) - OWN))
        self.orders, self.cancellations = Counter[int](), Counter[int]()
        self.lines, self.lines_cancelled = Counter[int](), Counter[int]()
        self.spent, self.value_cancelled = Counter[int](), Counter[int]()
        self.product_lines, self.product_cancelled = Counter[int](), Counter[int]()
        self.pair_lines, self.pair_cancelled = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
        moments = defaultdict[int, list[int]](list)
        for line, minute in enumerate(export.minute.tolist()):
            moments[minute].append(line)
        self.columns = list(zip(export.customer.tolist(), export.product.tolist(), export.quantity.tolist(), export.value.tolist(), export.cancelled.tolist()))
        for minute in sorted(moments):
            self.visit(moments[minute])

    def visit(self, together: list[int]) -> None:
        """Lines of the same minute do not see each other. What is neither cancelled nor bought counts for nothing."""
        for line in together:
            customer, product, quantity, _, cancelled = self.columns[line]
            if not cancelled and quantity > 0 and customer >= 0:
                self.rows[line] = self.known(customer, product)
        counted = [line for line in together if self.columns[line][4] or self.columns[line][2] > 0]
        for _, customer, cancelled in {(int(self.export.invoice[line]), self.columns[line][0], self.columns[line][4]) for line in counted}:
            (self.cancellations if cancelled else self.orders)[customer] += 1
        for line in counted:
            self.count(*self.columns[line])

    def known(self, customer: int, product: int) -> list[float]:
        lines, cancelled = self.lines[customer], self.lines_cancelled[customer]
        return [
            np.log2(1 + self.orders[customer]),
            np.log2(1 + self.spent[customer] / PRICES_PER_UNIT),
            np.log2(1 + self.cancellations[customer]),
            np.log2(1 + cancelled),
            np.log2(1 + self.value_cancelled[customer] / PRICES_PER_UNIT),
            cancelled / (lines + CUSTOMER_PRIOR_LINES),
            np.log2(1 + self.product_lines[product]),
            (self.product_cancelled[product] + PRODUCT_PRIOR_CANCELLED) / (self.product_lines[product] + PRODUCT_PRIOR_LINES),
            np.log2(1 + self.pair_lines[customer, product]),
            np.log2(1 + self.pair_cancelled[customer, product]),
        ]

    def count(self, customer: int, product: int, _: int, value: int, cancelled: bool) -> None:
        """Guests are one customer nobody asks for."""
        if cancelled:
            self.lines_cancelled[customer] += 1
            self.value_cancelled[customer] += abs(value)
            self.product_cancelled[product] += 1
            self.pair_cancelled[customer, product] += 1
        else:
            self.lines[customer] += 1
            self.spent[customer] += value
            self.product_lines[product] += 1
            self.pair_lines[customer, product] += 1
