"""The features of a session's first clicks. The TypeScript twin is libs/domains/sessions/src/sale/features.ts; change both or neither.

A place counts the pictures of a category from 1: six on a page.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clicks import Session

CATEGORIES = {"trousers": 1, "skirts": 2, "blouses": 3}
COUNTRIES = {"poland": 29, "czechia": 9, "lithuania": 24, "net": 46}
FREQUENT_COUNTRIES = {29, 9, 24, 46, 44, 21, 16, 34, 41}
"""Those with 500 clicks or so in three months."""

FEATURES = [
    "clicks",
    *(f"from_{name}" for name in COUNTRIES),
    "from_elsewhere",
    *(f"{where}_{name}" for where in ["clicks_on", "begins_with", "now_at"] for name in CATEGORIES),
    "categories",
    "models",
    "switches",
    "steps_up",
    "steps_down",
    "category_progress",
    "clicks_in_category",
    *(f"price_{what}" for what in ["mean", "first", "last", "lowest", "change"]),
    "dear_share",
    "page_highest",
    "page_last",
    "pages_back",
    "later_page_share",
    "place_mean",
    "place_last",
    "top_row_share",
    "profile_share",
]


def feature_matrix(sessions: list[Session], clicks: int) -> NDArray[np.float32]:
    """One row for the first `clicks` clicks of each session, one column for each of FEATURES."""
    rows = [features(session[:clicks]) for session in sessions]
    return np.array([[row[name] for name in FEATURES] for row in rows], dtype=np.float32).reshape(-1, len(FEATURES))


def features(seen: Session) -> dict[str, float]:
    country = seen[0].country
    return {
        "clicks": len(seen),
        **{f"from_{name}": country == code for name, code in COUNTRIES.items()},
        "from_elsewhere": country not in FREQUENT_COUNTRIES,
        **category_features([click.category for click in seen]),
        "models": len({click.model for click in seen}),
        **price_features([click.price for click in seen]),
        "dear_share": share([click.dear for click in seen]),
        **page_features([click.page for click in seen]),
        **place_features([(click.page - 1) * 6 + click.location for click in seen]),
        "top_row_share": share([click.location <= 3 for click in seen]),
        "profile_share": share([click.photography == 2 for click in seen]),
    }


def category_features(categories: list[int]) -> dict[str, float]:
    steps = [after - before for before, after in pairwise(categories)]
    switches = [place for place, step in enumerate(steps, 1) if step != 0]
    return {
        **{f"clicks_on_{name}": categories.count(code) for name, code in CATEGORIES.items()},
        **{f"begins_with_{name}": categories[0] == code for name, code in CATEGORIES.items()},
        **{f"now_at_{name}": categories[-1] == code for name, code in CATEGORIES.items()},
        "categories": len(set(categories)),
        "switches": len(switches),
        "steps_up": sum(step > 0 for step in steps),
        "steps_down": sum(step < 0 for step in steps),
        "category_progress": categories[-1] - categories[0],
        "clicks_in_category": len(categories) - (switches[-1] if switches else 0),
    }


def price_features(prices: list[float]) -> dict[str, float]:
    return {
        "price_mean": sum(prices) / len(prices),
        "price_first": prices[0],
        "price_last": prices[-1],
        "price_lowest": min(prices),
        "price_change": prices[-1] - prices[0],
    }


def page_features(pages: list[int]) -> dict[str, float]:
    return {
        "page_highest": max(pages),
        "page_last": pages[-1],
        "pages_back": sum(after < before for before, after in pairwise(pages)),
        "later_page_share": share([page > 1 for page in pages]),
    }


def place_features(places: list[int]) -> dict[str, float]:
    return {"place_mean": sum(places) / len(places), "place_last": places[-1]}


def share(chosen: list[bool]) -> float:
    return sum(chosen) / len(chosen)
