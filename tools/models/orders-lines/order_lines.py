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
    customer: str
    """Empty for guests."""
    description: str
    row: int
    """The row of the export, counted from 1."""

    @property
    def cancellation(self) -> bool:
        return self.invoice.startswith("C")


def read_lines(path: str) -> list[Line]:
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        header = next(rows)
        order = [header.index(column) for column in COLUMNS]
        return usable([(number, [row[i] for i in order]) for number, row in enumerate(rows, 1) if len(row) == len(header)])


def usable(rows: list[tuple[int, list[str]]]) -> list[Line]:
    """Without repeated lines, lines that cannot be parsed, prices of zero or less, and a second customer on one invoice."""
    seen: set[tuple[str, ...]] = set()
    buyers: dict[str, str] = {}
    lines: list[Line] = []
    for number, row in rows:
        line = parse(number, row)
        if line is None or tuple(row) in seen:
            continue
        seen.add(tuple(row))
        if line.price > 0 and buyers.setdefault(line.invoice, line.customer) == line.customer:
            lines.append(line)
    return lines


def parse(number: int, row: list[str]) -> Line | None:
    invoice, product, quantity, date, price, customer, description = row[:7]
    if not invoice.strip() or not product.strip() or not QUANTITY.fullmatch(quantity):
        return None
    amount, moment = parse_price(price), parse_date(date)
    return None if amount is None or moment is None else Line(invoice, product, int(quantity), amount, moment, customer, description, number)


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
