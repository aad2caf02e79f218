"""TF-IDF over buckets and a linear classifier, small enough to ship."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]

FEWEST = 2
"""Messages that a bucket has to come in."""


def inverse_frequencies(counts: csr_matrix) -> Floats:
    """ln((1 + messages) / (1 + messages with the bucket)) + 1, as scikit-learn has it; 0 for rare buckets."""
    messages, frequency = counts.shape[0], np.bincount(counts.indices, minlength=counts.shape[1])
    return np.where(frequency >= FEWEST, np.log((1 + messages) / (1 + frequency)) + 1, 0).astype(np.float32).astype(np.float64)


def weighted(counts: csr_matrix, idf: Floats) -> csr_matrix:
    return normalize(counts @ diags(idf)).tocsr()


class Classifier(Protocol):
    """One score a column; the label is that of the highest, or of the only one's sign."""

    labels: list[str]

    def fit(self, rows: csr_matrix, labels: Labels) -> None: ...
    def scores(self, rows: csr_matrix) -> Floats: ...
    def quantise(self) -> "Quantised": ...


@dataclass(frozen=True)
class Quantised:
    """weights[bucket, column] × scale[column] + bias[column]."""

    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]


def quantised(coefficients: Floats, bias: Floats) -> Quantised:
    """`coefficients` are [columns, buckets]."""
    scale = np.maximum(np.abs(coefficients).max(axis=1) / 127, 1e-12).astype(np.float32)
    weights = np.rint(coefficients / scale[:, None]).astype(np.int8)
    return Quantised(np.ascontiguousarray(weights.T), scale, bias.astype(np.float32))


def restored(weights: Quantised, column: int | slice) -> Floats:
    return (weights.weights.T.astype(np.float64) * weights.scale[:, None].astype(np.float64))[column]


class OneOfMany:
    """A linear support vector machine for each label against the rest."""

    def __init__(self, labels: list[str], cost: float) -> None:
        self.labels = sorted(labels)
        self.machine = LinearSVC(C=cost, random_state=0)

    def fit(self, rows: csr_matrix, labels: Labels) -> None:
        self.machine.fit(rows, labels)

    def scores(self, rows: csr_matrix) -> Floats:
        return self.machine.decision_function(rows)

    def quantise(self) -> Quantised:
        shipped = quantised(self.machine.coef_, self.machine.intercept_)
        self.machine.coef_, self.machine.intercept_ = restored(shipped, slice(None)), shipped.bias.astype(np.float64)
        return shipped


class YesOrNo:
    """Logistic regression; the score is the log-odds of the second label. `balanced` weighs both labels alike."""

    def __init__(self, labels: list[str], cost: float, balanced: bool) -> None:
        self.labels = labels
        self.regression = LogisticRegression(C=cost, solver="liblinear", random_state=0, tol=1e-3, class_weight="balanced" if balanced else None)

    def fit(self, rows: csr_matrix, labels: Labels) -> None:
        self.regression.fit(rows, labels == self.labels[1])

    def scores(self, rows: csr_matrix) -> Floats:
        return self.regression.decision_function(rows)[:, None]

    def quantise(self) -> Quantised:
        shipped = quantised(self.regression.coef_, self.regression.intercept_)
        self.regression.coef_, self.regression.intercept_ = restored(shipped, slice(None)), shipped.bias.astype(np.float64)
        return shipped


class Ordered:
    """Three labels in order: one regression for 'above the first', one for 'the last'; the middle is where neither is sure."""

    def __init__(self, labels: list[str], cost: float, offsets: tuple[float, float]) -> None:
        self.labels, self.offsets = labels, np.array(offsets)
        self.above_first, self.last = (YesOrNo(["no", "yes"], cost, True) for _ in range(2))

    def fit(self, rows: csr_matrix, labels: Labels) -> None:
        self.above_first.fit(rows, np.where(labels == self.labels[0], "no", "yes"))
        self.last.fit(rows, np.where(labels == self.labels[2], "yes", "no"))

    def scores(self, rows: csr_matrix) -> Floats:
        first, last = self.above_first.scores(rows)[:, 0], self.last.scores(rows)[:, 0]
        return np.stack([self.offsets[0] - first, np.zeros(len(first)), self.offsets[1] + last], axis=1)

    def quantise(self) -> Quantised:
        first, last = self.above_first.quantise(), self.last.quantise()
        none = np.zeros_like(first.weights)
        bias = np.concatenate([self.offsets[0] - first.bias, [0], self.offsets[1] + last.bias]).astype(np.float32)
        return Quantised(np.ascontiguousarray(np.concatenate([-first.weights, none, last.weights], axis=1)), np.concatenate([first.scale, [1], last.scale]).astype(np.float32), bias)


def labels_of(scores: Floats, labels: list[str]) -> Labels:
    chosen = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)
    return np.array(labels)[chosen]
