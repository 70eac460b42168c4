"""Text becomes unit vectors, with sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.syntax import one_at_a_time
from index.tokens import NOTHING, Tokens, kept, suits
from transcripts.errors import Unavailable

Vectors = npt.NDArray[np.float32]

one_at_a_time()  # before a first model is loaded


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is read as: unit vectors, shape (1 + sentences, dimensions), of the whole and of each of its sentences, and
    its tokens as `index.tokens` keeps them."""

    vectors: Vectors
    tokens: Tokens


class Embedder:
    """An embedding model, loaded at the first use and kept until it is to rest; one thread at a time (concurrent encodes fight for cores).

    Args:
        model: any sentence-transformers name or folder, or a function that returns one (and may fetch it first).
        name: what the index remembers of the model; vectors of another name are computed again.
        query_prefix, passage_prefix: what the model was trained to see before a question and before a passage.
    """

    def __init__(
        self, model: Callable[[], str], *, name: str, query_prefix: str, passage_prefix: str, batch: int
    ) -> None:
        self.name = name
        self.query_prefix, self.passage_prefix = query_prefix, passage_prefix
        self._find = model
        self._batch = batch
        self._lock = threading.Lock()
        self._model: Any = None

    def _load(self) -> Any:
        if self._model is None:
            folder = self._find()
            # Imported here: torch takes seconds to load.
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.set_verbosity_error()  # type: ignore[no-untyped-call]
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                # A local folder must not ask a model hub for news of itself.
                self._model = SentenceTransformer(folder, local_files_only=Path(folder).is_dir())
            except (OSError, ValueError, RuntimeError) as error:
                raise Unavailable(
                    f"Le modèle de recherche « {self.name} » ne peut pas être chargé : "
                    "rien n’est perdu ; demandez à la personne qui tient la machine de vérifier HUB_EMBEDDING_MODEL, ou de retirer ce réglage."
                ) from error
        return self._model

    def model(self) -> Any:
        """Return the sentence-transformers model, loaded now if need be, for who reads with its weights."""
        with self._lock:
            return self._load()

    def rest(self) -> None:
        """Let go of the model until it is wanted again; loading it takes a few seconds."""
        with self._lock:
            self._model = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, shape (texts, dimensions)."""
        return self._encode([self.passage_prefix + text for text in texts])

    def windows(self, heads: Sequence[str], passages: Sequence[Sequence[str]]) -> list[Reading]:
        """Return what each passage is read as, given as its sentences.

        ``heads`` say what each passage is about, for the model only. A sentence is read in the light of its passage: its
        vector is the mean of its tokens' (late chunking, Günther et al. 2024, arXiv 2409.04701), which costs no further
        pass. A model that does not pool by mean reads each sentence by itself, and keeps no tokens.
        """
        texts = [" ".join(sentences) for sentences in passages]
        prefixes = [self.passage_prefix + (f"{head}. " if head else "") for head in heads]
        with self._lock:
            model = self._load()
            late = (
                model.tokenizer.is_fast and getattr(model[1], "pooling_mode", "") == "mean" if len(model) > 1 else False
            )
        if late:
            return self._late(prefixes, texts, passages)
        wholes = self._encode([prefix + text for prefix, text in zip(prefixes, texts, strict=True)])
        return [
            Reading(np.vstack([whole, self.passages(sentences)]), NOTHING)
            for whole, sentences in zip(wholes, passages, strict=True)
        ]

    def _late(self, prefixes: Sequence[str], texts: Sequence[str], passages: Sequence[Sequence[str]]) -> list[Reading]:
        # The longest first, so that what is padded together is of a length.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        found: dict[int, Reading] = {}
        for begin in range(0, len(order), self._batch):
            batch = order[begin : begin + self._batch]
            read = self._tokenwise([prefixes[i] + texts[i] for i in batch])
            for i, (_, tokens, offsets) in zip(batch, read, strict=True):
                vectors = _means(tokens, offsets, len(prefixes[i]), passages[i])
                found[i] = Reading(vectors, self._kept(tokens, offsets, len(prefixes[i])))
        return [found[i] for i in range(len(texts))]

    def _tokenwise(self, texts: list[str]) -> Iterator[tuple[Vectors, Vectors, npt.NDArray[np.int64]]]:
        """Yield the unit vector of each text, its tokens' vectors, and where each begins and ends (characters)."""
        with self._lock:
            model = self._load()
            read = model.encode(texts, batch_size=self._batch, output_value=None, show_progress_bar=False)
            limit = int(model.max_seq_length)
            places = model.tokenizer(
                texts, return_offsets_mapping=True, truncation=True, max_length=limit, return_attention_mask=False
            )["offset_mapping"]
        for output, offsets in zip(read, places, strict=True):
            tokens = output["token_embeddings"].float().cpu().numpy()[: len(offsets)]
            yield output["sentence_embedding"].float().cpu().numpy(), tokens, np.array(offsets)

    def _kept(self, tokens: Vectors, offsets: npt.NDArray[np.int64], begin: int) -> Tokens:
        """Return what is kept of the tokens of a text from a character on."""
        return kept(self.name, tokens[(offsets[:, 0] >= begin) & (offsets[:, 1] > offsets[:, 0])])

    @lru_cache(maxsize=1_024)  # noqa: B019 - one embedder lives as long as its process
    def question(self, text: str) -> Reading:
        """Return what a question is read as, one vector and its tokens; one asked again is remembered."""
        asked = self.query_prefix + text
        if suits(self.name):
            [(vector, tokens, offsets)] = self._tokenwise([asked])
            read = Reading(vector[None], self._kept(tokens, offsets, len(self.query_prefix)))
        else:
            read = Reading(self._encode([asked]), NOTHING)
        read.vectors.flags.writeable = False
        return read

    def query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape (dimensions,)."""
        vector: Vectors = self.question(text).vectors[0]
        return vector

    def limit(self) -> int:
        """Return how many tokens the model reads of a passage, its prefix included."""
        with self._lock:
            return int(self._load().max_seq_length)

    def tokens(self, text: str) -> int:
        """Return how many tokens a passage takes, its prefix included; words are counted one by one."""
        return self._prefixed() + sum(map(self._tokens, text.split()))

    @lru_cache(maxsize=1)  # noqa: B019 - as above
    def _prefixed(self) -> int:
        with self._lock:
            return len(self._load().tokenizer(self.passage_prefix.strip())["input_ids"])

    @lru_cache(maxsize=65_536)  # noqa: B019 - as above
    def _tokens(self, word: str) -> int:
        # A talk of an hour asks four hundred times how long a passage is, and of the same words: each is counted once.
        with self._lock:
            return len(self._load().tokenizer(word, add_special_tokens=False)["input_ids"])

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            model = self._load()
            if not texts:
                return np.zeros((0, model.get_embedding_dimension()), dtype=np.float32)
            vectors: Vectors = model.encode(
                texts, batch_size=self._batch, normalize_embeddings=True, show_progress_bar=False
            )
            return vectors


def _means(tokens: Vectors, offsets: npt.NDArray[np.int64], begin: int, sentences: Sequence[str]) -> Vectors:
    """Return the mean of all tokens and of each sentence's, as unit vectors. Pure.

    Args:
        tokens: shape (tokens, dimensions).
        offsets: where each token begins and ends in the text (characters); nowhere for the model's own marks.
        begin: where the first sentence begins; a space stands between two.
        sentences: the text's end.
    """
    whole = tokens.mean(axis=0)
    inside = tokens_of(offsets, begin, sentences)
    means = [whole, *(tokens[its].mean(axis=0) if its.any() else whole for its in inside)]
    matrix: Vectors = np.array(means, dtype=np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix


def tokens_of(offsets: npt.NDArray[np.int64], begin: int, sentences: Sequence[str]) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield for each sentence which tokens lie in it, shape (tokens,); the arguments are those of `_means`. Pure."""
    for sentence in sentences:
        end = begin + len(sentence)
        yield (offsets[:, 1] > begin) & (offsets[:, 0] < end) & (offsets[:, 1] > offsets[:, 0])
        begin = end + 1
