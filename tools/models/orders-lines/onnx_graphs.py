"""scikit-learn models as ONNX graphs with one input, `features`, and one output, `score`."""

from collections.abc import Callable

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import HistGradientBoostingClassifier

INPUT, OUTPUT = "features", "score"
OPSETS = {"": 18, "ai.onnx.ml": 3}
IR_VERSION = 9

Scorer = Callable[[NDArray[np.float32]], NDArray[np.float64]]


def trees_graph(model: HistGradientBoostingClassifier, name: str, features: int, positive: str = "positive_class") -> bytes:
    """`score` float32 [rows, 1]: the log-odds of the positive class, which `positive` names. No label, no map."""
    proto = convert_sklearn(
        model,
        name,
        initial_types=[(INPUT, FloatTensorType([None, features]))],
        options={id(model): {"zipmap": False, "raw_scores": True}},
        target_opset=OPSETS,
    )
    both_classes = proto.graph.output[1].name
    proto.graph.initializer.append(helper.make_tensor(positive, TensorProto.INT64, [1], [1]))
    proto.graph.node.append(helper.make_node("Gather", [both_classes, positive], [OUTPUT], axis=1))
    del proto.graph.output[:]
    proto.graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [None, 1]))
    return proto.SerializeToString(deterministic=True)


def linear_graph(name: str, weights: NDArray[np.float64], offsets: NDArray[np.float64]) -> bytes:
    """`score` float32 [rows, outputs]: features × weights [features, outputs] + offsets [outputs]."""
    gemm = helper.make_node("Gemm", [INPUT, "weights", "offsets"], [OUTPUT])
    return serialised(name, [gemm], {"weights": weights, "offsets": offsets})


def distances_graph(name: str, centres: NDArray[np.float64]) -> bytes:
    """`score` float32 [rows, centres]: the Euclidean distance to each of the centres [centres, features]."""
    nodes = [
        helper.make_node("Unsqueeze", [INPUT, "middle"], ["rows"]),
        helper.make_node("Sub", ["rows", "centres"], ["differences"]),
        helper.make_node("ReduceL2", ["differences", "last"], [OUTPUT], keepdims=0),
    ]
    return serialised(name, nodes, {"centres": centres[np.newaxis]}, {"middle": [1], "last": [2]}, centres.T.shape)


def serialised(name: str, nodes: list, floats: dict[str, NDArray], ints: dict[str, list[int]] | None = None, shape: tuple[int, ...] = ()) -> bytes:
    """`shape` is (features, outputs); that of `weights` unless given."""
    features, outputs = shape or floats["weights"].shape
    constants = [numpy_helper.from_array(value.astype(np.float32), key) for key, value in floats.items()]
    constants += [numpy_helper.from_array(np.array(value, dtype=np.int64), key) for key, value in (ints or {}).items()]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [None, features])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [None, outputs])],
        constants,
    )
    model: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSETS[""])], ir_version=IR_VERSION)
    return model.SerializeToString(deterministic=True)


def scorer(onnx: bytes) -> Scorer:
    """Gives `score` as [rows, outputs]."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    return lambda matrix: session.run([OUTPUT], {INPUT: matrix})[0].astype(np.float64)
