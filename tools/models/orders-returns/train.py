"""Trains the return-risk model of the orders domain and measures it.

    python train.py --data <folder with train.csv.gz, demo.csv, demo_week.csv, train_labels.csv.gz and demo_labels.csv.gz>

Writes the ONNX file, the word weights and the fixtures beside the domain, and metrics.json beside this file. The same data give the same bytes.
"""

import csv
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "orders-lines"))

from artefacts import MODELS, SAMPLE, data_folder, rounded, write_fixture, write_metrics, write_model
from columns import Bools, Columns, Floats, Ints, columns, day_number
from features import FEATURES, feature_matrix, purchases_of
from onnx_graphs import Scorer, scorer, trees_graph
from order_lines import Line, read_lines
from returned import returned_lines
from words import Words, descriptions_of, learned, scores

NAME = "orders-returns"
WINDOW = 30
FOLDS = 5
VALIDATION_FROM = day_number(2011, 6, 16)
LEARNED_BEFORE = VALIDATION_FROM - WINDOW
FLAGGED_SHARE = 0.05
"""The threshold lies where this share of the purchases of the validation exports is flagged."""
WHOLE = -1


@dataclass(frozen=True)
class Purchases:
    """Purchases of known customers whose 30 days were over, one entry a line and export that has it."""

    matrix: NDArray[np.float32]
    returned: Bools
    day: Ints
    value: Floats
    export: Ints
    """The month of the export, or WHOLE."""

    def where(self, kept: Bools) -> "Purchases":
        return Purchases(self.matrix[kept], self.returned[kept], self.day[kept], self.value[kept], self.export[kept])


@dataclass(frozen=True)
class Source:
    """A whole file: its lines, the description of each, and whether it came back (-1 unknown)."""

    columns: Columns
    descriptions: list[str]
    label: Ints


def source(lines: list[Line], labels: list[int]) -> Source:
    return Source(columns(lines), descriptions_of(lines), np.array(labels, dtype=np.int64))


def labels_of(path: Path, lines: list[Line]) -> list[int]:
    """1 returned within 30 days, 0 not, -1 unknown, of each usable line."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        known = [row["returned_within_30d"] for row in csv.DictReader(file)]
    return [int(float(known[line.row - 1] or -1)) for line in lines]


def exports(whole: Source, with_whole: bool) -> Iterator[tuple[int, Bools]]:
    """Each month by itself, and all of them together."""
    month = whole.columns.minute.astype("datetime64[m]").astype("datetime64[M]").astype(np.int64)
    for number in np.unique(month):
        yield int(number), month == number
    if with_whole:
        yield WHOLE, np.ones(len(month), dtype=bool)


def purchases(whole: Source, word_scores: Floats, with_whole: bool) -> Purchases:
    parts = []
    for name, kept in exports(whole, with_whole):
        export, label = whole.columns.where(kept), whole.label[kept]
        chosen = purchases_of(export)
        lines = export.where(np.isin(np.arange(len(label)), chosen))
        part = Purchases(feature_matrix(export, word_scores[kept]), label[chosen] == 1, lines.day, lines.value / 10_000, np.full(len(chosen), name))
        parts.append(part.where(label[chosen] >= 0))
    return Purchases(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("matrix", "returned", "day", "value", "export")))


def words_of_source(whole: Source, kept: Bools) -> Words:
    chosen = np.flatnonzero(kept & (whole.label >= 0))
    return learned([whole.descriptions[line] for line in chosen], whole.label[chosen] == 1)


def scores_out_of_fold(whole: Source, kept: Bools) -> Floats:
    """Each line scored with words learned from other customers, so that training does not see a line's own outcome in them."""
    fold = whole.columns.customer % FOLDS
    out = np.zeros(len(fold))
    for number in range(FOLDS):
        own = fold == number
        out[own] = scores([whole.descriptions[line] for line in np.flatnonzero(own)], words_of_source(whole, kept & ~own))
    return out


def fit(rows: Purchases) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=1500, l2_regularization=20.0, early_stopping=False, random_state=0
    )
    return model.fit(rows.matrix, rows.returned)


def validated(whole: Source) -> tuple[dict[str, float], float]:
    """AUC by export of what was bought from mid-June on, by a model of what was known before; and the threshold of the final model."""
    past = whole.columns.day < LEARNED_BEFORE
    known = purchases(whole, scores_out_of_fold(whole, past), True)
    model = fit(known.where(known.day < LEARNED_BEFORE))
    judged = purchases(whole, scores(whole.descriptions, words_of_source(whole, past)), True)
    recent = judged.where(judged.day >= VALIDATION_FROM)
    found = model.decision_function(recent.matrix)
    alone = recent.export != WHOLE
    aucs = {"months": auc(recent.returned[alone], found[alone]), "all": auc(recent.returned[~alone], found[~alone])}
    return aucs, rounded(np.quantile(found[alone], 1 - FLAGGED_SHARE), 4)


def figures(rows: Purchases, found: Floats, threshold: float) -> dict[str, object]:
    flagged = found > threshold
    return {
        "purchases": len(found),
        "returned": int(rows.returned.sum()),
        "auc": auc(rows.returned, found),
        "averagePrecision": rounded(average_precision_score(rows.returned, found), 4),
        "expected": rounded((1 / (1 + np.exp(-found))).sum(), 1),
        "flagged": int(flagged.sum()),
        "flaggedAndReturned": int((flagged & rows.returned).sum()),
        "aucOfFeature": {name: auc(rows.returned, rows.matrix[:, index]) for index, name in enumerate(FEATURES)},
    }


def fixture(path: str, words: Words, score: Scorer, with_rows: bool) -> dict[str, object]:
    """What the TypeScript features and the shipped model have to give for an export; aggregates only, unless rows are asked for."""
    lines = read_lines(path)
    export = columns(lines)
    matrix = feature_matrix(export, scores(descriptions_of(lines), words))
    found = score(matrix)[:, 0]
    made: dict[str, object] = {
        "purchases": len(found),
        "returned": int(returned_lines(export).sum()),
        "scoreSum": rounded(found.sum(), 3),
        "featureSums": dict(zip(FEATURES, np.round(matrix.sum(axis=0, dtype=np.float64), 3).tolist())),
    }
    if with_rows:
        rows = export.row[purchases_of(export)].tolist()
        made["returnedRows"] = export.row[returned_lines(export)].tolist()
        made["rows"] = [[row, *map(rounded, values), rounded(value)] for row, values, value in zip(rows, matrix, found)]
    return made


def auc(returned: Bools, found: Floats) -> float:
    return rounded(roc_auc_score(returned, found), 4)


def write_words(words: Words) -> dict[str, object]:
    text = json.dumps(words, separators=(",", ":")) + "\n"
    (MODELS / f"{NAME}-words.json").write_text(text, encoding="ascii")
    return {"words": len(words), "wordsSha256": hashlib.sha256(text.encode("ascii")).hexdigest()}


def main() -> None:
    data = data_folder()
    train_lines, demo_lines = read_lines(str(data / "train.csv.gz")), read_lines(str(data / "demo.csv"))
    train_labels, demo_labels = labels_of(data / "train_labels.csv.gz", train_lines), labels_of(data / "demo_labels.csv.gz", demo_lines)
    known = source(train_lines, train_labels)
    validation, threshold = validated(known)
    everything = np.ones(len(train_lines), dtype=bool)
    rows = purchases(known, scores_out_of_fold(known, everything), True)
    model, words = fit(rows), words_of_source(known, everything)
    onnx = trees_graph(model, NAME, len(FEATURES))
    score = scorer(onnx)
    demo = source(demo_lines, demo_labels)
    month = purchases(demo, scores(demo.descriptions, words), False)
    after = source(train_lines + demo_lines, [-1] * len(train_lines) + demo_labels)
    year = purchases(after, scores(after.descriptions, words), True)
    year = year.where(year.export == WHOLE)
    metrics = {
        **write_model(NAME, onnx),
        **write_words(words),
        "threshold": threshold,
        "rows": len(rows.returned),
        "returned": int(rows.returned.sum()),
        "largestDifferenceFromScikitLearn": float(np.abs(model.decision_function(month.matrix) - score(month.matrix)[:, 0]).max()),
        "validationAuc": validation,
        "testMonth": figures(month, score(month.matrix)[:, 0], threshold),
        "testMonthWithHistory": figures(year, score(year.matrix)[:, 0], threshold),
    }
    write_metrics(HERE, metrics)
    write_fixture("sample-returns.json", fixture(str(SAMPLE), words, score, True))
    write_fixture("demo-returns.json", fixture(str(data / "demo.csv"), words, score, False))
    write_fixture("demo-week-returns.json", fixture(str(data / "demo_week.csv"), words, score, False))


if __name__ == "__main__":
    main()
