"""Trains one model of the feedback domain and measures it on the demo rows.

    python train.py <spam|sentiment|recommendation|department|intent> --data <folder with fashion_reviews, sms_spam, banking77 and clinc150>

Writes the ONNX file and its fixture beside the domain, metrics and card beside this file. The same data give the same bytes.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from card import card
from corpora import NONE, Labelled
from features import Message, counts_of, matrix, slots
from graph import run, to_onnx
from linear import Classifier, Floats, inverse_frequencies, labels_of, weighted
from measure import Figures, baseline, cross_validated, figures, without_none
from recipes import RECIPES, Recipe
from text import read

HERE = Path(__file__).resolve().parent
DOMAIN = HERE.parents[2] / "libs/domains/feedback"


class Trained:
    """A fitted model, first as fitted, after `ship` with the weights of its graph."""

    def __init__(self, name: str, training: Labelled) -> None:
        self.name, self.recipe = name, RECIPES[name]
        counts = matrix(training.messages, self.recipe.shape)
        self.idf = inverse_frequencies(counts)
        self.model: Classifier = self.recipe.classifier(sorted(set(training.labels)))
        self.model.fit(weighted(counts, self.idf), np.array(training.labels))

    def scores(self, messages: list[Message]) -> Floats:
        return self.model.scores(weighted(matrix(messages, self.recipe.shape), self.idf))

    def ship(self) -> bytes:
        proto = to_onnx(f"feedback-{self.name}", self.recipe.shape, self.idf, self.model.quantise())
        return proto.SerializeToString(deterministic=True)


def measured(trained: Trained, demo: dict[str, Labelled]) -> tuple[bytes, Figures]:
    """The graph, and figures of its own scores on the demo rows."""
    labels = trained.model.labels
    as_fitted = {name: labels_of(trained.scores(part.messages), labels) for name, part in demo.items()}
    onnx = trained.ship()
    by_graph = {name: run(onnx, slots(part.messages, trained.recipe.shape)) for name, part in demo.items()}
    by_model = {name: trained.scores(part.messages) for name, part in demo.items()}
    found: Figures = {
        "demo": {name: figures(part.labels, labels_of(by_graph[name], labels)) for name, part in demo.items()},
        "labelsChangedByRounding": sum(int((labels_of(by_graph[name], labels) != as_fitted[name]).sum()) for name in demo),
        "largestDifferenceFromScikitLearn": float(max(np.abs(by_graph[name] - by_model[name]).max() for name in demo)),
        "scikitLearnScoreSums": {name: round(float(scores.sum()), 3) for name, scores in by_model.items()},
    }
    if NONE in labels:
        own = next(iter(demo))
        found["demoWithoutNone"] = {own: figures(demo[own].labels, without_none(by_graph[own], labels))}
    return onnx, found


def fixture(trained: Trained) -> str:
    """scikit-learn's scores for made-up messages, a line each, with the number of buckets and the sum of bucket × count."""
    lines = []
    for sent in json.loads((DOMAIN / "fixtures/messages.json").read_text()):
        message = Message(read(sent.get("title", "")), read(sent["text"]))
        counts = counts_of(message, trained.recipe.shape)
        scores = [round(float(score), 7) for score in trained.scores([message])[0]]
        lines.append(json.dumps({"buckets": len(counts), "sum": sum(bucket * count for bucket, count in counts.items()), "scores": scores}))
    return "[\n  " + ",\n  ".join(lines) + "\n]\n"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("model", choices=list(RECIPES))
    arguments.add_argument("--data", type=Path, required=True)
    chosen = arguments.parse_args()
    recipe: Recipe = RECIPES[chosen.model]
    parts, demo = recipe.training(chosen.data), recipe.demo(chosen.data)
    training = sum(parts[1:], parts[0])
    trained = Trained(chosen.model, training)
    onnx, found = measured(trained, demo)
    metrics = {
        "sha256": hashlib.sha256(onnx).hexdigest(),
        "bytes": len(onnx),
        "labels": trained.model.labels,
        "trainingRows": [len(part.labels) for part in parts],
        "goal": dict([recipe.goal]),
        **found,
        "threeFoldOnTraining": cross_validated(recipe, parts),
        "plainBaseline": baseline(training, demo),
    }
    (DOMAIN / "models" / f"{chosen.model}.onnx").write_bytes(onnx)
    (DOMAIN / "fixtures" / f"{chosen.model}.json").write_text(fixture(trained))
    (HERE / f"{chosen.model}.json").write_text(json.dumps(metrics, indent=2) + "\n")
    (HERE / f"{chosen.model}.md").write_text(card(chosen.model, recipe, metrics))
    print(json.dumps({name: value for name, value in metrics.items() if name != "labels"}, indent=1))


if __name__ == "__main__":
    main()
