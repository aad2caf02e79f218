"""Recency, frequency and monetary value of one customer. The TypeScript twin is libs/domains/orders/src/segments/cluster-features.ts; change both or neither.

Relative to the export, so that exports of any length and currency can be told apart by the same centres; each with a weight that brings it to a spread of about 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from columns import Columns, Ints, lower_median

FEATURES = ["recency", "frequency", "monetary"]
WEIGHTS = np.array([3.5, 1.6, 0.75])
MOST_TIMES_USUAL = 16


@dataclass(frozen=True)
class Buyers:
    number: Ints
    """Known customers with a purchase, as numbered in the columns, ascending."""
    matrix: NDArray[np.float32]


def buyers_of(export: Columns) -> Buyers:
    first_day, last_day = int(export.day.min()), int(export.day.max())
    known = export.where(export.bought & (export.customer >= 0))
    number, who = np.unique(known.customer, return_inverse=True)
    last = np.full(len(number), first_day)
    np.maximum.at(last, who, known.day)
    orders = np.bincount(np.unique(np.stack([who, known.invoice]), axis=1)[0], minlength=len(number))
    revenue = np.bincount(export.customer + 1, weights=export.value, minlength=int(number.max(initial=0)) + 2)[number + 1]
    usual = max(lower_median(revenue), 1) if len(number) else 1
    worth = np.log2(np.clip(revenue / usual, 1 / MOST_TIMES_USUAL, MOST_TIMES_USUAL))
    columns = [(last_day - last) / (last_day - first_day + 1), np.log2(orders), worth]
    return Buyers(number, (np.stack(columns, axis=1) * WEIGHTS).astype(np.float32))
