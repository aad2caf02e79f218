"""Writes invented session summaries, the same each time: python synthetic.py <file.csv>. Nothing in them comes from real data."""

import csv
import sys
from random import Random

COLUMNS = [
    *("Administrative", "Administrative_Duration", "Informational", "Informational_Duration", "ProductRelated", "ProductRelated_Duration"),
    *("BounceRates", "ExitRates", "PageValues", "SpecialDay", "Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend", "Revenue"),
]
MONTHS = ["Jan", "Feb", "March", "Apr", "May", "June", "Jul", "Aug", "Sept", "Oct", "Nov", "December"]
SESSIONS = 240


def visit(random: Random) -> list[object]:
    pages = [int(random.expovariate(1 / mean)) for mean in (2.5, 0.6, 30)]
    seconds = [round(count * random.expovariate(1 / 35), random.choice([0, 3, 6])) if count else 0 for count in pages]
    exits = round(min(0.2, random.expovariate(1 / 0.04)), 9)
    bounces = round(exits * random.random(), 9) if random.random() < 0.6 else 0
    value = round(random.expovariate(1 / 20), 6) if random.random() < 0.25 else 0
    interest = 0.5 * (value > 0) + 0.3 * (pages[2] > 30) - exits
    paired = [number for pair in zip(pages, seconds) for number in pair]
    return [
        *(*paired, bounces, exits, value, random.choice([0] * 8 + [0.2, 0.4, 0.8, 1])),
        *(random.choice(MONTHS), random.randint(1, 4), random.randint(1, 5), random.randint(1, 9), random.randint(1, 13)),
        *(random.choice(["Returning_Visitor"] * 5 + ["New_Visitor"] * 2 + ["Other"]), random.choice(["TRUE", "FALSE"]), int(random.random() < interest)),
    ]


def main() -> None:
    random = Random(20)
    with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(visit(random) for _ in range(SESSIONS))


if __name__ == "__main__":
    main()
