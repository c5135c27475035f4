"""The mem0 half of `recall.py`, run by the interpreter of an environment that has mem0ai.

    python benchmarks/peer_mem0_recall.py FOLDER

FOLDER holds `turns.json` (of each conversation its name, its turns as id and text, and its questions) and
`vectors.npz` (`texts` and their `vectors`). Each turn is added with `infer=False`, so no language model is called, and
each text has the given vector. Prints what was found as JSON: of each conversation, of each question the ids in order.
"""

import json
import os
import sys
from pathlib import Path
from unittest.mock import MagicMock

os.environ["MEM0_TELEMETRY"] = "False"
os.environ.setdefault("OPENAI_API_KEY", "none")

import numpy as np
from mem0 import Memory

DEPTH = 20


class Given:
    """Hands out the vector that was made of a text elsewhere."""

    def __init__(self, vectors: dict[str, list[float]]) -> None:
        self.vectors = vectors
        self.config = MagicMock(embedding_dims=384)

    def embed(self, text, memory_action=None):
        return self.vectors[text.strip()]

    def embed_batch(self, texts, memory_action=None):
        return [self.vectors[text.strip()] for text in texts]


def main(folder: Path) -> None:
    os.environ["MEM0_DIR"] = str(folder / "home")
    given = np.load(folder / "vectors.npz")
    store = {"path": str(folder / "qdrant"), "collection_name": "bench", "embedding_model_dims": 384}
    memory = Memory.from_config(
        {"vector_store": {"provider": "qdrant", "config": store}, "history_db_path": str(folder / "history.db")}
    )
    memory.embedding_model = Given(
        {text.strip(): vector for text, vector in zip(given["texts"].tolist(), given["vectors"].tolist(), strict=True)}
    )
    found: list[list[list[str]]] = []
    for name, turns, questions in json.loads((folder / "turns.json").read_text()):
        for turn, text in turns:
            memory.add([{"role": "user", "content": text}], user_id=name, metadata={"turn": turn}, infer=False)
        found.append([])
        for question in questions:
            hits = memory.search(question, filters={"user_id": name}, top_k=DEPTH)["results"]
            found[-1].append([hit["metadata"]["turn"] for hit in hits])
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
