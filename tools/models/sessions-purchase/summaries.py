"""Session summaries as the training reads them: one dictionary of numbers for each row, months from 1 to 12."""

import csv
from pathlib import Path

Summary = dict[str, float]

COUNTS = ["Administrative", "Informational", "ProductRelated"]
NUMBERS = ["BounceRates", "ExitRates", "PageValues", "SpecialDay"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def read_summaries(file: str | Path) -> list[Summary]:
    with open(file, encoding="utf-8", newline="") as lines:
        return [summary(row) for row in csv.DictReader(lines)]


def summary(row: dict[str, str]) -> Summary:
    numbers = {name: float(row[name]) for name in [*COUNTS, *(f"{name}_Duration" for name in COUNTS), *NUMBERS]}
    month = MONTHS.index(row["Month"][:3].lower()) + 1
    flags = {name: float(row[name].lower() in ("1", "true")) for name in ["Weekend", "Revenue"]}
    return {**numbers, **flags, "Month": month, "NewVisitor": float(row["VisitorType"] == "New_Visitor")}
