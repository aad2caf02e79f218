"""Where models, metrics and fixtures go, and in which form."""

import argparse
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "libs/domains/orders/models"
FIXTURES = ROOT / "libs/domains/orders/fixtures"
SAMPLE = ROOT / "samples/orders.csv"


def data_folder() -> Path:
    """The folder of the order exports, from the command line."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True, help="folder with train.csv.gz, demo.csv, demo_week.csv and their labels")
    return arguments.parse_args().data


def write_model(name: str, onnx: bytes) -> dict[str, object]:
    """Returns what metrics say of the file."""
    (MODELS / f"{name}.onnx").write_bytes(onnx)
    return {"sha256": hashlib.sha256(onnx).hexdigest(), "bytes": len(onnx)}


def write_metrics(folder: Path, metrics: dict[str, object]) -> None:
    text = json.dumps(metrics, indent=2)
    (folder / "metrics.json").write_text(text + "\n")
    print(text)


def write_fixture(name: str, fixture: dict[str, object]) -> None:
    """`rows`, if there are any, one a line."""
    rows = fixture.pop("rows", None)
    text = json.dumps(fixture, indent=2)
    if rows is not None:
        text = text[:-2] + ',\n  "rows": [\n    ' + ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n  ]\n}"
    (FIXTURES / name).write_text(text + "\n", encoding="utf-8")


def rounded(value: float, places: int = 6) -> float:
    return round(float(value), places)
