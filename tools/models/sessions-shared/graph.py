"""The trained trees as an ONNX graph with one output, and the same graph as a scorer."""

from collections.abc import Callable

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import VotingClassifier

Scorer = Callable[[NDArray[np.float32]], NDArray[np.float64]]

INPUT, OUTPUT = "features", "score"


def to_onnx(model: VotingClassifier, name: str, features: int, positive: str) -> ModelProto:
    """`features` float32 [sessions, features] to `score` float32 [sessions, 1]: the probability of the positive class, which `positive` names. No label, no map."""
    proto = convert_sklearn(
        model,
        name,
        initial_types=[(INPUT, FloatTensorType([None, features]))],
        options={id(model): {"zipmap": False}},
        target_opset={"": 18, "ai.onnx.ml": 3},
    )
    both_classes = proto.graph.output[1].name
    proto.graph.initializer.append(helper.make_tensor(positive, TensorProto.INT64, [1], [1]))
    proto.graph.node.append(helper.make_node("Gather", [both_classes, positive], [OUTPUT], axis=1))
    del proto.graph.output[:]
    proto.graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [None, 1]))
    opsets = sorted(proto.opset_import, key=lambda each: each.domain)  # the converter lists them in the order of a set
    del proto.opset_import[:]
    proto.opset_import.extend(opsets)
    return proto


def scorer(onnx: bytes) -> Scorer:
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])

    def score(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        return session.run([OUTPUT], {INPUT: matrix})[0][:, 0].astype(np.float64)

    return score
