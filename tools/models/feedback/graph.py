"""TF-IDF and the classifier as an ONNX graph, and the same graph as a scorer."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from features import Shape
from linear import Floats, Quantised

INPUT, OUTPUT = "slots", "scores"


def to_onnx(name: str, shape: Shape, idf: Floats, weights: Quantised) -> ModelProto:
    """`slots` float32 [messages, 2 × slots], as features.slots makes them, to `scores` float32 [messages, columns]. Slots that no message of a batch fills are cut off first."""
    node = helper.make_node
    nodes = [
        node("Split", [INPUT], ["bucket_numbers", "counts"], axis=1, num_outputs=2),
        node("Sign", ["bucket_numbers"], ["filled"]),
        node("ReduceSum", ["filled", "columns"], ["filled_by_message"], keepdims=0),
        node("ReduceMax", ["filled_by_message"], ["most_filled"], keepdims=0),
        node("Max", ["most_filled", "one"], ["most"]),
        node("Cast", ["most"], ["last_slot"], to=TensorProto.INT64),
        node("Slice", ["bucket_numbers", "first_slot", "last_slot", "columns"], ["used_numbers"]),
        node("Slice", ["counts", "first_slot", "last_slot", "columns"], ["used_counts"]),
        node("Cast", ["used_numbers"], ["buckets"], to=TensorProto.INT64),
        node("Gather", ["idf", "buckets"], ["frequencies"]),
        node("Mul", ["used_counts", "frequencies"], ["values"]),
        node("ReduceL2", ["values", "columns"], ["lengths"], keepdims=1),
        node("Max", ["lengths", "tiny"], ["divisors"]),
        node("Gather", ["weights", "buckets"], ["whole_weights"]),
        node("Cast", ["whole_weights"], ["real_weights"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["values", "columns"], ["rows"]),
        node("MatMul", ["rows", "real_weights"], ["row_sums"]),
        node("Squeeze", ["row_sums", "columns"], ["sums"]),
        node("Mul", ["sums", "scale"], ["scaled"]),
        node("Div", ["scaled", "divisors"], ["centred"]),
        node("Add", ["centred", "bias"], [OUTPUT]),
    ]
    constants = {
        "idf": idf.astype(np.float32),
        "weights": weights.weights,
        "scale": weights.scale,
        "bias": weights.bias,
        "columns": np.array([1], dtype=np.int64),
        "first_slot": np.array([0], dtype=np.int64),
        "one": np.array([1], dtype=np.float32),
        "tiny": np.array([1e-12], dtype=np.float32),
    }
    tensor = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        name,
        [tensor(INPUT, TensorProto.FLOAT, [None, 2 * shape.slots])],
        [tensor(OUTPUT, TensorProto.FLOAT, [None, len(weights.bias)])],
        [numpy_helper.from_array(value, key) for key, value in constants.items()],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="millrace")
    checker.check_model(proto)
    return proto


def run(onnx: bytes, slots: NDArray[np.float32]) -> Floats:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    parts = [session.run([OUTPUT], {INPUT: slots[at : at + 256]})[0] for at in range(0, len(slots), 256)]
    return np.concatenate(parts).astype(np.float64)
