"""The features of one order line. The TypeScript twin is libs/domains/orders/src/anomalies/features.ts; change both or neither.

"Others" are the other lines of the same product in the same export. Quantities are absolute. Ratios are log2.
"""

import numpy as np
from numpy.typing import NDArray

from order_lines import Line

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEATURES = [
    "quantity",
    "quantity_vs_usual",
    "quantity_same",
    "quantity_tenth",
    "quantity_tenfold",
    "quantity_swapped",
    "quantity_same_in_invoice",
    "price_vs_usual",
    "price_nearest",
    "price_same",
    "price_swapped",
    "value_vs_invoice",
    "value_share",
    "wrong_sign",
    "product_lines",
    "invoice_lines",
]


class Peers:
    """The values of each group, sorted, so that each value can be compared with the others of its group."""

    def __init__(self, group: Ints, value: Ints) -> None:
        order = np.lexsort((value, group))
        self.group, self.value, self.sorted = group, value, value[order]
        sizes = np.bincount(group)
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.first, self.size = self.starts[group], sizes[group]
        self.ranks = {key: rank for rank, key in reversed(list(enumerate(zip(group[order].tolist(), self.sorted.tolist()))))}
        self.counts: dict[tuple[int, int], int] = {}
        for key in zip(group.tolist(), value.tolist()):
            self.counts[key] = self.counts.get(key, 0) + 1
        self.rank = self.lookup(self.ranks, value)
        self.same = self.lookup(self.counts, value)

    def lookup(self, table: dict[tuple[int, int], int], value: Ints) -> Ints:
        return np.array([table.get(key, 0) for key in zip(self.group.tolist(), value.tolist())], dtype=np.int64)

    def usual(self) -> Ints:
        """The lower median of the others; the value itself where there are none."""
        index = self.first + np.maximum(self.size - 2, 0) // 2
        skipped = np.where(index < self.rank, index, np.minimum(index + 1, len(self.sorted) - 1))
        return np.where(self.size > 1, self.sorted[skipped], self.value)

    def share(self, count: Ints) -> Floats:
        return count / np.maximum(self.size - 1, 1)

    def share_same(self) -> Floats:
        return self.share(self.same - 1)

    def share_of(self, value: Ints) -> Floats:
        return self.share(self.lookup(self.counts, value))

    def share_swapped(self, digits: Ints, unit: Ints) -> Floats:
        """The share of the others that are `digits` with two neighbours swapped, times `unit`."""
        keys = zip(self.group.tolist(), digits.tolist(), unit.tolist())
        count = [sum(self.counts.get((group, other * unit), 0) for other in swaps(number)) for group, number, unit in keys]
        return self.share(np.array(count, dtype=np.int64))

    def nearest(self) -> Floats:
        """The log2 distance to the nearest other value; 0 without others."""
        last = len(self.sorted) - 1
        below = np.where(self.rank > self.first, self.sorted[np.maximum(self.rank - 1, 0)], 0)
        after = self.rank + self.same
        above = np.where(after < self.first + self.size, self.sorted[np.minimum(after, last)], 0)
        distance = np.minimum(log_distance(self.value, below), log_distance(above, self.value))
        return np.where((self.same > 1) | (self.size == 1), 0.0, distance)


def log_distance(high: Ints, low: Ints) -> Floats:
    valid = (high > 0) & (low > 0)
    return np.where(valid, np.log2(np.where(valid, high, 1) / np.where(valid, low, 1)), np.inf)


def swaps(number: int) -> list[int]:
    """What `number` becomes when two neighbouring, different digits are swapped; never with a leading zero."""
    text = str(number)
    swapped = [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1) if text[i] != text[i + 1]]
    return [int(other) for other in swapped if other[0] != "0"]


def numbered(names: list[str]) -> Ints:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def feature_matrix(lines: list[Line]) -> NDArray[np.float32]:
    """One row for each line, one column for each of FEATURES."""
    product, invoice = numbered([line.product for line in lines]), numbered([line.invoice for line in lines])
    signed = np.array([line.quantity for line in lines], dtype=np.int64)
    price = np.array([line.price for line in lines], dtype=np.int64)
    cancellation = np.array([line.cancellation for line in lines])
    quantity = np.abs(signed)
    value = quantity * price
    columns = {
        **quantity_features(Peers(product, quantity), quantity),
        **price_features(Peers(product, price), price),
        **invoice_features(invoice, quantity, value),
        "wrong_sign": (signed < 0) != cancellation,
        "product_lines": np.log2(np.bincount(product)[product]),
    }
    return np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)


def quantity_features(peers: Peers, quantity: Ints) -> dict[str, Floats]:
    tenth = np.where(quantity % 10 == 0, quantity // 10, -1)
    return {
        "quantity": np.log2(np.maximum(quantity, 1)),
        "quantity_vs_usual": np.log2(np.maximum(quantity, 1) / np.maximum(peers.usual(), 1)),
        "quantity_same": peers.share_same(),
        "quantity_tenth": np.where(quantity > 0, peers.share_of(tenth), 0.0),
        "quantity_tenfold": np.where(quantity > 0, peers.share_of(quantity * 10), 0.0),
        "quantity_swapped": peers.share_swapped(quantity, np.ones_like(quantity)),
    }


def price_features(peers: Peers, price: Ints) -> dict[str, Floats]:
    """Digits of a price are those of its hundredths, unless it is finer than that."""
    unit = np.where(price % 100 == 0, 100, 1)
    return {
        "price_vs_usual": np.log2(price / peers.usual()),
        "price_nearest": peers.nearest(),
        "price_same": peers.share_same(),
        "price_swapped": peers.share_swapped(price // unit, unit),
    }


def invoice_features(invoice: Ints, quantity: Ints, value: Ints) -> dict[str, Floats]:
    total = np.zeros(invoice.max() + 1)
    np.add.at(total, invoice, value.astype(np.float64))
    return {
        "quantity_same_in_invoice": Peers(invoice, quantity).share_same(),
        "value_vs_invoice": np.log2(np.maximum(value, 1) / np.maximum(Peers(invoice, value).usual(), 1)),
        "value_share": value / np.maximum(total[invoice], 1),
        "invoice_lines": np.log2(np.bincount(invoice)[invoice]),
    }
