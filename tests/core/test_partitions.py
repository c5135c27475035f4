from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast import Memory, Message
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.testing.samples import LOOKALIKES
from told import only, texts


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from([user_id for user_id in LOOKALIKES if len(user_id) < 100])
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=5),
        min_size=2,
        max_size=4,
        unique=True,
    )
)
def test_no_call_reads_across_users(users: list[str]) -> None:
    extractor = ScriptedExtractor(lambda message: [f"User said: {message.content}"])
    with Memory(":memory:", extractor=extractor, embedder=FakeEmbedder(32), clock=Clock()) as memory:
        for number, user_id in enumerate(users):
            said = [Message("user", f"tea {number}", id="m1", session_id="s"), Message("assistant", f"milk {number}")]
            memory.add(said, user_id=user_id)
            memory.add(f"milk {number}, later", user_id=user_id, session_id="s", defer=True)
        assert sorted(memory.users()) == sorted(users)
        ids = {user_id: only(memory, user_id).id for user_id in users}
        for number, user_id in enumerate(users):
            shown = [
                *texts(memory.search("tea milk", user_id=user_id, limit=100)),
                *texts(memory.search("tea milk", user_id=user_id, limit=100, among=["messages"], session_id="s")),
                *texts(memory.search("tea", user_id=user_id, limit=100, as_of="2030-01-01", where={"kind": "note"})),
                memory.context("tea milk", user_id=user_id).text,
                *[fact.text for fact in memory.get_all(user_id=user_id)],
                *[message.content for message in memory.messages(user_id=user_id, session_id="*")],
                *[
                    change.after.text
                    for change in memory.diff(user_id=user_id, since="2000-01-01").changes
                    if change.after
                ],
                *[str(line) for line in memory.export(user_id)],
                *[one.journaled.message.content for one in memory.pending(user_id=user_id)],
                *[one.text for one in memory.quarantine(user_id=user_id)],
            ]
            assert all(f"tea {other}" not in text for text in shown for other in range(len(users)) if other != number)
            assert all(f"milk {other}" not in text for text in shown for other in range(len(users)) if other != number)
            assert memory.count(user_id=user_id) == 1
            assert sorted(session.messages for session in memory.sessions(user_id=user_id)) == [1, 2]
            for other in users:
                if other != user_id:
                    assert memory.get(ids[other], user_id=user_id) is None
                    assert memory.delete(ids[other], user_id=user_id) is None
                    assert memory.update(ids[other], "changed", user_id=user_id) is None
                    assert memory.history(ids[other], user_id=user_id) == ()
                    assert memory.restore(ids[other], user_id=user_id) is None
                    assert memory.erase(ids[other], user_id=user_id) is None
        memory.delete(ids[users[0]], user_id=users[0])
        memory.forget(users[0])
        assert sorted(memory.users()) == sorted(users[1:])
        assert all(memory.count(user_id=user_id) == 1 for user_id in users[1:])
        assert memory.count(user_id=users[0]) == 0
