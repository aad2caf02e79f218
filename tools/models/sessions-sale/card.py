"""Fills the model card with its figures: card.template.md → README.md."""

from pathlib import Path
from string import Template

from features import FEATURES

HERE = Path(__file__).resolve().parent


def write_card(metrics: dict) -> None:
    demo, months, plain = metrics["demo"], metrics["aucOfMonthsLeftOut"], metrics["aucOfMonthsLeftOutByLogisticRegression"]
    figures = {
        "bytes": f"{metrics['bytes']:,}",
        "features": len(FEATURES),
        "named": ", ".join(f"`{name}`" for name in FEATURES),
        "watched": metrics["watchedClicks"],
        "training_sessions": f"{metrics['trainingSessions']:,}",
        "training_rows": f"{metrics['trainingRows']:,}",
        "months": f"{months['mean']:.3f} (April {months['4']:.3f}, May {months['5']:.3f}, June {months['6']:.3f})",
        "months_plain": f"{plain['mean']:.3f}",
        "demo_auc": f"{demo['auc']:.3f}",
        "demo_low": demo["aucInterval"][0],
        "demo_high": demo["aucInterval"][1],
        "demo_plain": f"{metrics['demoAucOfLogisticRegression']:.3f}",
        "demo_sessions": demo["sessions"],
        "demo_later": demo["lookedAtSale"],
        "expected": round(demo["scoreSum"]),
        "brier": f"{demo['brier']:.3f}",
        "brier_mean": f"{demo['brierOfTheMean']:.3f}",
        "after": "; ".join(f"{clicks} clicks {value:.3f}" for clicks, value in metrics["demoAucAfterClicks"].items()),
        "difference": f"{metrics['largestDifferenceFromScikitLearn']:.1e}",
    }
    (HERE / "README.md").write_text(Template((HERE / "card.template.md").read_text()).substitute(figures))
