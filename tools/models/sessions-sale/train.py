"""Trains the sale model of the sessions domain and measures it.

    python train.py --data <folder with train.csv and demo.csv> [--scores <file>]

Writes the ONNX file and the fixture beside the domain, metrics.json and the model card beside this file. The same data give the same bytes.
--scores names a file for scikit-learn's probabilities of the demo sessions, `session probability` on a line.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "sessions-shared"))

from card import write_card
from clicks import SALE, Session, read_sessions
from features import FEATURES, feature_matrix
from graph import scorer, to_onnx

DOMAIN = HERE.parents[2] / "libs/domains/sessions"

WATCHED = 5
"""Clicks after which the prediction is made."""
TRAINED_ON = range(3, 9)
"""Each session is learnt from after each of these numbers of clicks."""
REPORTED = range(2, 7)


@dataclass(frozen=True)
class Watched:
    """Sessions that had at least so many clicks, none of them on the sale, and whether a later one was."""

    sessions: list[Session]
    matrix: NDArray[np.float32]
    later: NDArray[np.int64]
    month: NDArray[np.int64]


def watched(sessions: list[Session], clicks: int) -> Watched:
    kept = [each for each in sessions if len(each) >= clicks and all(click.category != SALE for click in each[:clicks])]
    later = [any(click.category == SALE for click in each[clicks:]) for each in kept]
    months = [each[0].month for each in kept]
    return Watched(kept, feature_matrix(kept, clicks), np.array(later, dtype=np.int64), np.array(months, dtype=np.int64))


def untrained() -> VotingClassifier:
    """Trees find where clicks and countries meet, the straight line holds up better from month to month; their mean beats either."""
    boosted = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.03, max_leaf_nodes=10, min_samples_leaf=100, l2_regularization=10.0, max_features=0.3, early_stopping=False, random_state=0
    )
    return VotingClassifier([("boosted", boosted), ("linear", plain())], voting="soft", flatten_transform=False)


def plain() -> Pipeline:
    """Alone, the baseline to beat."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, solver="newton-cholesky", tol=1e-10, max_iter=500))


def fit(make: Callable[[], Pipeline | VotingClassifier], parts: list[Watched], but: int = 0) -> Pipeline | VotingClassifier:
    """Trained on all `parts`, without the month `but`."""
    matrix = np.concatenate([part.matrix[part.month != but] for part in parts]).astype(np.float64)
    return make().fit(matrix, np.concatenate([part.later[part.month != but] for part in parts]))


def auc(model: Pipeline | VotingClassifier, part: Watched) -> float:
    return float(roc_auc_score(part.later, model.predict_proba(part.matrix)[:, 1]))


def by_month(make: Callable[[], Pipeline | VotingClassifier], parts: list[Watched], part: Watched) -> dict[str, float]:
    """The AUC of each month's sessions under the model of the other months."""
    aucs = {}
    for month in np.unique(part.month).tolist():
        kept = part.month == month
        left_out = Watched([], part.matrix[kept], part.later[kept], part.month[kept])
        aucs[str(month)] = round(auc(fit(make, parts, month), left_out), 4)
    return {**aucs, "mean": round(float(np.mean(list(aucs.values()))), 4)}


def interval(scores: NDArray[np.float64], later: NDArray[np.int64]) -> list[float]:
    """What 95 % of 1,000 bootstrap samples of the sessions have as AUC."""
    random = np.random.default_rng(0)
    samples = [random.integers(0, len(later), len(later)) for _ in range(1_000)]
    return [round(float(each), 3) for each in np.quantile([roc_auc_score(later[rows], scores[rows]) for rows in samples], [0.025, 0.975])]


def measured(part: Watched, scores: NDArray[np.float64]) -> dict[str, object]:
    rate = part.later.mean()
    return {
        "sessions": len(part.later),
        "lookedAtSale": int(part.later.sum()),
        "auc": round(float(roc_auc_score(part.later, scores)), 6),
        "aucInterval": interval(scores, part.later),
        "scoreSum": round(float(scores.sum()), 4),
        "brier": round(float(brier_score_loss(part.later, scores)), 4),
        "brierOfTheMean": round(float(rate * (1 - rate)), 4),
    }


def fixture(model: VotingClassifier, demo: dict[str, object]) -> str:
    """What TypeScript has to give for the invented sessions, by scikit-learn, and figures of the demo sessions."""
    part = watched(read_sessions(DOMAIN / "fixtures/clicks.csv"), WATCHED)
    scores = model.predict_proba(part.matrix)[:, 1]
    rows = [json.dumps([session[0].session, *map(float, map(str, row)), round(float(score), 8)]) for session, row, score in zip(part.sessions, part.matrix, scores)]
    figures = {"features": FEATURES, "demo": demo, "sessions": len(part.later), "lookedAtSale": int(part.later.sum()), "auc": round(float(roc_auc_score(part.later, scores)), 6)}
    text = json.dumps(figures, indent=2)
    return text[:-2] + ',\n  "perSession": [\n    ' + ",\n    ".join(rows) + "\n  ]\n}\n"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--scores", type=Path)
    chosen = arguments.parse_args()
    train, demo = read_sessions(chosen.data / "train.csv"), read_sessions(chosen.data / "demo.csv")
    parts = [watched(train, clicks) for clicks in TRAINED_ON]
    model = fit(untrained, parts)
    onnx = to_onnx(model, "sessions-sale", len(FEATURES), "sale_class").SerializeToString(deterministic=True)
    shown = watched(demo, WATCHED)
    reference = model.predict_proba(shown.matrix)[:, 1]
    metrics = {
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "bytes": len(onnx),
        "watchedClicks": WATCHED,
        "trainingSessions": len(watched(train, WATCHED).later),
        "trainingRows": sum(len(part.later) for part in parts),
        "largestDifferenceFromScikitLearn": float(np.abs(reference - scorer(onnx)(shown.matrix)).max()),
        "aucOfMonthsLeftOut": by_month(untrained, parts, watched(train, WATCHED)),
        "aucOfMonthsLeftOutByLogisticRegression": by_month(plain, [watched(train, WATCHED)], watched(train, WATCHED)),
        "demo": measured(shown, reference),
        "demoAucOfLogisticRegression": round(auc(fit(plain, [watched(train, WATCHED)]), shown), 4),
        "demoAucAfterClicks": {str(clicks): round(auc(model, watched(demo, clicks)), 4) for clicks in REPORTED},
    }
    (DOMAIN / "models/sale.onnx").write_bytes(onnx)
    (DOMAIN / "fixtures/sale.json").write_text(fixture(model, metrics["demo"]))
    (HERE / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    write_card(metrics)
    if chosen.scores:
        chosen.scores.write_text("".join(f"{session[0].session} {score:.9f}\n" for session, score in zip(shown.sessions, reference)))
    print(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    main()
