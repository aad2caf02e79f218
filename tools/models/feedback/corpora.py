"""Reads the labelled messages, masked as the dataset task of the feedback domain masks them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from features import Message
from text import read

FINANCE = ("banking", "credit_cards")
UNCOVERED = set(
    "routing bill_due pay_bill interest_rate min_payment bill_balance order_checks spending_history improve_credit_score credit_limit_change"
    " apr redeem_rewards credit_limit rewards_balance application_status credit_score".split()
)
"""CLINC150's questions about money that BANKING77 has no intent for."""
NONE = "none"


@dataclass(frozen=True)
class Labelled:
    messages: list[Message]
    labels: list[str]

    def __add__(self, other: "Labelled") -> "Labelled":
        return Labelled(self.messages + other.messages, self.labels + other.labels)

    def some(self, count: int) -> "Labelled":
        """A random choice, the same each time."""
        chosen = np.random.default_rng(0).permutation(len(self.messages))[:count]
        return Labelled([self.messages[i] for i in chosen], [self.labels[i] for i in chosen])

    def all_as(self, label: str) -> "Labelled":
        return Labelled(self.messages, [label] * len(self.labels))


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, strict=True))


def reviews(data: Path, part: str, label: str) -> Labelled:
    """`label` is `sentiment`, `recommendation` or `department`; without reviews that have no text or no department."""
    rows = [row for row in rows_of(data / "fashion_reviews" / f"{part}.csv") if (row["Title"] + row["Review Text"]).strip() and row["Department Name"]]
    return Labelled([Message(read(row["Title"]), read(row["Review Text"])) for row in rows], [LABEL[label](row) for row in rows])


def sentiment(row: dict[str, str]) -> str:
    rating = int(row["Rating"])
    return "negative" if rating <= 2 else "neutral" if rating == 3 else "positive"


LABEL = {
    "sentiment": sentiment,
    "recommendation": lambda row: "recommended" if row["Recommended IND"] == "1" else "not recommended",
    "department": lambda row: "intimates" if row["Department Name"].startswith("In") else row["Department Name"].lower(),
}


def texts(data: Path, name: str, part: str, label: str) -> Labelled:
    rows = rows_of(data / name / f"{part}.csv")
    return Labelled([Message("", read(row["text"])) for row in rows], [row[label] for row in rows])


def out_of_scope(data: Path, part: str) -> Labelled:
    rows = [row for row in rows_of(data / "clinc150" / f"{part}.csv") if row["intent"] == "oos"]
    return Labelled([Message("", read(row["text"])) for row in rows], [NONE] * len(rows))


def other_business(data: Path, part: str) -> Labelled:
    """What CLINC150 asks outside of banking and credit cards."""
    rows = [row for row in rows_of(data / "clinc150" / f"{part}.csv") if row["intent"] != "oos" and row["domain"] not in FINANCE]
    return Labelled([Message("", read(row["text"])) for row in rows], [NONE] * len(rows))


def finance(data: Path, part: str, covered: bool) -> Labelled:
    """What CLINC150 asks about banking and credit cards, all labelled as none; with `covered` it is what should not be."""
    rows = [row for row in rows_of(data / "clinc150" / f"{part}.csv") if row["domain"] in FINANCE and (row["intent"] not in UNCOVERED) == covered]
    return Labelled([Message("", read(row["text"])) for row in rows], [NONE] * len(rows))
