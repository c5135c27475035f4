from pathlib import Path

from holdfast import Memory
from holdfast.testing import Clock, FakeEmbedder
from told import tell, texts


def files_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


def test_forget_leaves_no_byte(memory: Memory, path: Path, clock: Clock) -> None:
    secrets = [f"{word}{number:04d}" for number, word in enumerate(["Xylophon", "Quagmire", "Zeppelin", "Wyvern"] * 3)]
    long = " ".join(f"{secret} reads chapter {number}." for number, secret in enumerate(secrets * 200))
    tell(memory, "I live in Lisbon.", user_id="eve", session_id="shared", metadata={"shared": "both have this text"})
    tell(memory, long, user_id="eve")
    tell(memory, "I live in Lisbon.", "I live in Porto.", "I like tea.", "I own a bike.", session_id="shared")
    tell(memory, long)
    memory.add(
        {"role": "user", "content": [{"type": "text", "text": f"{secrets[0]}block"}, {"blob": f"{secrets[1]}raw"}],
         "name": f"{secrets[2]}name"},
        user_id="max", session_id=f"{secrets[3]}session", agent_id=f"{secrets[4]}agent",
        metadata={"note": f"{secrets[5]}metadata"},
    )  # fmt: skip
    tea, bike = (next(fact for fact in memory.get_all(user_id="max") if word in fact.text) for word in ("tea", "bike"))
    memory.update(tea.id, f"{secrets[6]} likes tea, and so does the whole {secrets[7]} family.", user_id="max")
    memory.update(tea.id, f"{secrets[8]} again", user_id="max")
    memory.delete(bike.id, user_id="max")
    tell(memory, f"deferred {secrets[9]}", defer=True)
    memory.search(f"{secrets[10]} question", user_id="max")
    eve = [message.content for message in memory.messages(user_id="eve", session_id="*")]
    hits = memory.search("Lisbon Xylophon0000", user_id="eve")

    receipt = memory.forget("max")

    assert receipt.at == clock.now
    assert receipt.removed["message"] == 7
    assert receipt.removed["fact"] >= 3
    assert receipt.looked_for > 100
    assert set(receipt.scanned) <= {path.name, f"{path.name}-wal", f"{path.name}-journal"}
    assert receipt.scanned[path.name] == path.stat().st_size
    left = files_of(path)
    mine = [
        "I live in Porto.", "I like tea.", "I own a bike.", "lives in Porto", "likes tea", "owns a bike", "deferred",
        *[f"{secrets[n]}{word}" for n, word in enumerate(["block", "raw", "name", "session", "agent", "metadata"])],
        f"{secrets[6]} likes", f"{secrets[7]} family", f"{secrets[8]} again",
    ]  # fmt: skip
    assert [text for text in mine if text.encode() in left] == []
    assert [message.content for message in memory.messages(user_id="eve", session_id="*")] == eve
    assert memory.search("Lisbon Xylophon0000", user_id="eve") == hits
    assert memory.search("tea bike Porto", user_id="max") == ()
    assert memory.users() == ("eve",)
    assert memory.check().findings == ()


def test_forget_while_another_reader_is_at_work_says_so_or_succeeds(memory: Memory, path: Path) -> None:
    """An open reader may keep old pages alive; then there is no proof, and no receipt that claims one."""
    tell(memory, "Quagmire0001 is a secret word.")
    with Memory(path, embedder=FakeEmbedder()) as other:
        other.search("secret", user_id="max")
        memory.forget("max")
        assert b"Quagmire0001" not in files_of(path)
        assert other.search("secret", user_id="max") == ()


def test_a_forgotten_user_can_begin_again(memory: Memory) -> None:
    tell(memory, "I like tea.", "I own a bike.")
    memory.forget("max")
    tell(memory, "I like tea.")
    assert texts(memory.search("tea bike", user_id="max")) == ["User likes tea."]
    assert [change.kind for change in memory.diff(user_id="max", since="2000-01-01").changes] == ["added"]
