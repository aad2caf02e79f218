"""Writes invented click events, the same each time: python synthetic.py <file.csv>. Nothing in them comes from real data."""

import csv
import sys
from random import Random

COLUMNS = [
    *("year", "month", "day", "order", "country", "session ID", "page 1 (main category)", "page 2 (clothing model)"),
    *("colour", "location", "model photography", "price", "price 2", "page"),
]
SESSIONS = 240
LETTERS = {1: "A", 2: "B", 3: "C", 4: "P"}
USUAL = {1: 50, 2: 55, 3: 40, 4: 35}


def catalogue(random: Random) -> dict[int, list[list[object]]]:
    """For each category its models: code, colour, location, photography, price, price 2, page."""
    return {category: [model(random, category, number) for number in range(1, 41)] for category in LETTERS}


def model(random: Random, category: int, number: int) -> list[object]:
    price = random.randint(18, 82)
    page = 1 + number // 9
    return [f"{LETTERS[category]}{number}", random.randint(1, 14), random.randint(1, 6), random.choice([1, 1, 2]), price, 1 if price > USUAL[category] else 2, page]


def session(random: Random, number: int, models: dict[int, list[list[object]]]) -> list[list[object]]:
    country = random.choice([29, 29, 29, 29, 9, 24, 46, 44, 21, 3, 12])
    day = 1 + number * 30 // SESSIONS
    category = random.choice([1, 1, 2, 3, 4])
    rows = []
    for order in range(1, 2 + int(random.expovariate(1 / 7))):
        if random.random() < 0.25:
            category = random.choice([1, 2, 3, 3, 4])
        code, colour, *rest = random.choice(models[category])
        rows.append([2026, 9, day, order, country, 5000 + number, category, code, colour, *rest])
    return rows


def main() -> None:
    random = Random(553)
    models = catalogue(random)
    with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(SESSIONS):
            writer.writerows(session(random, number, models))


if __name__ == "__main__":
    main()
