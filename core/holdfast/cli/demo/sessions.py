"""The two sessions of the demo. Each runs in a process of its own and prints one JSON document."""

import os
import sys
from typing import Any

from holdfast.cli.demo.chat import EXCHANGES, QUESTIONS, ROOM, SESSION
from holdfast.cli.output import guarded, print_json


def tell(path: str, user: str) -> dict[str, Any]:
    """Hold the chat of session 1 and return what became of it."""
    from holdfast import Memory

    with Memory(path) as memory:
        added = [
            memory.add(
                [{"role": "user", "content": said}, {"role": "assistant", "content": answered}],
                user_id=user,
                session_id=SESSION,
            )
            for said, answered in EXCHANGES
        ]
        return {
            "pid": os.getpid(),
            "messages": [message for one in added for message in one.messages],
            "facts": memory.get_all(user_id=user),
            "superseded": [change for one in added for change in one.changes if change.kind == "superseded"],
            "left_out": [one for part in added for one in (*part.skipped, *part.quarantined)],
        }


def ask(path: str, user: str) -> dict[str, Any]:
    """Answer the questions of session 2 from what the file holds."""
    from holdfast import Memory
    from holdfast.embedders import MiniLM

    count = MiniLM().count_tokens
    with Memory(path) as memory:
        history = memory.messages(user_id=user, session_id=SESSION)
        return {
            "pid": os.getpid(),
            "history_tokens": count("\n".join(f"{message.role}: {message.content}" for message in history)),
            "answers": [
                {
                    "question": question,
                    "hits": memory.search(question, user_id=user, limit=2),
                    "context": memory.context(question, user_id=user, max_tokens=ROOM),
                }
                for question in QUESTIONS
            ],
        }


def main() -> None:
    """Run the session that the arguments name: `tell` or `ask`, the store's path, the user."""
    session, path, user = sys.argv[1:]
    print_json({"tell": tell, "ask": ask}[session](path, user))


if __name__ == "__main__":
    guarded(main)
