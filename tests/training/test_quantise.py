from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from training.quantise import store_int8

WORDS, HIDDEN = 300, 120


def save_model(path: Path) -> None:
    """Write an embedding, a matrix and a bias, with rows and columns of very unlike size."""
    random = np.random.default_rng(7)
    table = random.standard_normal((WORDS, HIDDEN)) * np.logspace(-3, 0, WORDS)[:, None]
    table[5] = 0
    matrix = random.standard_normal((HIDDEN, HIDDEN)) * np.logspace(-3, 0, HIDDEN)
    tensors = {"table": table, "matrix": matrix, "bias": random.standard_normal(HIDDEN)}
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "ids"], ["rows"]),
            helper.make_node("MatMul", ["rows", "matrix"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["sum"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [
            helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", HIDDEN]),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["n", HIDDEN]),
        ],
        [numpy_helper.from_array(t.astype(np.float32), name) for name, t in tensors.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)


def run(path: Path) -> list[NDArray[np.float32]]:
    ids = np.arange(WORDS)
    outputs = ReferenceEvaluator(onnx.load(path)).run(None, {"ids": ids})
    return [np.asarray(output, np.float32) for output in outputs]


def test_the_file_is_a_quarter_and_every_row_and_column_keeps_its_precision(tmp_path: Path) -> None:
    source, target = tmp_path / "float.onnx", tmp_path / "stored.onnx"
    save_model(source)
    store_int8(source, target)
    assert target.stat().st_size < 0.3 * source.stat().st_size
    rows, total = run(source)
    stored_rows, stored_total = run(target)
    half_a_level = np.abs(rows).max(axis=1, keepdims=True) / 254
    assert np.all(np.abs(rows - stored_rows) <= 1.001 * half_a_level)
    assert np.all(np.abs(total - stored_total).max(axis=0) <= 0.02 * np.ptp(total, axis=0))


def test_the_stored_model_is_valid_and_small_tensors_are_as_they_were(tmp_path: Path) -> None:
    source, target = tmp_path / "float.onnx", tmp_path / "stored.onnx"
    save_model(source)
    store_int8(source, target)
    model = onnx.load(target)
    onnx.checker.check_model(model, full_check=True)
    stored = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert stored["bias"] == TensorProto.FLOAT
    assert stored["table_int8"] == stored["matrix_int8"] == TensorProto.INT8
