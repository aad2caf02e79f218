"""Cuts real months into exports as shops might send them, and labels the faults put into them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faults import Random, with_faults
from features import feature_matrix, numbered
from order_lines import Line


@dataclass(frozen=True)
class Labelled:
    matrix: NDArray[np.float32]
    wrong: NDArray[np.bool_]
    invoice: NDArray[np.int64]
    faults: dict[int, str]


def labelled(lines: list[Line], rate: float, random: Random) -> Labelled:
    """`lines` with faults in `rate` of the invoices, as features and labels of lines."""
    changed, faults = with_faults(lines, rate, random)
    wrong = np.zeros(len(changed), dtype=bool)
    wrong[list(faults)] = True
    return Labelled(feature_matrix(changed), wrong, numbered([line.invoice for line in changed]), faults)


def exports(lines: list[Line], random: Random) -> Iterator[list[Line]]:
    """Each month whole (three times), by week, by day, and with few products."""
    for month in split(lines, "%Y-%m"):
        yield from [month] * 3
        yield from split(month, "%G-%V")
        yield from split(month, "%Y-%m-%d")
        for _ in range(15):
            yield few_products(month, int(random.integers(15, 120)), random)


def split(lines: list[Line], period: str) -> list[list[Line]]:
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.date.strftime(period), []).append(line)
    return list(parts.values())


def few_products(lines: list[Line], count: int, random: Random) -> list[Line]:
    """Products are drawn in proportion to their number of lines."""
    names, weights = np.unique([line.product for line in lines], return_counts=True)
    kept = set(random.choice(names, count, replace=False, p=weights / weights.sum()).tolist())
    return [line for line in lines if line.product in kept]
