"""Click events as the training reads them, by session and in order."""

import csv
from dataclasses import dataclass
from pathlib import Path

SALE = 4


@dataclass(frozen=True)
class Click:
    session: str
    order: int
    month: int
    country: int
    category: int
    model: str
    location: int
    photography: int
    price: float
    dear: bool
    page: int


Session = list[Click]


def read_sessions(file: str | Path) -> list[Session]:
    """Sessions in the order in which they begin in the file."""
    sessions: dict[str, Session] = {}
    with open(file, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            sessions.setdefault(row["session ID"], []).append(click(row))
    return [sorted(session, key=lambda each: each.order) for session in sessions.values()]


def click(row: dict[str, str]) -> Click:
    return Click(
        session=row["session ID"],
        order=int(row["order"]),
        month=int(row["month"]),
        country=int(row["country"]),
        category=int(row["page 1 (main category)"]),
        model=row["page 2 (clothing model)"],
        location=int(row["location"]),
        photography=int(row["model photography"]),
        price=float(row["price"]),
        dear=row["price 2"] == "1",
        page=int(row["page"]),
    )
