"""Fills the model card of a version with its figures: card.template.md → <version>.md."""

from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent

WORDS = {
    "with-page-values": {
        "name": "sessions.purchase-intent-page-values",
        "sees": "including the value of the pages seen",
        "use": "Used where the rows have the column `PageValues`.",
        "warning": "`PageValues` is worked out by the analytics tool from the orders that followed the pages. It already knows something of the order: use this version to judge finished sessions, never to predict during a session. The version without it is for that.",
    },
    "without-page-values": {
        "name": "sessions.purchase-intent",
        "sees": "without the value of the pages seen",
        "use": "Used where the rows do not have the column `PageValues`.",
        "warning": "It sees nothing that is worked out from orders. The counts and durations are still those of the whole session, so a figure for a session that goes on will be lower.",
    },
}


def write_card(version: str, names: list[str], metrics: dict) -> None:
    demo, folds, plain = metrics["demo"], metrics["crossValidation"], metrics["crossValidationOfLogisticRegression"]
    figures = {
        "version": version,
        "bytes": f"{metrics['bytes']:,}",
        "features": len(names),
        "named": ", ".join(f"`{name}`" for name in names),
        "fold_auc": f"{folds['auc']:.3f}",
        "fold_lowest": f"{folds['aucLowestFold']:.3f}",
        "plain_auc": f"{plain['auc']:.3f}",
        "demo_auc": f"{demo['auc']:.3f}",
        "demo_low": demo["aucInterval"][0],
        "demo_high": demo["aucInterval"][1],
        "demo_plain": f"{metrics['demoAucOfLogisticRegression']:.3f}",
        "demo_sessions": f"{demo['sessions']:,}",
        "demo_purchases": demo["purchases"],
        "expected": round(demo["scoreSum"]),
        "brier": f"{demo['brier']:.3f}",
        "brier_mean": f"{demo['brierOfTheMean']:.3f}",
        "difference": f"{metrics['largestDifferenceFromScikitLearn']:.1e}",
        **WORDS[version],
    }
    (HERE / f"{version}.md").write_text(Template((HERE / "card.template.md").read_text()).substitute(figures))
