import hashlib
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from tests.paraphrases import FACTS, QUESTIONS

from holdfast.embedders import MiniLM
from holdfast.embedders.minilm import MODEL_FOLDER, _runs
from holdfast.errors import ConfigurationError, ProviderError
from holdfast.lexical import terms_of
from holdfast.protocols import Embedder, Fingerprint, TokenCounter

# Of the float32 model, by `scripts/build_minilm.py --golden`: a text, the first eight components of its vector, and its
# cosine to the next text's (the last one's to the first), in which all components take part.
GOLDEN: list[tuple[str, list[float], float]] = [
    ("User is allergic to peanuts.", [0.0064, 0.0125, 0.0109, 0.0087, -0.0423, -0.018, 0.1399, 0.0876], 0.4523),
    (
        "Which foods could make this person sick?",
        [0.0598, 0.0309, 0.0076, 0.0683, -0.0116, 0.0512, 0.0932, 0.0348],
        -0.017,
    ),
    ("hi", [-0.0905, 0.0404, 0.0239, 0.0589, -0.0229, -0.0472, 0.045, 0.0158], 0.5042),
    ("", [-0.1188, 0.0483, -0.0025, -0.011, 0.052, 0.0103, 0.1154, 0.0007], 0.255),
    ("I'M SHOUTING, AND I'M NOT SORRY!!!", [0.0487, -0.0011, 0.0237, -0.0623, 0.0666, -0.0165, 0.0579, 0.0128], 0.1082),
    (
        "Crème brûlée à la carte, naïve façade, Ångström",
        [0.0771, 0.0111, 0.018, -0.0423, -0.0278, -0.0306, 0.0295, -0.0015],
        0.1111,
    ),
    ("北京的冬天很冷。", [0.1034, 0.0959, 0.0959, -0.0154, -0.0355, 0.0571, 0.1074, -0.018], 0.3168),
    ("Всё хорошо, спасибо.", [0.0235, 0.1059, -0.0492, -0.029, -0.0158, 0.0171, 0.1128, 0.0421], 0.1092),
    ("😀 that made my day 🎉🎉", [-0.0433, -0.0264, 0.1401, -0.0026, 0.0586, -0.0435, 0.209, 0.0152], -0.0053),
    (
        "The invoice #4711 of $1,250.75 is due on 2024-03-14 at 09:40.",
        [-0.0898, 0.037, 0.0732, -0.0593, -0.0413, -0.0653, -0.0866, 0.0488],
        0.0358,
    ),
    (
        "def embed(texts): return np.zeros((len(texts), 384))",
        [0.0612, -0.0043, -0.0322, -0.0156, 0.0146, 0.0294, -0.0107, 0.0098],
        0.0025,
    ),
    (
        "https://example.org/a/very/long/path?with=query&and=more#fragment",
        [-0.0441, 0.0153, -0.008, -0.0017, 0.028, -0.0088, -0.1042, 0.0468],
        0.0775,
    ),
    (
        "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
        [0.02, -0.0043, 0.0136, -0.0088, -0.0926, -0.0386, 0.0417, -0.0086],
        -0.0312,
    ),
    (
        "User is building this in Next.js with a Postgres backend",
        [-0.0836, 0.0305, -0.0313, -0.0247, -0.0477, -0.0195, -0.0084, -0.0119],
        0.0603,
    ),
    (
        "tabs\tand\nnew lines\r\nand   runs of   spaces",
        [-0.0219, -0.063, 0.0142, -0.017, -0.0667, 0.0101, 0.0527, 0.0114],
        0.0843,
    ),
    (
        '"Quoted" - dashed -- and (bracketed) [text] {here}; isn\'t it?',
        [-0.075, 0.1134, 0.015, 0.007, -0.013, 0.0264, 0.0476, 0.0014],
        0.0535,
    ),
    (
        "My sister Clara teaches chemistry in Berlin; her husband Tom, who hates flying, keeps bees by the harbour.",
        [0.04, 0.0356, 0.0804, 0.0343, -0.0507, 0.0467, 0.0319, -0.0597],
        -0.0482,
    ),
    ("कल मौसम अच्छा था", [0.012, 0.0684, 0.0343, 0.034, -0.0449, -0.0094, 0.1093, -0.0763], 0.1416),
    ("i i i i i i i i i i", [-0.0067, 0.0222, 0.0509, 0.0091, -0.0266, -0.0265, 0.1888, -0.022], 0.1741),
    ("What is the dog's name?", [-0.0716, 0.0423, -0.007, 0.0834, -0.1078, 0.0298, 0.0635, -0.0319], 0.1418),
    ("This is an example sentence", [0.0677, 0.0635, 0.0487, 0.0793, 0.0374, 0.0027, 0.0394, -0.0071], 0.1666),
    (
        "Every word of this text counts until it ends. " * 60,
        [-0.0335, -0.0181, 0.0779, 0.0083, 0.0059, 0.094, 0.0543, -0.0405],
        0.0143,
    ),
]

MIXED = [
    "Hi.",
    "I am 34.",
    "My cat is called Tom, and he is old.",
    "a longer text about nothing at all " * 30,
    "",
    "Hi!",
]


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM()


def run(code: str, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_it_is_an_embedder_and_counts_tokens(embedder: MiniLM) -> None:
    assert isinstance(embedder, Embedder)
    assert isinstance(embedder, TokenCounter)
    assert embedder.fingerprint == Fingerprint("all-MiniLM-L6-v2", 384, "int8-1")


def test_the_files_are_those_that_their_origin_describes() -> None:
    origin = (MODEL_FOLDER / "ORIGIN.md").read_text()
    for name in ("model.onnx", "tokenizer.json"):
        assert f"{hashlib.sha256((MODEL_FOLDER / name).read_bytes()).hexdigest()}  {name}" in origin
    assert "Apache License" in (MODEL_FOLDER / "LICENSE").read_text()


def test_vectors_are_those_of_the_float32_model(embedder: MiniLM) -> None:
    vectors = embedder.embed([text for text, _, _ in GOLDEN])
    # int8 weights move a component by 0.0016 as root mean square; another pooling or tokenizer by 0.05.
    np.testing.assert_allclose(vectors[:, :8], [start for _, start, _ in GOLDEN], atol=0.01)
    cosines = (vectors * np.roll(vectors, -1, axis=0)).sum(axis=1)
    np.testing.assert_allclose(cosines, [cosine for _, _, cosine in GOLDEN], atol=0.02)


def test_a_vector_does_not_depend_on_its_batch(embedder: MiniLM) -> None:
    alone = np.concatenate([embedder.embed([text]) for text in MIXED])
    np.testing.assert_allclose(embedder.embed(MIXED), alone, rtol=0, atol=1e-5)
    np.testing.assert_allclose(embedder.embed(MIXED[::-1])[::-1], alone, rtol=0, atol=1e-5)
    crowd = [f"{text} {number}" for number in range(20) for text in MIXED]
    np.testing.assert_allclose(embedder.embed([*crowd, *MIXED])[-len(MIXED) :], alone, rtol=0, atol=1e-5)


def test_runs_are_small_and_of_like_length() -> None:
    lengths = [2 + number * 37 % 255 for number in range(500)]
    runs = list(_runs(lengths))
    assert sorted(row for run in runs for row in run) == list(range(500))
    assert max(len(run) for run in runs) == 32
    assert max(len(run) * max(lengths[row] for row in run) for run in runs) <= 1024
    padding = sum(len(run) * max(lengths[row] for row in run) for run in runs) / sum(lengths)
    assert padding < 1.05


def test_equal_texts_get_equal_vectors(embedder: MiniLM) -> None:
    vectors = embedder.embed(["Hi.", MIXED[3], "Hi."])
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.allclose(vectors[0], vectors[1])
    assert np.array_equal(embedder.embed(["Hi."], kind="query"), embedder.embed(["Hi."], kind="document"))


@pytest.mark.parametrize("texts", [[], ["one"], MIXED], ids=["none", "one", "many"])
def test_shape_type_and_length(embedder: MiniLM, texts: list[str]) -> None:
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "\t\n\r\u3000", "\0", "\ud83d", "\udc00\ud800", "\u200b", "\x7f" * 9])
def test_text_that_says_nothing_gets_a_unit_vector(embedder: MiniLM, text: str) -> None:
    (vector,) = embedder.embed([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
    assert embedder.count_tokens(text) == 0


def test_broken_characters_leave_the_rest_as_it_is(embedder: MiniLM) -> None:
    whole, nul, lone, split = embedder.embed(
        ["I love you 😀", "I love\0 you 😀", "I love\udc00 you 😀", "I love you \ud83d\ude00"]
    )
    for vector in (nul, lone, split):
        np.testing.assert_allclose(vector, whole, atol=1e-6)


def test_text_is_cut_at_256_tokens(embedder: MiniLM) -> None:
    text = "word " * 253  # and [CLS] before, and [SEP] behind
    full, longer, shorter = embedder.embed([text + "end", text + "end and something else entirely", text])
    np.testing.assert_allclose(full, longer, atol=1e-6)
    assert np.abs(full - shorter).max() > 1e-4


def test_ten_megabytes_are_cut_before_they_are_tokenised(embedder: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    tokenizer = embedder._tokenizer()

    class Recording:
        def encode(self, text: str) -> object:
            seen.append(len(text))
            return tokenizer.encode(text)

    text = "All of this was said in one message. " * 280_000
    monkeypatch.setattr(MiniLM, "_tokenizer", lambda self: Recording())
    vectors = embedder.embed([text, "x" * 10_000_000, " " * 10_000_000])
    monkeypatch.undo()
    assert len(seen) == 3
    assert max(seen) <= 32_768
    np.testing.assert_allclose(vectors[0], embedder.embed([text[:5000]])[0], atol=1e-6)


def test_special_tokens_in_a_text_are_ordinary_words(embedder: MiniLM) -> None:
    assert embedder.count_tokens("[SEP]") == embedder.count_tokens("[ sep ]") == 3
    marked, plain = embedder.embed(["I like tea. [SEP] Ignore that.", "I like tea. ( sep ) Ignore that."])
    assert marked @ plain > 0.8


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("hello", 1),
        ("Hello, world!", 4),
        ("User is allergic to peanuts.", 6),
        ("北京", 2),
        ("word " * 1000, 1000),
    ],
)
def test_tokens_are_counted_without_special_ones_and_without_a_limit(embedder: MiniLM, text: str, tokens: int) -> None:
    assert embedder.count_tokens(text) == tokens


@pytest.mark.parametrize("text", ["It's 9:40, isn't it? ", "unspaced,", "漢字", "line\nof\ttext "])
def test_long_text_is_counted_in_pieces_that_add_up(embedder: MiniLM, text: str) -> None:
    once, times = embedder.count_tokens(text), 200_000 // len(text)
    assert embedder.count_tokens(text * times) == once * times


def test_one_string_is_refused(embedder: MiniLM) -> None:
    with pytest.raises(ConfigurationError, match="list of strings"):
        embedder.embed("not a list")


def test_a_thread_count_below_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="threads is 0"):
        MiniLM(threads=0)


def test_two_threads_give_the_same_vectors(embedder: MiniLM) -> None:
    np.testing.assert_allclose(MiniLM(threads=2).embed(MIXED), embedder.embed(MIXED), atol=1e-5)


@pytest.mark.parametrize("damage", ["missing", "cut"])
@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, name: str, damage: str) -> None:
    for file in ("model.onnx", "tokenizer.json"):
        content = (MODEL_FOLDER / file).read_bytes()
        if file != name:
            (tmp_path / file).write_bytes(content)
        elif damage == "cut":
            (tmp_path / file).write_bytes(content[: len(content) // 2])
    with pytest.raises(ProviderError, match="cannot be loaded") as caught:
        MiniLM(folder=tmp_path).embed(["text"])
    assert str(tmp_path / name) in str(caught.value)
    assert caught.value.__cause__ is not None


def test_it_can_be_sent_to_another_process(embedder: MiniLM) -> None:
    copy = pickle.loads(pickle.dumps(embedder))
    assert np.array_equal(copy.embed(["Hi."]), embedder.embed(["Hi."]))


def test_threads_share_one_model_and_get_right_vectors(tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(MODEL_FOLDER / name)  # a path of its own, which nothing has loaded yet
    start = threading.Barrier(4)

    def work(number: int) -> tuple[int, npt.NDArray[np.float32]]:
        embedder = MiniLM(folder=tmp_path)
        start.wait()
        vectors = embedder.embed(MIXED[number:] + MIXED[:number])
        return id(embedder._session()), np.roll(vectors, number, axis=0)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(work, range(4)))
    assert len({session for session, _ in results}) == 1
    for _, vectors in results:
        np.testing.assert_allclose(vectors, results[0][1], atol=1e-5)


def test_importing_and_counting_load_no_runtime() -> None:
    code = """
import sys
from holdfast.embedders import CallableEmbedder, MiniLM
embedder = MiniLM()
print(sorted({"onnxruntime", "tokenizers"} & set(sys.modules)))
embedder.count_tokens("hello")
print(sorted({"onnxruntime", "tokenizers", "huggingface_hub"} & set(sys.modules)))
"""
    assert run(code).splitlines() == ["[]", "['tokenizers']"]


def test_embedding_writes_nothing_below_home_and_leaves_the_environment(tmp_path: Path) -> None:
    code = """
import os
from holdfast.embedders import MiniLM
before = dict(os.environ)
MiniLM().embed(["hello"])
assert dict(os.environ) == before, set(os.environ) ^ set(before)
"""
    run(code, HOME=str(tmp_path))
    run(code, HOME=str(tmp_path), ORT_DISABLE_TELEMETRY="0")
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_forked_child_embeds_and_ends(threads: int) -> None:
    # While another thread of the parent holds the lock, as it does when it is loading.
    code = f"""
import os, sys, threading, warnings
import numpy as np
from holdfast.embedders import MiniLM, minilm
warnings.simplefilter("ignore", DeprecationWarning)  # Python warns that fork and threads do not go together
embedder = MiniLM(threads={threads})
vectors = embedder.embed(["hello"])
session = id(embedder._session())
held, done = threading.Event(), threading.Event()

def hold():
    with minilm._shared._lock:
        held.set()
        done.wait()

threading.Thread(target=hold).start()
held.wait()
child = os.fork()
if not child:
    assert np.array_equal(embedder.embed(["hello"]), vectors)
    assert id(embedder._session()) != session
    sys.exit(7)
status = os.waitpid(child, 0)[1]
done.set()
assert os.waitstatus_to_exitcode(status) == 7
assert id(embedder._session()) == session
"""
    run(code)


def test_no_question_shares_a_content_word_with_its_fact() -> None:
    assert len(FACTS) >= 25
    assert len(QUESTIONS) >= 24
    for fact, question in QUESTIONS:
        for text in FACTS[fact]:
            assert not set(terms_of(question)) & set(terms_of(text)), (question, text)


@pytest.mark.parametrize("form", [0, 1], ids=["as said", "as fact"])
def test_the_right_fact_is_among_the_first_three(embedder: MiniLM, form: int) -> None:
    names = list(FACTS)
    facts = embedder.embed([FACTS[name][form] for name in names])
    scores = embedder.embed([question for _, question in QUESTIONS], kind="query") @ facts.T
    right = np.array([names.index(fact) for fact, _ in QUESTIONS])
    places = (scores > scores[np.arange(len(right)), right][:, None]).sum(axis=1)
    assert (places < 3).mean() >= 0.9
