"""Errors of the kind that people and exports make, put into real lines at known places."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from features import swaps
from order_lines import Line

Random = np.random.Generator
Fault = Callable[[Line, Random], Line | None]


def times_quantity(factor: int) -> Fault:
    return lambda line, _: replace(line, quantity=line.quantity * factor)


def times_price(factor: int) -> Fault:
    return lambda line, _: replace(line, price=line.price * factor)


def any_quantity(line: Line, random: Random) -> Line:
    return replace(line, quantity=line.quantity * round(between(4, 150, random)))


def any_price(line: Line, random: Random) -> Line | None:
    """Up or down, rounded to the hundredth."""
    factor = between(1.5, 50, random)
    price = round(line.price * (factor if random.random() < 0.5 else 1 / factor) / 100) * 100
    return replace(line, price=price) if price not in (0, line.price) else None


def between(low: float, high: float, random: Random) -> float:
    """Every order of magnitude is as likely."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def tenth_of_quantity(line: Line, _: Random) -> Line | None:
    return replace(line, quantity=line.quantity // 10) if line.quantity % 10 == 0 else None


def tenth_of_price(line: Line, _: Random) -> Line | None:
    """Rounded to the hundredth, halves up."""
    price = (line.price + 500) // 1000 * 100
    return replace(line, price=price) if price > 0 else None


def wrong_sign(line: Line, _: Random) -> Line:
    return replace(line, quantity=-line.quantity)


def swapped_quantity(line: Line, random: Random) -> Line | None:
    other = swapped(abs(line.quantity), random)
    return replace(line, quantity=other if line.quantity > 0 else -other) if other else None


def swapped_price(line: Line, random: Random) -> Line | None:
    other = swapped(line.price // 100, random) if line.price % 100 == 0 else None
    return replace(line, price=other * 100) if other else None


def swapped(number: int, random: Random) -> int | None:
    choices = swaps(number)
    return choices[random.integers(len(choices))] if choices else None


FAULTS: dict[str, Fault] = {
    "quantity x10": times_quantity(10),
    "quantity x100": times_quantity(100),
    "quantity x any": any_quantity,
    "quantity /10": tenth_of_quantity,
    "quantity digits swapped": swapped_quantity,
    "price x10": times_price(10),
    "price x100": times_price(100),
    "price x or / any": any_price,
    "price /10": tenth_of_price,
    "price digits swapped": swapped_price,
    "wrong sign": wrong_sign,
}


def with_faults(lines: list[Line], rate: float, random: Random) -> tuple[list[Line], dict[int, str]]:
    return put_faults(lines, rate, FAULTS, random)


def put_faults(lines: list[Line], rate: float, kinds: dict[str, Fault], random: Random) -> tuple[list[Line], dict[int, str]]:
    """Puts one fault into one line of `rate` of the invoices; also returns which line got which."""
    by_invoice: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        by_invoice.setdefault(line.invoice, []).append(index)
    changed, faults = list(lines), {}
    invoices = list(by_invoice.values())
    for turn, choice in enumerate(random.permutation(len(invoices))[: round(rate * len(invoices))]):
        put_fault(changed, faults, invoices[choice], turn, kinds, random)
    return changed, faults


def put_fault(lines: list[Line], faults: dict[int, str], indices: list[int], turn: int, kinds: dict[str, Fault], random: Random) -> None:
    """Kinds take turns; where one does not fit the line, another is drawn."""
    names = list(kinds)
    kind = names[turn % len(names)]
    for _ in range(20):
        index = indices[random.integers(len(indices))]
        line = kinds[kind](lines[index], random)
        if line is not None:
            lines[index], faults[index] = line, kind
            return
        kind = names[random.integers(len(names))]
