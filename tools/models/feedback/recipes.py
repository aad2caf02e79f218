"""What each model is trained on and how. Shapes, costs and offsets were chosen by three-fold cross-validation on the training rows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpora import Labelled, finance, other_business, out_of_scope, reviews, texts
from features import Shape
from linear import Classifier, OneOfMany, Ordered, YesOrNo

OTHER_BUSINESS = 2_500
OTHER_HAM = 600


@dataclass(frozen=True)
class Recipe:
    shape: Shape
    training: Callable[[Path], list[Labelled]]
    """The model's own kind of messages first, then others that it shall tell apart from them."""
    demo: Callable[[Path], dict[str, Labelled]]
    """By name, in the same order; figures are given for each."""
    classifier: Callable[[list[str]], Classifier]
    """Takes the labels, sorted."""
    goal: tuple[str, float]


def review_demo(label: str) -> Callable[[Path], dict[str, Labelled]]:
    return lambda data: {"fashion_reviews": reviews(data, "demo", label)}


def review_training(label: str) -> Callable[[Path], list[Labelled]]:
    return lambda data: [reviews(data, "train", label)]


def with_none(data: Path) -> list[Labelled]:
    return [texts(data, "banking77", "train", "category"), out_of_scope(data, "train"), other_business(data, "train").some(OTHER_BUSINESS)]


def none_demo(data: Path) -> dict[str, Labelled]:
    return {
        "banking77": texts(data, "banking77", "demo", "category"),
        "clinc150 out of scope": out_of_scope(data, "demo"),
        "clinc150 other business": other_business(data, "demo"),
        "clinc150 finance that banking77 lacks": finance(data, "demo", covered=False),
        "clinc150 finance that banking77 has, refused": finance(data, "demo", covered=True),
    }


def other_messages(data: Path, part: str) -> list[Labelled]:
    others = [reviews(data, part, "department"), texts(data, "banking77", part, "category"), other_business(data, part)]
    return [other.all_as("ham") for other in others]


def with_other_ham(data: Path) -> list[Labelled]:
    return [texts(data, "sms_spam", "train", "label"), *(other.some(OTHER_HAM) for other in other_messages(data, "train"))]


def spam_demo(data: Path) -> dict[str, Labelled]:
    names = ["fashion_reviews, all ham", "banking77, all ham", "clinc150, all ham"]
    return {"sms_spam": texts(data, "sms_spam", "demo", "label"), **dict(zip(names, other_messages(data, "demo")))}


RECIPES = {
    "spam": Recipe(Shape(2**15, 512, False, (2, 5)), with_other_ham, spam_demo, lambda labels: YesOrNo(labels, 300, False), ("f1 of spam", 0.90)),
    "sentiment": Recipe(Shape(2**17, 320, True, None), review_training("sentiment"), review_demo("sentiment"), lambda labels: Ordered(labels, 8, (-0.25, -0.25)), ("macro f1", 0.64)),
    "recommendation": Recipe(Shape(2**17, 320, True, None), review_training("recommendation"), review_demo("recommendation"), lambda labels: YesOrNo(labels, 8, True), ("macro f1", 0.85)),
    "department": Recipe(Shape(2**17, 768, True, (3, 4)), review_training("department"), review_demo("department"), lambda labels: OneOfMany(labels, 0.7), ("accuracy", 0.86)),
    "intent": Recipe(Shape(2**15, 512, True, (2, 5), marks=False), with_none, none_demo, lambda labels: OneOfMany(labels, 1), ("accuracy", 0.88)),
}
