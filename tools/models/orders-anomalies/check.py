"""Measures the shipped anomaly model on errors that it was not trained on.

    python check.py --data <folder with demo.csv>

Writes check.json beside this file.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.append(str(Path(__file__).resolve().parents[1] / "orders-lines"))

from faults import Fault, Random, put_faults, wrong_sign
from features import feature_matrix, numbered
from graph import scorer
from measure import Scorer, largest_deviation, mean
from order_lines import Line, read_lines
from train import HERE, MODEL

SEEDS = range(201, 206)
RATE = 0.1
NOTICEABLE = 1.25


def keyed_twice(line: Line, _: Random) -> Line:
    return replace(line, quantity=int(f"{line.quantity}{abs(line.quantity)}"))


def digit_too_many(line: Line, random: Random) -> Line:
    return replace(line, quantity=line.quantity * 10 + int(random.integers(1, 10)))


def cases_for_pieces(line: Line, _: Random) -> Line:
    return replace(line, quantity=line.quantity * 12)


def hundredth_of_price(line: Line, _: Random) -> Line | None:
    price = (line.price + 5000) // 10_000 * 100
    return replace(line, price=price) if price > 0 else None


def total_as_price(line: Line, _: Random) -> Line | None:
    return replace(line, price=line.price * line.quantity) if line.quantity > 1 else None


def columns_swapped(line: Line, _: Random) -> Line | None:
    quantity = round(line.price / 10_000)
    return replace(line, quantity=quantity, price=line.quantity * 10_000) if quantity > 0 and quantity != line.quantity and line.quantity > 0 else None


def price_of(others: list[Line]) -> Fault:
    """The price of another line of the export, as after a slip of the row; not one that is nearly the same."""

    def put(line: Line, random: Random) -> Line | None:
        price = others[random.integers(len(others))].price
        return replace(line, price=price) if max(price, line.price) / min(price, line.price) >= NOTICEABLE else None

    return put


def faults_for(lines: list[Line]) -> dict[str, Fault]:
    return {
        "quantity keyed twice": keyed_twice,
        "quantity with a digit too many": digit_too_many,
        "cases for pieces (quantity x12)": cases_for_pieces,
        "price /100": hundredth_of_price,
        "total as price": total_as_price,
        "quantity and price swapped": columns_swapped,
        "price of another line": price_of(lines),
        "wrong sign": wrong_sign,
    }


def measured(lines: list[Line], seed: int, score: Scorer) -> dict[str, float]:
    """AUC of invoices, an invoice being as suspicious as its highest line; and of lines."""
    changed, faults = put_faults(lines, RATE, faults_for(lines), np.random.default_rng(seed))
    matrix, invoice = feature_matrix(changed), numbered([line.invoice for line in changed])
    kinds = np.full(invoice.max() + 1, "", dtype="U40")
    for line, kind in faults.items():
        kinds[invoice[line]] = kind
    scores = score(matrix)
    found = {"auc": invoice_auc(scores, invoice, kinds, None), "aucOfLargestDeviation": invoice_auc(largest_deviation(matrix), invoice, kinds, None)}
    wrong = np.isin(np.arange(len(changed)), list(faults))
    found["aucOfLines"] = float(roc_auc_score(wrong, scores))
    return found | {kind: invoice_auc(scores, invoice, kinds, kind) for kind in faults_for(lines)}


def invoice_auc(scores: np.ndarray, invoice: np.ndarray, kinds: np.ndarray, kind: str | None) -> float:
    worst = np.full(len(kinds), -np.inf)
    np.maximum.at(worst, invoice, scores)
    kept = np.ones(len(kinds), dtype=bool) if kind is None else np.isin(kinds, ["", kind])
    return float(roc_auc_score(kinds[kept] != "", worst[kept]))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True)
    lines = read_lines(str(arguments.parse_args().data / "demo.csv"))
    score = scorer(MODEL.read_bytes())
    runs = [measured(lines, seed, score) for seed in SEEDS]
    figures = {"seeds": list(SEEDS), "rate": RATE, "lowestAuc": round(min(run["auc"] for run in runs), 4), **{name: mean(run[name] for run in runs) for name in runs[0]}}
    (HERE / "check.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
