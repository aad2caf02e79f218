"""A message as a set of hashed n-grams. The TypeScript twin is libs/domains/feedback/src/text/ngrams.ts; change both or neither.

Numbers are by length only from three digits on. A word is framed by U+0002 and U+0003 before it is cut into characters' n-grams.
Words of a title count twice: once as words, once as words of a title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

WORD = "<[a-z]+>|[a-z\u00df-\u00f6\u00f8-\u00ff]+(?:'[a-z\u00df-\u00f6\u00f8-\u00ff]+)*|[0-9]+"
TOKEN = {False: re.compile(WORD), True: re.compile(WORD + "|[!?]+|\\.{2,}|[£$€%@*:;/()]")}
MASK32 = 0xFFFFFFFF
SEEDS = {"word": 0x811C9DC5, "pair": 0x2F0B4C47, "characters": 0x1B873593, "title": 0x7FEB352D}


@dataclass(frozen=True)
class Shape:
    """What is made of a message, and into how many buckets (a power of two) and slots."""

    buckets: int
    slots: int
    pairs: bool
    """Whether pairs of neighbouring words count."""
    characters: tuple[int, int] | None
    """The shortest and the longest n-gram of characters."""
    marks: bool = True
    """Whether punctuation counts."""


@dataclass(frozen=True)
class Message:
    title: str
    text: str


def tokens_of(text: str, marks: bool) -> list[str]:
    return ["0" * min(len(token), 12) if "0" <= token[0] <= "9" and len(token) > 2 else token for token in TOKEN[marks].findall(text.lower())]


def fnv(text: str, seed: int) -> int:
    """FNV-1a over UTF-16 code units; all that TOKEN takes is one unit a character."""
    state = seed
    for character in text:
        state = ((state ^ ord(character)) * 0x01000193) & MASK32
    return state


def joined(left: int, right: int, seed: int) -> int:
    return ((((seed ^ left) * 0x01000193) & MASK32 ^ right) * 0x01000193) & MASK32


def finished(state: int) -> int:
    state = ((state ^ state >> 16) * 0x85EBCA6B) & MASK32
    state = ((state ^ state >> 13) * 0xC2B2AE35) & MASK32
    return state ^ state >> 16


@lru_cache(maxsize=200_000)
def word_hash(word: str) -> int:
    return fnv(word, SEEDS["word"])


@lru_cache(maxsize=200_000)
def character_hashes(word: str, shortest: int, longest: int) -> tuple[int, ...]:
    framed = f"\u0002{word}\u0003"
    return tuple(fnv(framed[at : at + length], SEEDS["characters"]) for at in range(len(framed)) for length in range(shortest, longest + 1) if at + length <= len(framed))


def hashes(message: Message, shape: Shape) -> Iterator[int]:
    """In the order of the text, so that a long message loses its end."""
    title = tokens_of(message.title, shape.marks)
    for word in title:
        yield joined(word_hash(word), 0, SEEDS["title"])
    yield from run_hashes([*title, *tokens_of(message.text, shape.marks)], shape)


def run_hashes(words: list[str], shape: Shape) -> Iterator[int]:
    before = None
    for word in words:
        own = word_hash(word)
        yield own
        if shape.pairs and before is not None:
            yield joined(before, own, SEEDS["pair"])
        if shape.characters:
            yield from character_hashes(word, *shape.characters)
        before = own


def counts_of(message: Message, shape: Shape) -> dict[int, int]:
    """How often each bucket comes, in order of appearance, until one comes that finds no slot; bucket 0 is kept for empty slots."""
    counts: dict[int, int] = {}
    for state in hashes(message, shape):
        bucket = max(1, finished(state) & (shape.buckets - 1))
        if bucket in counts:
            counts[bucket] += 1
        elif len(counts) < shape.slots:
            counts[bucket] = 1
        else:
            break
    return counts


def matrix(messages: list[Message], shape: Shape) -> csr_matrix:
    """1 + ln(count) of each bucket."""
    rows = [counts_of(message, shape) for message in messages]
    ends = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((bucket for row in rows for bucket in row), dtype=np.int32, count=int(ends[-1]))
    counts = np.fromiter((count for row in rows for count in row.values()), dtype=np.float64, count=int(ends[-1]))
    return csr_matrix((1 + np.log(counts), indices, ends), shape=(len(rows), shape.buckets))


def slots(messages: list[Message], shape: Shape) -> NDArray[np.float32]:
    """What the graph takes: the bucket numbers, then 1 + ln(count) of each; the rest zeros."""
    filled = np.zeros((len(messages), 2 * shape.slots), dtype=np.float32)
    for row, message in enumerate(messages):
        counts = counts_of(message, shape)
        filled[row, : len(counts)] = list(counts)
        filled[row, shape.slots : shape.slots + len(counts)] = 1 + np.log(list(counts.values()))
    return filled
