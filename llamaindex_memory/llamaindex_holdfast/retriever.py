"""`HoldfastRetriever`: what a user said, as nodes."""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from holdfast import AsyncMemory, Hit, Memory, ProviderError
from llamaindex_holdfast.embedder import LlamaIndexEmbedder
from llamaindex_holdfast.messages import neutral

__all__ = ["HoldfastRetriever"]

_logger = logging.getLogger("holdfast.llama_index")


class HoldfastRetriever(BaseRetriever):
    """Retrieves a user's facts and messages.

    A user of whom nothing is known has no nodes, and an engine without nodes answers "Empty Response" without asking
    its model. So let it stand beside a retriever of documents, in `QueryFusionRetriever`, or use `HoldfastMemory`.

    A node's id is the fact's or the message's; its metadata is never part of a prompt. Scores lie between 0 and 1 and
    order the nodes of one question; they are no cosines. A model that fails gives no nodes.

    Args:
        memory: The memory to ask.
        user_id: Whose memory is asked; no other's is ever read.
        k: At most so many nodes.
        session_id: Only what was said in this session.
        where: A filter as `Memory.search` takes it.
        among: Facts, messages or both.
        take_embedding: Whether to search with the vector that a `QueryBundle` brings along, instead of embedding its
            words, when it has the width of the memory's own. By default where the memory embeds by
            `LlamaIndexEmbedder`: LlamaIndex's own retrievers leave their model's vector in the bundle that they are
            fused over, and that of another model finds anything.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        user_id: str,
        k: int = 4,
        session_id: str | None = None,
        where: Mapping[str, Any] | None = None,
        among: Sequence[Literal["facts", "messages"]] = ("facts", "messages"),
        take_embedding: bool | None = None,
        callback_manager: CallbackManager | None = None,
        verbose: bool = False,
    ) -> None:
        super().__init__(callback_manager=callback_manager, verbose=verbose)  # pyright: ignore[reportUnknownMemberType]
        self._memory = memory
        self._options: dict[str, Any] = {
            "user_id": user_id,
            "limit": k,
            "session_id": session_id,
            "where": where,
            "among": among,
        }
        self._take_embedding = take_embedding

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        try:
            hits = self._memory.search(query_bundle.query_str, vector=self._vector(query_bundle), **self._options)
        except ProviderError:
            _logger.warning("nothing was retrieved from memory", exc_info=True)
            return []
        return [_node(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        awaited = AsyncMemory.of(self._memory)
        try:
            hits = await awaited.search(query_bundle.query_str, vector=self._vector(query_bundle), **self._options)
        except ProviderError:
            _logger.warning("nothing was retrieved from memory", exc_info=True)
            return []
        return [_node(hit) for hit in hits]

    def _vector(self, query: QueryBundle) -> list[float] | None:
        embedder = self._memory.embedder
        taken = isinstance(embedder, LlamaIndexEmbedder) if self._take_embedding is None else self._take_embedding
        fits = query.embedding is not None and len(query.embedding) == embedder.fingerprint.dimensions
        return query.embedding if taken and fits else None


def _node(hit: Hit) -> NodeWithScore:
    metadata: dict[str, Any] = {"sources": [*hit.sources]}
    if hit.fact is not None:
        id_, said_at = hit.fact.id, hit.fact.said_at
        metadata |= {"kind": hit.fact.kind, "session_id": hit.fact.session_id, "said_at": said_at.isoformat()}
    else:
        assert hit.message is not None
        assert hit.message.at is not None
        id_, said_at = hit.message.id, hit.message.at
        metadata |= {"kind": "message", "session_id": hit.message.session_id, "said_at": said_at.isoformat()}
    node = TextNode(
        id_=id_,
        text=neutral(hit.text),
        metadata=metadata,
        excluded_llm_metadata_keys=[*metadata],
        excluded_embed_metadata_keys=[*metadata],
    )
    return NodeWithScore(node=node, score=_between_0_and_1(hit.score))


def _between_0_and_1(score: float) -> float:
    """Return a score that keeps the order: fusion and cut-offs of LlamaIndex expect the range of a similarity."""
    return 0.5 * (1 + math.tanh(float(score) / 2))
