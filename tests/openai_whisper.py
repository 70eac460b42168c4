"""openai-whisper with the weights that the hub already has, to measure beside it; used by `tests.bench_long` only.

Its own checkpoints would be a second download. CTranslate2's `model.bin` holds the same numbers in half precision, the
projections of attention side by side: here they are taken apart again.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

Arrays = dict[str, np.ndarray]

# As `ctranslate2.specs.model_spec` numbers them; bfloat16, which numpy lacks, is not used here.
_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


def load(folder: Path) -> Any:
    """Return an openai-whisper model in single precision from a folder that faster-whisper reads."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    with (folder / "model.bin").open("rb") as file:
        given = variables(file)
    vocabulary, width = given["decoder/embeddings/weight"].shape
    layers, heads = (
        sum(name.startswith("encoder/layer_") and name.endswith("ffn/layer_norm/beta") for name in given),
        int(given["encoder/num_heads"]),
    )
    mels, seconds = given["encoder/conv1/weight"].shape[1], len(given["encoder/position_encodings/encodings"])
    text = len(given["decoder/position_encodings/encodings"])
    model = Whisper(ModelDimensions(mels, seconds, width, heads, layers, vocabulary, text, width, heads, layers))
    model.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in renamed(given, layers)})
    return model.eval()


def variables(file: BinaryIO) -> Arrays:
    """Return the arrays of a `model.bin`, as `ctranslate2.specs.ModelSpec._serialize` writes them."""

    def number(form: str) -> int:
        return int(struct.unpack(f"<{form}", file.read(struct.calcsize(form)))[0])

    def string() -> str:
        return file.read(number("H"))[:-1].decode()

    number("I"), string(), number("I")  # version of the format, name and revision of the model
    found = {}
    for _ in range(number("I")):
        name, shape = string(), [number("I") for _ in range(number("B"))]
        kind = _TYPES[number("B")]
        found[name] = np.frombuffer(file.read(number("I")), kind).reshape(shape)
    return found


def renamed(given: Arrays, layers: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and array of each of openai-whisper's tensors."""
    for side, positions, last in (
        ("encoder", "positional_embedding", "ln_post"),
        ("decoder", "positional_embedding", "ln"),
    ):
        yield f"{side}.{positions}", given[f"{side}/position_encodings/encodings"]
        yield from _norm(given, f"{side}/layer_norm", f"{side}.{last}")
        for i in range(layers):
            theirs, ours = f"{side}/layer_{i}", f"{side}.blocks.{i}"
            yield from _attention(given, f"{theirs}/self_attention", f"{ours}.attn", ("query key value", "out"))
            if side == "decoder":
                yield from _attention(given, f"{theirs}/attention", f"{ours}.cross_attn", ("query", "key value", "out"))
            yield from _norm(given, f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
            for one, other in ((0, 0), (1, 2)):  # the activation stands between
                for part in ("weight", "bias"):
                    yield f"{ours}.mlp.{other}.{part}", given[f"{theirs}/ffn/linear_{one}/{part}"]
    for name in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            yield f"encoder.{name}.{part}", given[f"encoder/{name}/{part}"]
    yield "decoder.token_embedding.weight", given["decoder/embeddings/weight"]


def _norm(given: Arrays, theirs: str, ours: str) -> Iterator[tuple[str, np.ndarray]]:
    yield f"{ours}.weight", given[f"{theirs}/gamma"]
    yield f"{ours}.bias", given[f"{theirs}/beta"]


def _attention(given: Arrays, theirs: str, ours: str, fused: tuple[str, ...]) -> Iterator[tuple[str, np.ndarray]]:
    yield from _norm(given, f"{theirs}/layer_norm", f"{ours}_ln")
    for i, names in enumerate(fused):
        parts = names.split()
        for kind in ("weight", "bias"):
            for name, array in zip(parts, np.split(given[f"{theirs}/linear_{i}/{kind}"], len(parts)), strict=True):
                if (name, kind) != ("key", "bias"):  # Whisper's keys have none
                    yield f"{ours}.{name}.{kind}", array
