"""Order lines as arrays, which is the form that features are computed from."""

from dataclasses import dataclass, fields
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from order_lines import Line

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EPOCH = datetime(1970, 1, 1)
PRICES_PER_UNIT = 10_000


@dataclass(frozen=True)
class Columns:
    """One entry a line; customers, invoices and products are numbered in the order of their first appearance."""

    customer: Ints
    """-1 for guests."""
    invoice: Ints
    product: Ints
    quantity: Ints
    price: Ints
    """In ten-thousandths."""
    minute: Ints
    """Of the invoice's first line, counted from 1970."""
    cancelled: Bools
    row: Ints

    @property
    def day(self) -> Ints:
        return self.minute // 1440

    @property
    def value(self) -> Ints:
        return self.quantity * self.price

    @property
    def bought(self) -> Bools:
        return ~self.cancelled & (self.quantity > 0)

    def where(self, kept: Bools) -> "Columns":
        return Columns(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})

    def between(self, first: int, last: int) -> "Columns":
        """The lines of these days, both included."""
        return self.where((self.day >= first) & (self.day <= last))


def columns(lines: list[Line]) -> Columns:
    starts: dict[str, int] = {}
    for line in lines:
        starts.setdefault(line.invoice, minute_of(line.date))
    return Columns(
        customer=numbered([line.customer for line in lines], {"": -1}),
        invoice=numbered([line.invoice for line in lines]),
        product=numbered([line.product for line in lines]),
        quantity=np.array([line.quantity for line in lines], dtype=np.int64),
        price=np.array([line.price for line in lines], dtype=np.int64),
        minute=np.array([starts[line.invoice] for line in lines], dtype=np.int64),
        cancelled=np.array([line.cancellation for line in lines]),
        row=np.array([line.row for line in lines], dtype=np.int64),
    )


def numbered(names: list[str], known: dict[str, int] | None = None) -> Ints:
    """From 0, but for the names that are known already."""
    numbers = dict(known or {})
    given = len(numbers)
    return np.array([numbers.setdefault(name, len(numbers) - given) for name in names], dtype=np.int64)


def minute_of(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds()) // 60


def day_number(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH.date()).days


def lower_median(values: NDArray) -> float:
    return np.sort(values)[(len(values) - 1) // 2]
