"""How much the words of a description tell about returns. The TypeScript twin is libs/domains/orders/src/returns/words.ts; change both or neither."""

import re
from collections import Counter

import numpy as np

from columns import Bools, Floats
from order_lines import Line

WORD = re.compile(r"[a-z]{3,}")
PRIOR_LINES = 200
LEAST_LINES = 300

Words = dict[str, float]
"""A word's weight: the natural logarithm of its share of returns against the share of all lines, drawn towards 0 where lines are few."""


def words_of(description: str) -> frozenset[str]:
    return frozenset(WORD.findall(description.lower()))


def learned(descriptions: list[str], returned: Bools) -> Words:
    """Of words with at least LEAST_LINES lines; weights of four decimals."""
    lines, returns = Counter[str](), Counter[str]()
    for description, count in Counter(descriptions).items():
        lines.update({word: count for word in words_of(description)})
    for description, count in Counter(text for text, back in zip(descriptions, returned) if back).items():
        returns.update({word: count for word in words_of(description)})
    share = float(returned.mean())
    kept = sorted(word for word, count in lines.items() if count >= LEAST_LINES)
    return {word: round(float(np.log((returns[word] + PRIOR_LINES * share) / (lines[word] + PRIOR_LINES) / share)), 4) for word in kept}


def score_of(description: str, words: Words) -> float:
    """The mean weight of the description's different words that are known; 0 without any. Summed in alphabetical order."""
    weights = [words[word] for word in sorted(words_of(description)) if word in words]
    return sum(weights) / len(weights) if weights else 0.0


def scores(descriptions: list[str], words: Words) -> Floats:
    known = {text: score_of(text, words) for text in set(descriptions)}
    return np.array([known[text] for text in descriptions])


def descriptions_of(lines: list[Line]) -> list[str]:
    """Of each line the first description of its product that is not empty."""
    first: dict[str, str] = {}
    for line in lines:
        first[line.product] = first.get(line.product) or line.description.strip()
    return [first[line.product] for line in lines]
