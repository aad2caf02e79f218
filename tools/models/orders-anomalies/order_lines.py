"""Reads an order-line export and keeps what the dataset task of the orders domain keeps."""

import csv
import gzip
import re
from dataclasses import dataclass
from datetime import datetime

COLUMNS = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Description", "Country"]
QUANTITY = re.compile(r"-?\d{1,9}", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", re.ASCII)
PRICE = re.compile(r"(-?)(\d{1,9})(?:\.(\d{1,4}))?", re.ASCII)


@dataclass(frozen=True)
class Line:
    invoice: str
    product: str
    quantity: int
    price: int
    """In ten-thousandths of the currency unit."""
    date: datetime

    @property
    def cancellation(self) -> bool:
        return self.invoice.startswith("C")


def read_lines(path: str) -> list[Line]:
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        header = next(rows)
        order = [header.index(column) for column in COLUMNS]
        return usable([[row[i] for i in order] for row in rows if len(row) == len(header)])


def usable(rows: list[list[str]]) -> list[Line]:
    """Without repeated lines, lines that cannot be parsed, prices of zero or less, and a second customer on one invoice."""
    seen: set[tuple[str, ...]] = set()
    buyers: dict[str, str] = {}
    lines: list[Line] = []
    for row in rows:
        line = parse(row)
        if line is None or tuple(row) in seen:
            continue
        seen.add(tuple(row))
        if line.price > 0 and buyers.setdefault(line.invoice, row[5]) == row[5]:
            lines.append(line)
    return lines


def parse(row: list[str]) -> Line | None:
    invoice, product, quantity, date, price = row[:5]
    if not invoice.strip() or not product.strip() or not QUANTITY.fullmatch(quantity):
        return None
    amount, moment = parse_price(price), parse_date(date)
    return None if amount is None or moment is None else Line(invoice, product, int(quantity), amount, moment)


def parse_price(text: str) -> int | None:
    match = PRICE.fullmatch(text)
    if not match:
        return None
    sign, whole, fraction = match.groups()
    return (-1 if sign else 1) * (int(whole) * 10_000 + int((fraction or "").ljust(4, "0")))


def parse_date(text: str) -> datetime | None:
    if not DATE.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")
    except ValueError:
        return None
