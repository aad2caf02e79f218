"""Trains the revenue forecast of the orders domain and measures it.

    python train.py --data <folder with train.csv.gz, demo.csv and demo_week.csv>

Writes the ONNX file and the fixtures beside the domain, and metrics.json beside this file. The same data give the same bytes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import QuantileRegressor

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "orders-lines"))

from artefacts import SAMPLE, data_folder, rounded, write_fixture, write_metrics, write_model
from columns import PRICES_PER_UNIT, Floats, Ints, columns, day_number
from features import FEATURES, MOST_WEEKS, WEEK, Sales, goods_of, outlook, sales_of
from onnx_graphs import Scorer, linear_graph, scorer
from order_lines import read_lines

NAME = "orders-revenue"
QUANTILES = (0.1, 0.5, 0.9)
ALPHA = 0.001
FIRST_END, LAST_DAY, TEST_END = day_number(2011, 1, 10), day_number(2011, 8, 31), day_number(2011, 9, 30)
"""Nothing after the last day is seen in training. The first week of the year is the shop's holiday."""
VALIDATED_AFTER, VALIDATION_STEP = 90, 14


@dataclass(frozen=True)
class Weeks:
    """One entry a forecast: an export of so many weeks, and the seven days after it. Amounts in ten-thousandths."""

    end: Ints
    weeks: Ints
    matrix: NDArray[np.float32]
    level: Floats
    shares: Floats
    actual: Floats
    naive: Floats

    def where(self, kept: NDArray[np.bool_]) -> "Weeks":
        return Weeks(*(values[kept] for values in vars(self).values()))


def forecasts(sales: Sales, ends: range, spans: range | None) -> Weeks:
    """For each day an export that ends on it, of each number of weeks; without `spans` of all there is."""
    rows = []
    for end in ends:
        actual = sales.until(end + WEEK, WEEK).net
        for weeks in spans or [len(sales.net)]:
            part = sales.until(end, weeks * WEEK)
            found = outlook(part)
            if found is None or (spans and part.weeks < weeks):
                continue
            rows.append((end, part.weeks, found.features, found.level, found.shares, actual, part.net[-WEEK:]))
    end, weeks, features, level, shares, actual, naive = zip(*rows)
    return Weeks(np.array(end), np.array(weeks), np.array(features, dtype=np.float32), np.array(level), np.array(shares), np.array(actual, dtype=float), np.array(naive, dtype=float))


def fit(rows: Weeks) -> list[QuantileRegressor]:
    """Of the logarithm of the next seven days against the level; weighted by the level, as the measure is."""
    target = np.log(np.maximum(rows.actual.sum(axis=1), 1) / rows.level)
    weight = rows.level / rows.level.mean()
    return [QuantileRegressor(quantile=quantile, alpha=ALPHA, solver="highs").fit(rows.matrix, target, sample_weight=weight) for quantile in QUANTILES]


def to_onnx(models: list[QuantileRegressor]) -> bytes:
    return linear_graph(NAME, np.stack([model.coef_ for model in models], axis=1), np.array([model.intercept_ for model in models]))


def figures(rows: Weeks, score: Scorer) -> dict[str, object]:
    ratios = np.sort(np.exp(score(rows.matrix)), axis=1)
    low, middle, high = (ratios * rows.level[:, None]).T
    actual = rows.actual.sum(axis=1)
    return {
        "forecasts": len(actual),
        "wape": wape(middle, actual),
        "wapeOfNaive": wape(rows.naive.sum(axis=1), actual),
        "wapeOfDays": wape(middle[:, None] * rows.shares, rows.actual),
        "wapeOfDaysNaive": wape(rows.naive, rows.actual),
        "withinLowAndHigh": rounded(((actual >= low) & (actual <= high)).mean(), 2),
    }


def wape(forecast: Floats, actual: Floats) -> float:
    """The sum of the absolute errors against the sum of what came."""
    return rounded(np.abs(forecast - actual).sum() / np.abs(actual).sum(), 4)


def by_weeks(rows: Weeks, score: Scorer) -> dict[str, object]:
    return {f"{weeks} weeks": figures(rows.where(rows.weeks == weeks), score) for weeks in np.unique(rows.weeks).tolist()}


def validation(rows: Weeks) -> dict[str, object]:
    """Every two weeks a model of what was known by then, measured on the forecasts of the two weeks after; pooled."""
    errors: dict[int, list[Floats]] = {weeks: [] for weeks in range(1, MOST_WEEKS + 1)}
    for cut in range(FIRST_END + VALIDATED_AFTER, LAST_DAY - 2 * WEEK, VALIDATION_STEP):
        score = scorer(to_onnx(fit(rows.where(rows.end + WEEK <= cut))))
        for weeks, found in errors.items():
            part = rows.where((rows.weeks == weeks) & (rows.end >= cut) & (rows.end < cut + VALIDATION_STEP))
            actual, middle = part.actual.sum(axis=1), np.exp(score(part.matrix)[:, 1]) * part.level
            found.append(np.stack([np.abs(middle - actual), np.abs(part.naive.sum(axis=1) - actual), actual]))
    totals = {weeks: np.concatenate(found, axis=1).sum(axis=1) for weeks, found in errors.items()}
    return {f"{weeks} weeks": {"wape": rounded(model / actual, 4), "wapeOfNaive": rounded(naive / actual, 4)} for weeks, (model, naive, actual) in totals.items()}


def fixture(path: str, score: Scorer) -> dict[str, object]:
    """What the TypeScript features and the shipped model have to give for an export."""
    lines = read_lines(path)
    sales = sales_of(columns(lines), goods_of([line.product for line in lines]))
    found = outlook(sales)
    assert found is not None
    scores = score(np.array([found.features], dtype=np.float32))[0]
    return {
        "lastDay": sales.last_day,
        "weeks": sales.weeks,
        "last7Days": units(sales.net[-WEEK:].sum()),
        "level": units(found.level),
        "features": dict(zip(FEATURES, map(rounded, found.features))),
        "shares": [rounded(share) for share in found.shares],
        "score": [rounded(value) for value in scores],
        "forecast": [units(value) for value in found.level * np.exp(scores)],
    }


def units(amount: float) -> float:
    return round(float(amount) / PRICES_PER_UNIT, 2)


def main() -> None:
    data = data_folder()
    lines = read_lines(str(data / "train.csv.gz")) + read_lines(str(data / "demo.csv"))
    sales = sales_of(columns(lines), goods_of([line.product for line in lines]))
    rows = forecasts(sales, range(FIRST_END, LAST_DAY - WEEK + 1), range(1, MOST_WEEKS + 1))
    models = fit(rows)
    onnx = to_onnx(models)
    score = scorer(onnx)
    tests = range(LAST_DAY, TEST_END - WEEK + 1)
    test = forecasts(sales, tests, range(1, MOST_WEEKS + 1))
    expected = np.stack([model.predict(test.matrix) for model in models], axis=1)
    alone = sales.until(TEST_END, TEST_END - LAST_DAY)
    metrics = {
        **write_model(NAME, onnx),
        "forecasts": len(rows.end),
        "weights": {str(quantile): dict(zip([*FEATURES, "offset"], map(rounded, [*model.coef_, model.intercept_]))) for quantile, model in zip(QUANTILES, models)},
        "largestDifferenceFromScikitLearn": float(np.abs(expected - score(test.matrix)).max()),
        "validation": validation(rows),
        "test": by_weeks(test, score),
        "testOnDemoRowsAlone": figures(forecasts(alone, range(LAST_DAY + WEEK, TEST_END - WEEK + 1), None), score),
    }
    write_metrics(HERE, metrics)
    for name, path in [("sample", SAMPLE), ("demo", data / "demo.csv"), ("demo-week", data / "demo_week.csv")]:
        write_fixture(f"{name}-revenue.json", fixture(str(path), score))


if __name__ == "__main__":
    main()
