"""The mem0 half of `faults.py`, run by the interpreter of an environment that has mem0ai, faiss-cpu and openai.

    python benchmarks/peer_mem0_faults.py FOLDER URL

Reads lines `{"user": ..., "words": ...}` from stdin, adds the words for the user, and answers each with what the caller
sees and what is stored then.
"""

import json
import os
import sys
from pathlib import Path

os.environ["MEM0_TELEMETRY"] = "False"
os.environ["OPENAI_API_KEY"] = "none"

from mem0 import Memory


def main(folder: Path, url: str) -> None:
    os.environ["MEM0_DIR"] = str(folder / "home")
    provider = {"openai_base_url": url, "api_key": "none"}
    memory = Memory.from_config(
        {
            "llm": {"provider": "openai", "config": {"model": "scripted", **provider}},
            "embedder": {
                "provider": "openai",
                "config": {"model": "scripted", "embedding_dims": 64, **provider},
            },
            "vector_store": {
                "provider": "faiss",
                "config": {"path": str(folder / "faiss"), "collection_name": "b", "embedding_model_dims": 64},
            },
            "history_db_path": str(folder / "history.db"),
        }
    )
    for model in (memory.llm, memory.embedding_model):  # as patient as the other half of the benchmark
        model.client = model.client.with_options(timeout=0.5, max_retries=2)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = f"success, {len(memory.add(asked['words'], user_id=asked['user'])['results'])} facts"
        except Exception as error:  # noqa: BLE001 - whatever it raises is the finding
            told = f"raises {type(error).__name__}"
        kept = [one["memory"] for one in memory.get_all(filters={"user_id": asked["user"]})["results"]]
        print(json.dumps({"told": told, "kept": kept}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
