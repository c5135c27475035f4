"""What a memory shows of itself and of a user: read here, drawn by `holdfast.display`, which is loaded only then."""

from typing import TYPE_CHECKING

import numpy as np

from holdfast.drivers import Flow, local
from holdfast.errors import StorageError
from holdfast.parts import Parts
from holdfast.protocols import FactQuery

if TYPE_CHECKING:
    from holdfast.display import Overview, Picture

__all__ = ["draw_map", "draw_timeline", "look_over"]

_USERS = 8
"""Users of whom an overview says more than that they are there: each costs a few reads."""


def draw_timeline(parts: Parts, user_id: str, limit: int) -> Flow["Picture"]:
    """See `Memory.timeline`."""

    def draw() -> "Picture":
        from holdfast.display import Picture, timeline

        facts = parts.store.facts(user_id, FactQuery())
        return Picture(timeline(facts, user_id=user_id, now=parts.clock(), limit=limit))

    return local(draw)


def draw_map(parts: Parts, user_id: str, *, superseded: bool) -> Flow["Picture"]:
    """See `Memory.map`."""

    def draw() -> "Picture":
        from holdfast.display import Picture, fact_map

        facts = [fact for fact in parts.store.facts(user_id, FactQuery()) if superseded or fact.active]
        keys = parts.store.pull(user_id, 0).keys
        vectors = {
            key.fact_id: np.frombuffer(key.vector, dtype="<f2").astype(np.float32)
            for key in keys
            if key.kind == "fact" and key.fact_id is not None
        }
        return Picture(fact_map(facts, vectors, user_id=user_id))

    return local(draw)


def look_over(parts: Parts, name: str, path: str) -> "Overview":
    """Return what a memory shows of itself; it never raises, since it is called to show a value."""
    from holdfast.display import Known, Overview

    try:
        users = parts.store.users()
        shown: list[Known] = []
        for user_id in users[:_USERS]:
            sessions = parts.store.sessions(user_id)
            facts = sum(fact.active for fact in parts.store.facts(user_id, FactQuery()))
            messages = sum(session.messages for session in sessions)
            shown.append(Known(user_id, len(sessions), messages, facts, parts.store.waiting(user_id)))
        return Overview(name, path, len(users), tuple(shown))
    except StorageError as error:
        return Overview(name, path, fault=str(error))
