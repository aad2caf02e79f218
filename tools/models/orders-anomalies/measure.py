"""How well scores tell invoices with a fault from untouched ones. An invoice's score is that of its highest line."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from exports import Labelled, labelled
from faults import FAULTS
from features import FEATURES
from order_lines import Line

Scorer = Callable[[NDArray[np.float32]], NDArray[np.float64]]


def invoice_scores(part: Labelled, score: Scorer) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Each invoice's score, and its fault or an empty string."""
    scores = np.full(part.invoice.max() + 1, -np.inf)
    np.maximum.at(scores, part.invoice, score(part.matrix))
    kinds = np.full(len(scores), "", dtype="U40")
    for line, kind in part.faults.items():
        kinds[part.invoice[line]] = kind
    return scores, kinds


def largest_deviation(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """The rule to beat: a wrong sign, else how far the quantity or the price is from the usual."""
    column = {name: matrix[:, index] for index, name in enumerate(FEATURES)}
    deviation = np.maximum(np.abs(column["quantity_vs_usual"]), np.abs(column["price_vs_usual"]))
    return deviation + 100.0 * column["wrong_sign"]


def auc(scores: NDArray[np.float64], kinds: NDArray[np.str_], chosen: Iterable[str] = FAULTS) -> float:
    kept = np.isin(kinds, ["", *chosen])
    return float(roc_auc_score(kinds[kept] != "", scores[kept]))


def measure(lines: list[Line], rate: float, seeds: Iterable[int], score: Scorer, threshold: float) -> dict[str, object]:
    """Means over `seeds`, unless said otherwise."""
    runs = []
    for seed in seeds:
        part = labelled(lines, rate, np.random.default_rng(seed))
        runs.append((part, *invoice_scores(part, score)))
    aucs = [auc(scores, kinds) for _, scores, kinds in runs]
    unsigned = [kind for kind in FAULTS if kind != "wrong sign"]
    return {
        "invoices": len(runs[0][1]),
        "invoicesWithFault": len(runs[0][0].faults),
        "seeds": list(seeds),
        "auc": mean(aucs),
        "aucLowest": round(min(aucs), 4),
        "aucWithoutWrongSign": mean(auc(scores, kinds, unsigned) for _, scores, kinds in runs),
        "aucOfLargestDeviation": mean(auc(*invoice_scores(part, largest_deviation)) for part, _, _ in runs),
        "aucByFault": {kind: mean(auc(scores, kinds, [kind]) for _, scores, kinds in runs if kind in kinds) for kind in FAULTS},
        "flaggedOfUntouched": mean((scores[kinds == ""] > threshold).mean() for _, scores, kinds in runs),
        "foundOfFaults": mean((scores[kinds != ""] > threshold).mean() for _, scores, kinds in runs),
        "foundByFault": {kind: mean((scores[kinds == kind] > threshold).mean() for _, scores, kinds in runs if kind in kinds) for kind in FAULTS},
    }


def mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)
