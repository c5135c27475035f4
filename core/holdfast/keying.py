"""Keys made findable: what a message is searched by, embedded, as rows of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from holdfast.drivers import Flow, embed_metered
from holdfast.echo import without_injected
from holdfast.extractors.redaction import without_secrets
from holdfast.keys import READ, key_terms, message_keys, spoken
from holdfast.parts import Parts
from holdfast.protocols import Row
from holdfast.types import Key, Message, Usage

__all__ = ["keys_and_vectors", "keys_and_vectors_metered", "searchable", "words_of"]


def words_of(message: Message) -> tuple[Key, ...]:
    """Return the keys of a message's own words; what looks like a secret is in the journal alone."""
    return message_keys(replace(message, content=searchable(message.content)))


def searchable(content: str) -> str:
    """Return what search reads of a message, at the same places: no secrets, nothing that a memory injected."""
    return without_secrets(without_injected(content[:READ]))


def keys_and_vectors(
    parts: Parts, user_id: str, keys: Sequence[tuple[int, Key, str | None]], said: Mapping[int, Message]
) -> Flow[tuple[Row, ...]]:
    """Embed keys, each with its position and the id of its fact, and make them rows of the store.

    Args:
        parts: The memory.
        user_id: Whose keys, and whose ledger.
        keys: The keys.
        said: The messages that they belong to, by position.
    """
    return (yield from keys_and_vectors_metered(parts, user_id, keys, said, {}))[0]


def keys_and_vectors_metered(
    parts: Parts,
    user_id: str,
    keys: Sequence[tuple[int, Key, str | None]],
    said: Mapping[int, Message],
    vectors: Mapping[str, bytes],
) -> Flow[tuple[tuple[Row, ...], Usage]]:
    """Do as `keys_and_vectors`, but for texts whose vectors are known already, and tell what it cost."""
    spoken_keys = [spoken(key, said[position]) for position, key, _ in keys]
    texts = [text for text in dict.fromkeys(spoken_keys) if text not in vectors]
    made, usage = (yield from embed_metered(parts.embedder, texts, "document")) if texts else ((), Usage())
    parts.book.spend(user_id, "embedding", usage)
    new = dict(zip(texts, (vector.astype("<f2").tobytes() for vector in made), strict=True))
    stored = {**vectors, **new}
    rows = tuple(
        Row(
            position=position,
            kind=key.kind,
            text=None if key.kind == "message" else key.text,
            start=key.start,
            end=key.end,
            flags=key.flags,
            fact_id=fact_id,
            terms=key_terms(key, said[position]).astype("<u4").tobytes(),
            vector=stored[text],
        )
        for (position, key, fact_id), text in zip(keys, spoken_keys, strict=True)
    )
    return rows, usage
