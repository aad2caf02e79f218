"""Trains one of the two purchase models of the sessions domain and measures it.

    python train.py --data <folder with train.csv and demo.csv> --version with-page-values|without-page-values [--scores <file>]

Writes the ONNX file and the fixture beside the domain, metrics and the model card beside this file. The same data give the same bytes.
--scores names a file for scikit-learn's probabilities of the demo rows, one a line.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "sessions-shared"))

from card import write_card
from features import EARLY_FEATURES, PAGE_VALUE_FEATURES, feature_matrix
from graph import scorer, to_onnx
from summaries import Summary, read_summaries

DOMAIN = HERE.parents[2] / "libs/domains/sessions"

VERSIONS = {"with-page-values": [*EARLY_FEATURES, *PAGE_VALUE_FEATURES], "without-page-values": EARLY_FEATURES}
RANDOMISED = {"with-page-values": {"min_samples_leaf": 20, "max_features": 0.4}, "without-page-values": {"min_samples_leaf": 10, "max_features": 0.5}}
"""Smaller leaves help where no feature stands out; elsewhere they only make the file larger."""
FOLDS, REPEATS = 5, 2

Labels = NDArray[np.int64]


def untrained(version: str) -> VotingClassifier:
    """Boosted trees follow the steps in the data, random ones smooth them; their mean ranks better than either."""
    boosted = HistGradientBoostingClassifier(
        max_iter=250, learning_rate=0.03, max_leaf_nodes=12, min_samples_leaf=40, l2_regularization=5.0, max_features=0.4, early_stopping=False, random_state=0
    )
    randomised = ExtraTreesClassifier(60, random_state=0, **RANDOMISED[version])
    return VotingClassifier([("boosted", boosted), ("randomised", randomised)], voting="soft", flatten_transform=False)


def plain() -> Pipeline:
    """The baseline to beat."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))


def cross_validated(make: Callable[[], Pipeline | VotingClassifier], matrix: NDArray[np.float32], bought: Labels) -> dict[str, float]:
    """Mean AUC over folds of the training rows; equal rows are always in the same fold."""
    rows = np.unique(matrix, axis=0, return_inverse=True)[1].ravel()
    aucs = []
    for repeat in range(REPEATS):
        for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=repeat).split(matrix, bought, rows):
            scores = make().fit(matrix[train], bought[train]).predict_proba(matrix[test])[:, 1]
            aucs.append(roc_auc_score(bought[test], scores))
    return {"auc": round(float(np.mean(aucs)), 4), "aucLowestFold": round(min(aucs), 4)}


def interval(scores: NDArray[np.float64], bought: Labels) -> list[float]:
    """What 95 % of 1,000 bootstrap samples of the rows have as AUC."""
    random = np.random.default_rng(0)
    samples = [random.integers(0, len(bought), len(bought)) for _ in range(1_000)]
    return [round(float(auc), 3) for auc in np.quantile([roc_auc_score(bought[rows], scores[rows]) for rows in samples], [0.025, 0.975])]


def measured(scores: NDArray[np.float64], bought: Labels) -> dict[str, float]:
    return {
        "sessions": len(bought),
        "purchases": int(bought.sum()),
        "auc": round(float(roc_auc_score(bought, scores)), 6),
        "aucInterval": interval(scores, bought),
        "scoreSum": round(float(scores.sum()), 4),
        "brier": round(float(brier_score_loss(bought, scores)), 4),
        "brierOfTheMean": round(float(bought.mean() * (1 - bought.mean())), 4),
    }


def labels(summaries: list[Summary]) -> Labels:
    return np.array([each["Revenue"] for each in summaries], dtype=np.int64)


def fixture(model: VotingClassifier, names: list[str], demo: dict[str, float]) -> str:
    """What TypeScript has to give for the invented rows, by scikit-learn, and figures of the demo rows."""
    matrix = feature_matrix(read_summaries(DOMAIN / "fixtures/summaries.csv"), names)
    scores = model.predict_proba(matrix)[:, 1]
    rows = [json.dumps([*map(float, map(str, row)), round(float(score), 8)]) for row, score in zip(matrix, scores)]
    listed = ",\n    ".join(rows)
    return f'{{\n  "features": {json.dumps(names)},\n  "demo": {json.dumps(demo)},\n  "perRow": [\n    {listed}\n  ]\n}}\n'


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--version", choices=VERSIONS, required=True)
    arguments.add_argument("--scores", type=Path)
    chosen = arguments.parse_args()
    names = VERSIONS[chosen.version]
    train, demo = read_summaries(chosen.data / "train.csv"), read_summaries(chosen.data / "demo.csv")
    matrix, bought = feature_matrix(train, names), labels(train)
    demo_matrix, demo_bought = feature_matrix(demo, names), labels(demo)
    make = partial(untrained, chosen.version)
    model = make().fit(matrix, bought)
    onnx = to_onnx(model, f"purchase-{chosen.version}", len(names), "purchase_class").SerializeToString(deterministic=True)
    reference = model.predict_proba(demo_matrix)[:, 1]
    metrics = {
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "bytes": len(onnx),
        "largestDifferenceFromScikitLearn": float(np.abs(reference - scorer(onnx)(demo_matrix)).max()),
        "crossValidation": cross_validated(make, matrix, bought),
        "crossValidationOfLogisticRegression": cross_validated(plain, matrix, bought),
        "demo": measured(reference, demo_bought),
        "demoAucOfLogisticRegression": round(float(roc_auc_score(demo_bought, plain().fit(matrix, bought).predict_proba(demo_matrix)[:, 1])), 4),
    }
    (DOMAIN / f"models/purchase-{chosen.version}.onnx").write_bytes(onnx)
    (DOMAIN / f"fixtures/purchase-{chosen.version}.json").write_text(fixture(model, names, metrics["demo"]))
    (HERE / f"metrics-{chosen.version}.json").write_text(json.dumps(metrics, indent=2) + "\n")
    write_card(chosen.version, names, metrics)
    if chosen.scores:
        chosen.scores.write_text("".join(f"{score:.9f}\n" for score in reference))
    print(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    main()
