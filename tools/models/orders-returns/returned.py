"""Which purchases an export itself shows as returned. The TypeScript twin is libs/domains/orders/src/returns/returned-lines.ts; change both or neither."""

from collections import defaultdict

import numpy as np

from columns import Bools, Columns


def returned_lines(export: Columns) -> Bools:
    """
    Each cancelled line of a known customer takes back one earlier purchase of the same product by that customer that no other has taken back:
    the latest with the same quantity, else the latest. Cancellations are gone through in the order of time, then of the export.
    """
    returned = np.zeros(len(export.row), dtype=bool)
    open_lines = defaultdict[tuple[int, int], list[int]](list)
    customer, product, quantity, minute = (column.tolist() for column in (export.customer, export.product, export.quantity, export.minute))
    bought, cancelled = export.bought.tolist(), export.cancelled.tolist()
    for line in sorted(range(len(minute)), key=lambda line: minute[line]):
        if customer[line] < 0:
            continue
        lines = open_lines[customer[line], product[line]]
        if bought[line]:
            lines.append(line)
        elif cancelled[line] and lines:
            same = [candidate for candidate in lines if quantity[candidate] == -quantity[line]]
            taken = (same or lines)[-1]
            lines.remove(taken)
            returned[taken] = True
    return returned
