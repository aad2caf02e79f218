"""Trains the customer clusters of the orders domain and measures them.

    python train.py --data <folder with train.csv.gz, demo.csv and demo_week.csv>

Writes the ONNX file and the fixtures beside the domain, and metrics.json beside this file. The same data give the same bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "orders-lines"))

from artefacts import SAMPLE, data_folder, rounded, write_fixture, write_metrics, write_model
from columns import Columns, Floats, Ints, columns, day_number
from features import FEATURES, buyers_of
from onnx_graphs import Scorer, distances_graph, scorer
from order_lines import read_lines

NAME = "orders-segments"
CLUSTERS, TRIED = 5, range(3, 8)
TRAINED_TO, VALIDATION_TO = day_number(2011, 6, 30), day_number(2011, 8, 31)
FIRST_END = day_number(2011, 1, 31)
SPANS = (7, 30, 90)
STEP = 7

Matrix = NDArray[np.float32]


def exports(lines: Columns, start: int, stop: int) -> Iterator[tuple[int, Matrix]]:
    """The customers of exports of a week, a month and a quarter that end between these days, every seventh day."""
    for end in range(start, stop + 1, STEP):
        for span in SPANS:
            if end - span + 1 >= int(lines.day.min()):
                yield span, buyers_of(lines.between(end - span + 1, end)).matrix


def fit(parts: list[tuple[int, Matrix]], clusters: int) -> KMeans:
    """Every export counts the same, however many customers it has. Ordered by frequency, then by monetary value, centres of four decimals."""
    matrix = np.concatenate([part for _, part in parts]).astype(np.float64)
    weights = np.concatenate([np.full(len(part), 1 / len(part)) for _, part in parts])
    model = KMeans(clusters, n_init=10, random_state=0).fit(matrix, sample_weight=weights)
    centres = model.cluster_centers_.round(4)
    model.cluster_centers_ = centres[np.lexsort((centres[:, 0], centres[:, 2].round(0), centres[:, 1].round(0)))]
    return model


def silhouette(model: KMeans, matrix: Matrix) -> float:
    return float(silhouette_score(matrix, nearest(model, matrix)))


def nearest(model: KMeans, matrix: Matrix) -> Ints:
    return model.transform(matrix.astype(np.float64)).argmin(axis=1)


def validation(past: list[tuple[int, Matrix]], recent: list[tuple[int, Matrix]]) -> dict[str, object]:
    """The mean silhouette of the exports of July and August, by the number of clusters and the days of the export."""
    models = {clusters: fit(past, clusters) for clusters in TRIED}
    return {
        f"{clusters} clusters": {f"{span} days": rounded(np.mean([silhouette(model, matrix) for own, matrix in recent if own == span]), 3) for span in SPANS}
        for clusters, model in models.items()
    }


def figures(model: KMeans, matrix: Matrix) -> dict[str, object]:
    cluster = nearest(model, matrix)
    return {"customers": len(cluster), "silhouette": rounded(silhouette(model, matrix), 4), "byCluster": np.bincount(cluster, minlength=CLUSTERS).tolist()}


def fixture(path: str, score: Scorer, with_rows: bool) -> dict[str, object]:
    """What the TypeScript features and the shipped model have to give for an export; aggregates only, unless rows are asked for."""
    lines = read_lines(path)
    buyers = buyers_of(columns(lines))
    distances: Floats = score(buyers.matrix)
    cluster = distances.argmin(axis=1)
    made: dict[str, object] = {
        "customers": len(cluster),
        "byCluster": np.bincount(cluster, minlength=CLUSTERS).tolist(),
        "silhouette": rounded(silhouette_score(buyers.matrix, cluster), 4),
        "featureSums": dict(zip(FEATURES, np.round(buyers.matrix.sum(axis=0, dtype=np.float64), 3).tolist())),
        "distanceSums": np.round(distances.sum(axis=0), 3).tolist(),
    }
    if with_rows:
        ids = list(dict.fromkeys(line.customer for line in lines if line.customer))
        made["rows"] = [[ids[number], *map(rounded, row), *map(rounded, far)] for number, row, far in zip(buyers.number, buyers.matrix, distances)]
    return made


def main() -> None:
    data = data_folder()
    trained, demo = columns(read_lines(str(data / "train.csv.gz"))), columns(read_lines(str(data / "demo.csv")))
    week = columns(read_lines(str(data / "demo_week.csv")))
    past, recent = list(exports(trained, FIRST_END, TRAINED_TO)), list(exports(trained, TRAINED_TO + 31, VALIDATION_TO))
    model = fit(past, CLUSTERS)
    onnx = distances_graph(NAME, model.cluster_centers_)
    score = scorer(onnx)
    month = buyers_of(demo).matrix
    metrics = {
        **write_model(NAME, onnx),
        "exports": len(past),
        "centres": [dict(zip(FEATURES, centre)) for centre in model.cluster_centers_.tolist()],
        "largestDifferenceFromScikitLearn": float(np.abs(model.transform(month.astype(np.float64)) - score(month)).max()),
        "validationSilhouette": validation(past, recent),
        "testMonth": figures(model, month),
        "testWeek": figures(model, buyers_of(week).matrix),
        "trainNineMonths": figures(model, buyers_of(trained).matrix),
    }
    write_metrics(HERE, metrics)
    write_fixture("sample-clusters.json", fixture(str(SAMPLE), score, True))
    write_fixture("demo-clusters.json", fixture(str(data / "demo.csv"), score, False))
    write_fixture("demo-week-clusters.json", fixture(str(data / "demo_week.csv"), score, False))


if __name__ == "__main__":
    main()
