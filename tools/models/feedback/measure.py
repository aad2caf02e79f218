"""Figures of predictions against labels, and the plain baseline they are held against."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from corpora import NONE, Labelled
from features import matrix
from linear import Classifier, Labels, inverse_frequencies, labels_of, weighted
from recipes import Recipe

Figures = dict[str, object]


def figures(truth: list[str], predicted: Labels) -> Figures:
    labels = sorted(set(truth))
    if len(labels) == 1:
        return {"rows": len(truth), "accuracy": rounded(np.mean(predicted == labels[0]))}
    precision, recall, f1, rows = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    by_label = {label: {"rows": int(rows[i]), "precision": rounded(precision[i]), "recall": rounded(recall[i]), "f1": rounded(f1[i])} for i, label in enumerate(labels)}
    found = {"rows": len(truth), "accuracy": rounded(accuracy_score(truth, predicted)), "macro f1": rounded(f1_score(truth, predicted, labels=labels, average="macro"))}
    if "spam" in by_label:
        found["f1 of spam"] = by_label["spam"]["f1"]
    return {**found, "byLabel": by_label}


def rounded(value: float) -> float:
    return round(float(value), 4)


def without_none(scores: np.ndarray, labels: list[str]) -> Labels:
    """What the same scores say when 'none of these' is not among the answers."""
    kept = [index for index, label in enumerate(labels) if label != NONE]
    return np.array(labels)[kept][scores[:, kept].argmax(axis=1)]


def cross_validated(recipe: Recipe, parts: list[Labelled]) -> Figures:
    """Three-fold over all parts; figures of the first."""
    training, own = sum(parts[1:], parts[0]), len(parts[0].labels)
    labels, counts = np.array(training.labels), matrix(training.messages, recipe.shape)
    predicted = np.empty(len(labels), dtype=labels.dtype)
    for rest, fold in StratifiedKFold(3, shuffle=True, random_state=0).split(counts, labels):
        idf = inverse_frequencies(counts[rest])
        model: Classifier = recipe.classifier(sorted(set(training.labels)))
        model.fit(weighted(counts[rest], idf), labels[rest])
        predicted[fold] = labels_of(model.scores(weighted(counts[fold], idf)), model.labels)
    return headline(figures(training.labels[:own], predicted[:own]))


def baseline(training: Labelled, demo: dict[str, Labelled]) -> Figures:
    """scikit-learn's TfidfVectorizer and LogisticRegression as they come, on the same rows."""
    plain = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=300))
    plain.fit(texts(training), training.labels)
    return {name: headline(figures(part.labels, plain.predict(texts(part)))) for name, part in demo.items()}


def texts(part: Labelled) -> list[str]:
    return [f"{message.title} {message.text}" for message in part.messages]


def headline(found: Figures) -> Figures:
    return {name: value for name, value in found.items() if name != "byLabel"}
