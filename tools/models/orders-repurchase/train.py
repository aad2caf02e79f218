"""Trains the repurchase model of the orders domain and measures it.

    python train.py --data <folder with train.csv.gz and demo.csv>

Writes the ONNX file and the fixtures beside the domain, and metrics.json beside this file. The same data give the same bytes.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "orders-lines"))

from artefacts import SAMPLE, data_folder, rounded, write_fixture, write_metrics, write_model
from columns import Bools, Columns, Floats, Ints, columns, day_number
from features import FEATURES, customers_of
from onnx_graphs import Scorer, scorer, trees_graph
from order_lines import read_lines

NAME = "orders-repurchase"
AHEAD = 30
FIRST_END, LAST_DAY = day_number(2011, 1, 4), day_number(2011, 8, 31)
"""Of the exports that are trained on; nothing after the last day is seen in training."""
STEP, VALIDATION_DAYS = 7, 60
WINDOWS = (7, 14, 30, 60, 90, 180, 0)
"""Days that an export spans; 0 for everything from December 2010 on."""


@dataclass(frozen=True)
class Labelled:
    end: Ints
    """The last day of the export that a row comes from."""
    window: Ints
    matrix: NDArray[np.float32]
    again: Bools


def labelled(lines: Columns, end: int, window: int) -> Labelled:
    """Known customers of the export that ends on `end`, and whether they bought in the 30 days after it."""
    first = end - window + 1 if window else 0
    found = customers_of(lines.between(first, end))
    later = lines.where((lines.day > end) & (lines.day <= end + AHEAD) & lines.bought)
    rows = len(found.number)
    return Labelled(np.full(rows, end), np.full(rows, window), found.matrix, np.isin(found.number, later.customer))


def joined(parts: list[Labelled]) -> Labelled:
    return Labelled(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("end", "window", "matrix", "again")))


def exports(lines: Columns) -> Labelled:
    """Every seventh day an export of each length, as far as the outcome lies before the last day."""
    start = int(lines.day.min())
    ends = range(FIRST_END, LAST_DAY - AHEAD + 1, STEP)
    return joined([labelled(lines, end, window) for end in ends for window in WINDOWS if end - window + 1 >= start])


def fit(matrix: NDArray[np.float32], again: Bools) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=160, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=200, l2_regularization=5.0, early_stopping=False, random_state=0
    )
    return model.fit(matrix, again)


def validation(rows: Labelled) -> dict[str, object]:
    """Trained on exports whose outcomes were known 60 days before the last day, measured on those that end after that."""
    split = LAST_DAY - VALIDATION_DAYS
    past, recent = rows.end + AHEAD <= split, rows.end > split
    scores = fit(rows.matrix[past], rows.again[past]).decision_function(rows.matrix)
    ends = np.unique(rows.end[recent])
    return {span(window): mean(auc(rows.again[kept], scores[kept]) for kept in ((rows.end == end) & (rows.window == window) for end in ends)) for window in WINDOWS}


def figures(rows: Labelled, score: Scorer) -> dict[str, object]:
    scores = score(rows.matrix)[:, 0]
    probability = 1 / (1 + np.exp(-scores))
    days, recency = rows.matrix[:, FEATURES.index("order_days")], rows.matrix[:, FEATURES.index("recency")]
    return {
        "customers": len(rows.again),
        "boughtAgain": int(rows.again.sum()),
        "auc": auc(rows.again, scores),
        "aucOfOrderDays": auc(rows.again, days),
        "aucOfRecency": auc(rows.again, -recency),
        "expected": rounded(probability.sum(), 1),
        "logLoss": rounded(log_loss(rows.again, probability), 4),
        "logLossOfShare": rounded(log_loss(rows.again, np.full(len(scores), rows.again.mean())), 4),
    }


def fixture(path: str, score: Scorer, with_rows: bool) -> dict[str, object]:
    """What the TypeScript features and the shipped model have to give for an export; aggregates only, unless rows are asked for."""
    lines = read_lines(path)
    found = customers_of(columns(lines))
    scores = score(found.matrix)[:, 0]
    made: dict[str, object] = {
        "customers": len(scores),
        "scoreSum": rounded(scores.sum(), 3),
        "featureSums": dict(zip(FEATURES, np.round(found.matrix.sum(axis=0, dtype=np.float64), 3).tolist())),
    }
    if with_rows:
        ids = list(dict.fromkeys(line.customer for line in lines if line.customer))
        made["rows"] = [[ids[number], *map(rounded, row), rounded(value)] for number, row, value in zip(found.number, found.matrix, scores)]
    return made


def span(window: int) -> str:
    return f"{window} days" if window else "all"


def auc(again: Bools, scores: Floats) -> float:
    return rounded(roc_auc_score(again, scores), 4)


def mean(values: Iterable[float]) -> float:
    return rounded(np.mean(list(values)), 4)


def main() -> None:
    data = data_folder()
    trained, demo = read_lines(str(data / "train.csv.gz")), read_lines(str(data / "demo.csv"))
    rows = exports(columns(trained))
    model = fit(rows.matrix, rows.again)
    onnx = trees_graph(model, NAME, len(FEATURES))
    score = scorer(onnx)
    both = columns(trained + demo)
    tests = {window: labelled(both, LAST_DAY, window) for window in WINDOWS}
    difference = max(float(np.abs(model.decision_function(test.matrix) - score(test.matrix)[:, 0]).max()) for test in tests.values())
    metrics = {
        **write_model(NAME, onnx),
        "rows": len(rows.again),
        "boughtAgain": int(rows.again.sum()),
        "largestDifferenceFromScikitLearn": difference,
        "validationAuc": validation(rows),
        "test": {span(window): figures(test, score) for window, test in tests.items()},
    }
    write_metrics(HERE, metrics)
    write_fixture("sample-repurchase.json", fixture(str(SAMPLE), score, True))
    write_fixture("demo-repurchase.json", fixture(str(data / "demo.csv"), score, False))
    write_fixture("demo-week-repurchase.json", fixture(str(data / "demo_week.csv"), score, False))


if __name__ == "__main__":
    main()
