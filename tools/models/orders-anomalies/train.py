"""Trains the anomaly model of the orders domain and measures it.

    python train.py --data <folder with train.csv.gz, demo.csv and demo_week.csv>

Writes the ONNX file beside the domain and metrics.json beside this file. The same data give the same bytes.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

sys.path.append(str(Path(__file__).resolve().parents[1] / "orders-lines"))

from exports import exports, labelled, split
from graph import scorer, to_onnx
from measure import Scorer, invoice_scores, measure
from order_lines import Line, read_lines

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[2] / "libs/domains/orders/models/orders-anomalies.onnx"

VALIDATION_FROM = (2011, 7)
TRAINING_RATE = 0.2
VALIDATION_SEEDS = range(11, 16)
TEST_SEEDS = range(101, 106)
FLAGGED_SHARE = 0.01
"""The threshold lies where this share of the untouched invoices of the validation months is flagged."""


def fit(lines: list[Line]) -> HistGradientBoostingClassifier:
    random = np.random.default_rng(1)
    parts = [labelled(part, TRAINING_RATE, random) for part in exports(lines, random)]
    matrix, wrong = np.concatenate([part.matrix for part in parts]), np.concatenate([part.wrong for part in parts])
    print(f"training on {len(matrix)} lines, {wrong.sum()} of them wrong")
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.1, max_leaf_nodes=31, min_samples_leaf=50, l2_regularization=1.0, early_stopping=False, random_state=0
    )
    return model.fit(matrix, wrong)


def untouched_threshold(lines: list[Line], score: Scorer) -> float:
    random = np.random.default_rng(0)
    scores = [invoice_scores(labelled(month, 0.0, random), score)[0] for month in split(lines, "%Y-%m")]
    return round(float(np.quantile(np.concatenate(scores), 1 - FLAGGED_SHARE)), 4)


def difference(model: HistGradientBoostingClassifier, score: Scorer, lines: list[Line]) -> float:
    """The largest difference between the graph and the model that it was made from."""
    matrix = labelled(lines, 0.1, np.random.default_rng(0)).matrix
    return float(np.abs(model.decision_function(matrix) - score(matrix)).max())


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True)
    data = arguments.parse_args().data
    lines = read_lines(str(data / "train.csv.gz"))
    month = [(line.date.year, line.date.month) for line in lines]
    validation = [line for line, when in zip(lines, month) if when >= VALIDATION_FROM]
    model = fit([line for line, when in zip(lines, month) if when < VALIDATION_FROM])
    onnx = to_onnx(model)
    score = scorer(onnx)
    threshold = untouched_threshold(validation, score)
    last_month, demo, week = split(validation, "%Y-%m")[-1], read_lines(str(data / "demo.csv")), read_lines(str(data / "demo_week.csv"))
    metrics = {
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "bytes": len(onnx),
        "threshold": threshold,
        "largestDifferenceFromScikitLearn": difference(model, score, demo),
        "validationMonth10Percent": measure(last_month, 0.1, VALIDATION_SEEDS, score, threshold),
        "testMonth10Percent": measure(demo, 0.1, TEST_SEEDS, score, threshold),
        "testMonth2Percent": measure(demo, 0.02, TEST_SEEDS, score, threshold),
        "testWeek10Percent": measure(week, 0.1, TEST_SEEDS, score, threshold),
    }
    MODEL.write_bytes(onnx)
    (HERE / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    main()
