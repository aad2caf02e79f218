"""Writes what the TypeScript features and the shipped model have to give for an export.

    python fixture.py <export.csv> <fixture.json> [--features]

With --features the features and scores of each line of the first 50 invoices; without, only figures about the whole.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "orders-lines"))

from features import FEATURES, feature_matrix, numbered
from graph import scorer
from order_lines import read_lines
from train import HERE, MODEL

FEATURE_INVOICES = 50
TOP = 10


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("export")
    arguments.add_argument("fixture", type=Path)
    arguments.add_argument("--features", action="store_true")
    chosen = arguments.parse_args()
    lines = read_lines(chosen.export)
    matrix = feature_matrix(lines)
    scores = scorer(MODEL.read_bytes())(matrix)
    invoice = numbered([line.invoice for line in lines])
    worst = np.full(invoice.max() + 1, -np.inf)
    np.maximum.at(worst, invoice, scores)
    numbers = list(dict.fromkeys(line.invoice for line in lines))
    threshold = json.loads((HERE / "metrics.json").read_text())["threshold"]
    fixture = {
        "lines": len(lines),
        "invoices": len(numbers),
        "threshold": threshold,
        "flagged": int((worst > threshold).sum()),
        "scoreSum": round(float(scores.sum()), 3),
        "featureSums": dict(zip(FEATURES, np.round(matrix.sum(axis=0, dtype=np.float64), 3).tolist())),
        "top": [{"invoice": numbers[i], "score": round(float(worst[i]), 6)} for i in np.argsort(-worst, kind="stable")[:TOP]],
    }
    if chosen.features:
        kept = invoice < FEATURE_INVOICES
        fixture["perLine"] = [[*map(rounded, row), rounded(score)] for row, score in zip(matrix[kept], scores[kept])]
    chosen.fixture.write_text(one_row_a_line(fixture))


def rounded(value: float) -> float:
    return round(float(value), 6)


def one_row_a_line(fixture: dict[str, object]) -> str:
    rows = fixture.pop("perLine", None)
    text = json.dumps(fixture, indent=2)
    if rows is None:
        return text + "\n"
    return text[:-2] + ',\n  "perLine": [\n    ' + ",\n    ".join(json.dumps(row) for row in rows) + "\n  ]\n}\n"


if __name__ == "__main__":
    main()
