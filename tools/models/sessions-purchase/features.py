"""The features of one session summary. The TypeScript twin is libs/domains/sessions/src/purchase-intent/features.ts; change both or neither."""

from math import log1p

import numpy as np
from numpy.typing import NDArray

from summaries import COUNTS, Summary

KINDS = {"Administrative": "administrative", "Informational": "informational", "ProductRelated": "product"}
OTHER_KINDS = ["Administrative", "Informational"]

EARLY_FEATURES = [
    *(f"{kind}_{what}" for kind in KINDS.values() for what in ["pages", "seconds", "seconds_per_page"]),
    "other_kinds",
    "bounce_rate",
    "exit_rate",
    "expected_exits",
    "expected_later_exits",
    "special_day",
    "month",
    "november",
    "new_visitor",
    "weekend",
]
"""Known without any order value."""

PAGE_VALUE_FEATURES = ["page_value", "page_valued"]


def feature_matrix(summaries: list[Summary], names: list[str]) -> NDArray[np.float32]:
    """One row for each session, one column for each of `names`. Counts, seconds and page values as ln(1 + x)."""
    return np.array([[features(each)[name] for name in names] for each in summaries], dtype=np.float32).reshape(-1, len(names))


def features(session: Summary) -> dict[str, float]:
    pages = sum(session[kind] for kind in COUNTS)
    return {
        **{name: value for kind in COUNTS for name, value in page_features(session, kind).items()},
        "other_kinds": sum(float(session[kind] > 0) for kind in OTHER_KINDS),
        "bounce_rate": session["BounceRates"],
        "exit_rate": session["ExitRates"],
        "expected_exits": session["ExitRates"] * pages,
        "expected_later_exits": (session["ExitRates"] - session["BounceRates"]) * pages,
        "special_day": session["SpecialDay"],
        "month": session["Month"],
        "november": float(session["Month"] == 11),
        "new_visitor": session["NewVisitor"],
        "weekend": session["Weekend"],
        "page_value": log1p(session["PageValues"]),
        "page_valued": float(session["PageValues"] > 0),
    }


def page_features(session: Summary, column: str) -> dict[str, float]:
    pages, seconds, kind = session[column], session[f"{column}_Duration"], KINDS[column]
    return {
        f"{kind}_pages": log1p(pages),
        f"{kind}_seconds": log1p(seconds),
        f"{kind}_seconds_per_page": log1p(seconds / max(pages, 1)),
    }
