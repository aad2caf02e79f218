"""Writes what normalising and masking has to make of the made-up messages of the domain's fixtures.

    python fixture.py
"""

import json

from text import read
from train import DOMAIN


def main() -> None:
    sent = json.loads((DOMAIN / "fixtures/messages.json").read_text())
    lines = [json.dumps({"title": read(message.get("title", "")), "text": read(message["text"])}, ensure_ascii=False) for message in sent]
    (DOMAIN / "fixtures/masked.json").write_text("[\n  " + ",\n  ".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
