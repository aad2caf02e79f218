"""The trained trees as an ONNX graph with one output, and the same graph as a scorer."""

from sklearn.ensemble import HistGradientBoostingClassifier

import onnx_graphs
from features import FEATURES
from measure import Scorer


def to_onnx(model: HistGradientBoostingClassifier) -> bytes:
    return onnx_graphs.trees_graph(model, "orders-anomalies", len(FEATURES), "wrong_class")


def scorer(onnx: bytes) -> Scorer:
    score = onnx_graphs.scorer(onnx)
    return lambda matrix: score(matrix)[:, 0]
