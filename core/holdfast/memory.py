"""The public face: `Memory` and `AsyncMemory`, the same calls, blocking and awaited."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from holdfast.assembly import Assembled
from holdfast.calls import AMONG, Among, Moment, Where
from holdfast.drivers import run, run_async
from holdfast.embedders.named import AnyEmbedder
from holdfast.extractors.named import AnyExtractor
from holdfast.ledger import Ledger, Prices
from holdfast.protocols import Pending
from holdfast.rebuild import Progress
from holdfast.records import AsyncRecords, Records
from holdfast.types import (
    Added,
    Change,
    Context,
    Diff,
    Fact,
    Facts,
    Hits,
    Message,
    Processed,
    Quarantined,
    Receipt,
    Report,
    Session,
    Vectors,
)
from holdfast.validation import Messages

if TYPE_CHECKING:
    from holdfast.display import Picture

__all__ = ["AsyncMemory", "Memory"]


class Memory(Assembled):
    """A memory that outlives the session.

    ```python
    memory = Memory()
    memory.add("I'm building this in Next.js with a Postgres backend", user_id="user_42")
    print(memory.search("what tech stack is the user using?", user_id="user_42")[0])
    ```

    Args:
        path: The SQLite file that keeps it; `:memory:` for one that ends with the process; a `postgresql://` address
            for a server that many processes and machines share. By default the file that the environment variable
            HOLDFAST_PATH names, else `memory.db` in the user's data directory.
        extractor: Derives facts from messages: an extractor, a function from a `Batch` to an `Extraction`, or a short
            name (`openai:gpt-4.1-mini`, `embedded`). The embedded rules (English) by default.
        embedder: Turns texts into vectors: an embedder or a short name (`openai:text-embedding-3-small`, `minilm`). The
            embedded all-MiniLM-L6-v2 by default. A store keeps to its embedder.
        count_tokens: How `context` counts; the embedder's own tokenizer by default.
        synchronous: `FULL` survives power loss; `NORMAL` is faster and may lose the last moments then, though never
            in a crash of the process.
        index_memory: Bytes that the vectors of recently seen users may take in memory.
        vectors_on: Where a search compares vectors: on the `node`, in memory, or on the `server` that keeps them: as
            exact, less memory on the node, and a longer search (docs/scale.md).
        hints: Hear from the other nodes of a server of whom they wrote to, so that it is read before it is asked for;
            takes one connection more.
        clock: Tells the time, with its zone.

    Raises:
        StorageError: The path is a folder, or not accessible.
        CorruptStoreError: The file is not a holdfast store.
        IncompatibleStoreError: Another embedder made it, or a newer holdfast.
    """

    def add(
        self,
        messages: Messages,
        *,
        user_id: str,
        session_id: str | None = None,
        agent_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        at: Moment | None = None,
        defer: bool = False,
    ) -> Added:
        """Journal messages and learn what they say.

        When this returns, or raises after the journal was written, the messages survive a crash. A message that was
        sent before is recognised by its id; without one, by its place at the end of its session, or by role, content
        and `at`.

        Args:
            messages: A text said by the user; or a message, as `Message` or as a dict with `role` and `content`; or
                several of these. Roles are user, assistant, system and tool. Content blocks are read for their text
                and kept whole in `raw`.
            user_id: Whose memory this is: any non-empty text.
            session_id: The conversation; messages of one session give each other context.
            agent_id: The agent that the user spoke with.
            metadata: JSON values kept with each message and with the facts that rest on it.
            at: When it was said; the time of this call if not given, UTC if without a time zone.
            defer: Only journal; `process` learns later.

        Raises:
            ConfigurationError: A message that cannot be kept; nothing was written.
            ProviderError: The extractor or embedder failed; the messages are journaled and wait for `process`.
            StorageError: The store could not be written.
        """
        return run(self._calls.add(messages, user_id, session_id, agent_id, metadata, at, defer=defer))

    def process(self, *, user_id: str | None = None, limit: int | None = None) -> Processed:
        """Learn what was deferred, or failed before.

        Args:
            user_id: Only this user's messages; all users' by default.
            limit: At most so many messages.

        Raises:
            ProviderError: An attempt failed, after the others were made; its messages wait on.
        """
        return run(self._calls.process(user_id, limit))

    def search(
        self,
        query: str,
        *,
        user_id: str,
        limit: int = 10,
        session_id: str | None = None,
        agent_id: str | None = None,
        where: Where | None = None,
        as_of: Moment | None = None,
        min_score: float | None = None,
        among: Sequence[Among] = AMONG,
        vector: "Sequence[float] | Vectors | None" = None,
    ) -> Hits:
        """Return what answers a question, best first: facts, and messages that no fact stands for.

        An unknown user and an empty query find nothing; neither is an error.

        Args:
            query: The question, in any words.
            user_id: Whose memory is asked; no other's is ever read.
            limit: At most so many hits, at least 1.
            session_id: Only what was said in this session.
            agent_id: Only what was said to this agent.
            where: A filter on the fields and metadata of facts and messages, with the operators `$eq $ne $gt $gte
                $lt $lte $in $nin $exists $and $or $not`.
            as_of: What was known and held at this moment, instead of what holds now.
            min_score: Leave out hits below this score.
            among: Search `facts`, `messages`, or both.
            vector: The question's vector where the caller has it already, of the embedder's width and any length; the
                embedder is not asked then, and the words of `query` are matched as ever.

        Raises:
            ConfigurationError: A limit below 1, an unknown operator, a vector without direction.
            DimensionMismatchError: A vector of another width.
        """
        return run(
            self._calls.search(query, user_id, limit, session_id, agent_id, where, as_of, min_score, among, vector)
        )

    def context(
        self,
        query: str,
        *,
        user_id: str,
        max_tokens: int = 800,
        session_id: str | None = None,
        seen: Iterable[str] = (),
    ) -> Context:
        """Return the block for the prompt: the user's profile, and what this question recalls.

        Everything from memory stands in it as quoted data. An empty memory gives an empty text.

        Args:
            query: What the user says now.
            user_id: Whose memory is asked.
            max_tokens: What the whole block may take, counted by the embedded tokenizer or by `count_tokens`.
            session_id: Recall only from this session; the profile is always the user's.
            seen: What the prompt holds already, such as the chat's last messages; what rests on these alone is not
                recalled once more.
        """
        return run(self._calls.context(query, user_id, max_tokens, session_id, seen))

    def get(self, id: str, *, user_id: str) -> Fact | None:
        """Return a fact, superseded or not; None when this user has no such fact."""
        return run(self._calls.get(id, user_id))

    def get_all(
        self, *, user_id: str, where: Where | None = None, as_of: Moment | None = None, superseded: bool = False
    ) -> Facts:
        """Return the facts of a user as they were said: those that hold now, or at `as_of`.

        Args:
            user_id: Whose facts.
            where: A filter as in `search`.
            as_of: What held at this moment.
            superseded: Also those that hold no longer.
        """
        return run(self._calls.get_all(user_id, where, as_of, superseded=superseded))

    def count(self, *, user_id: str) -> int:
        """Return how many facts of a user hold now."""
        return run(self._calls.count(user_id))

    def update(self, id: str, text: str, *, user_id: str) -> Change | None:
        """Give a fact other words and return the change; None when this user has no such fact."""
        return run(self._calls.update(id, text, user_id))

    def delete(self, id: str, *, user_id: str) -> Change | None:
        """Delete a fact and return the change; None when this user has no such fact.

        Messages that say nothing else are no longer found either; they stay in the journal until `forget`.
        """
        return run(self._calls.delete(id, user_id))

    def restore(self, id: str, *, user_id: str) -> Change | None:
        """Undo the last deletion or supersession of a fact; None when there is nothing to undo."""
        return run(self._calls.restore(id, user_id))

    def history(self, id: str, *, user_id: str) -> tuple[Change, ...]:
        """Return what happened to a fact, oldest first, with the evidence."""
        return run(self._calls.history(id, user_id))

    def diff(self, *, user_id: str, since: Moment, until: Moment | None = None) -> Diff:
        """Return what happened to a user's facts from `since` on, before `until`."""
        return run(self._calls.diff(user_id, since, until))

    def messages(self, *, user_id: str, session_id: str | None, limit: int | None = None) -> tuple[Message, ...]:
        """Return a session's messages as they were said, the last `limit` of them.

        The session without a name is None; `*` is all sessions together.
        """
        return run(self._calls.messages(user_id, session_id, limit))

    def sessions(self, *, user_id: str) -> tuple[Session, ...]:
        """Return a user's sessions, the latest first."""
        return run(self._calls.sessions(user_id))

    def rebuild(
        self,
        *,
        user_id: str | None = None,
        extractor: AnyExtractor = None,
        embedder: AnyEmbedder = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Diff:
        """Derive facts and keys anew from the journal, and return how the facts differ.

        What was edited, deleted or restored by hand stays so. Everything is derived aside and put in place in one
        transaction: a crash before leaves what was. With the embedded extractor the same journal gives the same
        facts, always.

        Args:
            user_id: Only this user; all by default.
            extractor: Derive with this one, this time; the memory's own by default.
            embedder: Move the store to this embedder; it is the memory's own from then on. Needs all users.
            dry_run: Return the difference and change nothing.
            progress: Called with the messages done and the messages in all.

        Raises:
            ConfigurationError: Another embedder for one user only.
            ProviderError: The extractor or embedder failed; nothing is changed.
        """
        return run(self._calls.rebuild(user_id, extractor, embedder, dry_run=dry_run, progress=progress))

    def forget(self, user_id: str, *, session_id: str | None = "*") -> Receipt:
        """Remove everything of a user and prove it.

        Journal, facts, keys, vectors and changes go; then the store's files are searched, byte by byte, for what was
        removed.

        Args:
            user_id: Whose memory goes.
            session_id: Only what was said in this session (None is the one without a name) and what rests on it
                alone; by default all of them.

        Raises:
            StorageError: The rows are removed, but pieces of them were still found.
        """
        return run(self._calls.forget(user_id, session_id))

    def erase(self, id: str, *, user_id: str) -> Receipt | None:
        """Remove a fact and the words that it rests on, and prove it; None when this user has no such fact.

        Unlike `delete` it cannot be undone: the fact's history goes too, the messages stay as empty places in the
        journal, and other facts that rest on them alone go with them.

        Raises:
            StorageError: The rows are removed, but pieces of them were still found.
        """
        return run(self._calls.erase(id, user_id))

    def ledger(self, *, user_id: str | None = None, prices: Prices | None = None) -> Ledger:
        """Return what the memory cost and what it put into prompts, against the cost of the whole history there.

        Args:
            user_id: Whose; all users together by default, by day.
            prices: What a million tokens cost; without them tokens are compared with tokens.

        Raises:
            ConfigurationError: Prices that are none.
        """
        return run(self._calls.ledger(user_id, prices))

    def quarantine(self, *, user_id: str) -> tuple[Quarantined, ...]:
        """Return the statements of a model that rest on nothing that the user said, each with the reason.

        They are never shown as facts. Forgetting or erasing anything of a user removes all of them.
        """
        return run(self._calls.quarantine(user_id))

    def pending(self, *, user_id: str | None = None) -> tuple[Pending, ...]:
        """Return the messages that wait for `process`, with what went wrong when an attempt failed."""
        return run(self._calls.pending(user_id))

    def timeline(self, *, user_id: str, limit: int = 40) -> "Picture":
        """Return a picture of a user's facts as bars from when to when they held; what replaced what is joined.

        Args:
            user_id: Whose facts.
            limit: The latest so many.
        """
        return run(self._calls.timeline(user_id, limit))

    def map(self, *, user_id: str, superseded: bool = False) -> "Picture":
        """Return a picture of a user's facts as points of a plane, near to what is like them in meaning.

        Args:
            user_id: Whose facts.
            superseded: Also those that hold no longer.
        """
        return run(self._calls.map(user_id, superseded=superseded))

    def export(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Return a user's memory as JSON values, a line each; `load` takes them back, here or elsewhere.

        docs/export.md describes the lines. An unknown user has an export without messages.
        """
        return run(self._calls.export(user_id))

    def load(self, lines: Iterable[str | bytes | Mapping[str, Any]]) -> str:
        """Take in what `export` gave, as values or as lines of JSON, and return whose memory it is.

        Nothing is written before the last line was read and agrees with the others. Vectors of another embedder are
        made anew.

        Raises:
            ConfigurationError: A line is not of an export, or the lines were cut or changed: with the number of the
                line. Or the user has a memory here already.
        """
        return run(self._calls.load(lines))

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copy the whole store into a new file, as it stands now; others may go on writing.

        Raises:
            ConfigurationError: The file exists.
            StorageError: It cannot be written.
        """
        run(self._calls.backup(path))

    def users(self) -> tuple[str, ...]:
        """Return the ids of all users with a memory."""
        return run(self._calls.users())

    def check(self, *, repair: bool = False) -> Report:
        """Compare the store with itself, and what is in memory with the store; return what does not agree.

        With `repair`, mend it first: what is derived is derived anew (messages wait for `process`), facts whose words
        are not in the journal go into the history, no message is ever deleted.
        """
        return run(self._calls.check(repair=repair))

    @classmethod
    def of(cls, memory: "AsyncMemory") -> "Memory":
        """Return the blocking face of a memory: the same store, index and models. Closing one closes both."""
        blocking = cls.__new__(cls)
        blocking.path, blocking._calls = memory.path, memory._calls
        return blocking

    @property
    def records(self) -> Records:
        """JSON values under a space and a key, in the same file; they are no user's, and `forget` leaves them."""
        return Records(self._calls.records)

    def close(self) -> None:
        """Release the file. Closing twice is harmless; any other call afterwards raises `StorageError`."""
        run(self._calls.close())

    def __enter__(self) -> "Memory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncMemory(Assembled):
    """A memory that outlives the session, awaited.

    ```python
    async with AsyncMemory() as memory:
        await memory.add("I'm building this in Next.js with a Postgres backend", user_id="user_42")
        print((await memory.search("what tech stack is the user using?", user_id="user_42"))[0])
    ```

    Args:
        path: The SQLite file that keeps it; `:memory:` for one that ends with the process; a `postgresql://` address
            for a server that many processes and machines share. By default the file that the environment variable
            HOLDFAST_PATH names, else `memory.db` in the user's data directory.
        extractor: Derives facts from messages: an extractor, a function from a `Batch` to an `Extraction`, or a short
            name (`openai:gpt-4.1-mini`, `embedded`). The embedded rules (English) by default.
        embedder: Turns texts into vectors: an embedder or a short name (`openai:text-embedding-3-small`, `minilm`). The
            embedded all-MiniLM-L6-v2 by default. A store keeps to its embedder.
        count_tokens: How `context` counts; the embedder's own tokenizer by default.
        synchronous: `FULL` survives power loss; `NORMAL` is faster and may lose the last moments then, though never
            in a crash of the process.
        index_memory: Bytes that the vectors of recently seen users may take in memory.
        vectors_on: Where a search compares vectors: on the `node`, in memory, or on the `server` that keeps them: as
            exact, less memory on the node, and a longer search (docs/scale.md).
        hints: Hear from the other nodes of a server of whom they wrote to, so that it is read before it is asked for;
            takes one connection more.
        clock: Tells the time, with its zone.

    Raises:
        StorageError: The path is a folder, or not accessible.
        CorruptStoreError: The file is not a holdfast store.
        IncompatibleStoreError: Another embedder made it, or a newer holdfast.
    """

    async def add(
        self,
        messages: Messages,
        *,
        user_id: str,
        session_id: str | None = None,
        agent_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        at: Moment | None = None,
        defer: bool = False,
    ) -> Added:
        """See `Memory.add`."""
        return await run_async(self._calls.add(messages, user_id, session_id, agent_id, metadata, at, defer=defer))

    async def process(self, *, user_id: str | None = None, limit: int | None = None) -> Processed:
        """See `Memory.process`."""
        return await run_async(self._calls.process(user_id, limit))

    async def search(
        self,
        query: str,
        *,
        user_id: str,
        limit: int = 10,
        session_id: str | None = None,
        agent_id: str | None = None,
        where: Where | None = None,
        as_of: Moment | None = None,
        min_score: float | None = None,
        among: Sequence[Among] = AMONG,
        vector: "Sequence[float] | Vectors | None" = None,
    ) -> Hits:
        """See `Memory.search`."""
        return await run_async(
            self._calls.search(query, user_id, limit, session_id, agent_id, where, as_of, min_score, among, vector)
        )

    async def context(
        self,
        query: str,
        *,
        user_id: str,
        max_tokens: int = 800,
        session_id: str | None = None,
        seen: Iterable[str] = (),
    ) -> Context:
        """See `Memory.context`."""
        return await run_async(self._calls.context(query, user_id, max_tokens, session_id, seen))

    async def get(self, id: str, *, user_id: str) -> Fact | None:
        """See `Memory.get`."""
        return await run_async(self._calls.get(id, user_id))

    async def get_all(
        self, *, user_id: str, where: Where | None = None, as_of: Moment | None = None, superseded: bool = False
    ) -> Facts:
        """See `Memory.get_all`."""
        return await run_async(self._calls.get_all(user_id, where, as_of, superseded=superseded))

    async def count(self, *, user_id: str) -> int:
        """See `Memory.count`."""
        return await run_async(self._calls.count(user_id))

    async def update(self, id: str, text: str, *, user_id: str) -> Change | None:
        """See `Memory.update`."""
        return await run_async(self._calls.update(id, text, user_id))

    async def delete(self, id: str, *, user_id: str) -> Change | None:
        """See `Memory.delete`."""
        return await run_async(self._calls.delete(id, user_id))

    async def restore(self, id: str, *, user_id: str) -> Change | None:
        """See `Memory.restore`."""
        return await run_async(self._calls.restore(id, user_id))

    async def history(self, id: str, *, user_id: str) -> tuple[Change, ...]:
        """See `Memory.history`."""
        return await run_async(self._calls.history(id, user_id))

    async def diff(self, *, user_id: str, since: Moment, until: Moment | None = None) -> Diff:
        """See `Memory.diff`."""
        return await run_async(self._calls.diff(user_id, since, until))

    async def messages(self, *, user_id: str, session_id: str | None, limit: int | None = None) -> tuple[Message, ...]:
        """See `Memory.messages`."""
        return await run_async(self._calls.messages(user_id, session_id, limit))

    async def sessions(self, *, user_id: str) -> tuple[Session, ...]:
        """See `Memory.sessions`."""
        return await run_async(self._calls.sessions(user_id))

    async def rebuild(
        self,
        *,
        user_id: str | None = None,
        extractor: AnyExtractor = None,
        embedder: AnyEmbedder = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Diff:
        """See `Memory.rebuild`."""
        return await run_async(self._calls.rebuild(user_id, extractor, embedder, dry_run=dry_run, progress=progress))

    async def forget(self, user_id: str, *, session_id: str | None = "*") -> Receipt:
        """See `Memory.forget`."""
        return await run_async(self._calls.forget(user_id, session_id))

    async def erase(self, id: str, *, user_id: str) -> Receipt | None:
        """See `Memory.erase`."""
        return await run_async(self._calls.erase(id, user_id))

    async def ledger(self, *, user_id: str | None = None, prices: Prices | None = None) -> Ledger:
        """See `Memory.ledger`."""
        return await run_async(self._calls.ledger(user_id, prices))

    async def quarantine(self, *, user_id: str) -> tuple[Quarantined, ...]:
        """See `Memory.quarantine`."""
        return await run_async(self._calls.quarantine(user_id))

    async def pending(self, *, user_id: str | None = None) -> tuple[Pending, ...]:
        """See `Memory.pending`."""
        return await run_async(self._calls.pending(user_id))

    async def timeline(self, *, user_id: str, limit: int = 40) -> "Picture":
        """See `Memory.timeline`."""
        return await run_async(self._calls.timeline(user_id, limit))

    async def map(self, *, user_id: str, superseded: bool = False) -> "Picture":
        """See `Memory.map`."""
        return await run_async(self._calls.map(user_id, superseded=superseded))

    async def export(self, user_id: str) -> Iterator[dict[str, Any]]:
        """See `Memory.export`."""
        return await run_async(self._calls.export(user_id))

    async def load(self, lines: Iterable[str | bytes | Mapping[str, Any]]) -> str:
        """See `Memory.load`."""
        return await run_async(self._calls.load(lines))

    async def backup(self, path: str | os.PathLike[str]) -> None:
        """See `Memory.backup`."""
        await run_async(self._calls.backup(path))

    async def users(self) -> tuple[str, ...]:
        """See `Memory.users`."""
        return await run_async(self._calls.users())

    async def check(self, *, repair: bool = False) -> Report:
        """See `Memory.check`."""
        return await run_async(self._calls.check(repair=repair))

    @property
    def records(self) -> AsyncRecords:
        """See `Memory.records`."""
        return AsyncRecords(self._calls.records)

    @classmethod
    def of(cls, memory: Memory) -> "AsyncMemory":
        """Return the awaited face of a memory: the same store, index and models. Closing one closes both."""
        awaited = cls.__new__(cls)
        awaited.path, awaited._calls = memory.path, memory._calls
        return awaited

    async def close(self) -> None:
        """See `Memory.close`."""
        await run_async(self._calls.close())

    async def __aenter__(self) -> "AsyncMemory":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
