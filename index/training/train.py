"""Train the embedder's adapter on questions about spoken passages: ``python -m index.training.train MODEL [FOLDER…]``.

A GPU takes a minute, two cores take hours.

Two contrastive losses (InfoNCE: van den Oord et al. 2018, arXiv 1807.03748) share one reading of each passage: a question
is drawn to its passage, away from the other passages of the batch, among them those of the same topic; and to the sentence
that answers it, whose vector is the mean of its tokens inside the passage (late chunking: Günther et al. 2024, arXiv
2409.04701), away from all other sentences. The passages in ``unseen`` tell how much it helps. Seeded: the same files and machine give
the same adapter.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import parametrize

from index import adapter
from index.training.lessons import HERE, UNSEEN, Asked, Lesson, read
from index.training.lowrank import RANK, adapt, learnt

_SEED = 7
_TOPICS = 32  # a batch: so many topics, all their passages
_ASKED = 2  # questions of a passage in a batch
_RATE = 8e-4
STRENGTH = 0.7  # the most for spoken passages with which no set of written French loses
_HEAT, _SPAN_HEAT, _SPAN_WEIGHT = 0.05, 0.05, 0.5  # temperatures, and the weight of the loss on sentences


class Learner:
    """The embedder with an adapter that learns."""

    def __init__(self, folder: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model: Any = SentenceTransformer(folder, device=self.device, local_files_only=True)
        encoder: Any = self.model[0].auto_model
        self.added = adapt(encoder)

    def parameters(self) -> list[nn.Parameter]:
        return [p for low in self.added.values() for p in (low.down, low.up)]

    def strength(self, value: float) -> None:
        for low in self.added.values():
            low.strength = value

    def tokens(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Return token vectors (texts, tokens, dimensions), their mask, and their place in the text (texts, tokens, 2).

        With ``pairs`` each text is read with another one, in which the places are then; tokens of the first have none.
        """
        read = self.model.tokenizer(
            list(texts),
            list(pairs) if pairs is not None else None,
            padding=True,
            truncation="longest_first" if pairs is None else "only_second",
            max_length=512,
            return_tensors="pt",
            return_offsets_mapping=True,
        ).to(self.device)
        places = read.pop("offset_mapping").cpu()
        if pairs is not None:
            second = [[part == 1 for part in read.sequence_ids(row)] for row in range(len(texts))]
            places *= torch.tensor(second)[..., None]
        with parametrize.cached(), torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            vectors = self.model[0].auto_model(**read).last_hidden_state
        return vectors.float(), read["attention_mask"].float(), places

    def queries(self, texts: Sequence[str]) -> Tensor:
        vectors, mask, _ = self.tokens([f"query: {text}" for text in texts])
        return _pooled(vectors, mask)

    def passages(self, lessons: Sequence[Lesson], titled: Sequence[bool]) -> tuple[Tensor, list[Tensor]]:
        """Return the vectors of passages, and for each those of its sentences."""
        heads = [_headed(one, titled=title) for one, title in zip(lessons, titled, strict=True)]
        vectors, mask, places = self.tokens([head + one.text for head, one in zip(heads, lessons, strict=True)])
        most = max(len(one.spans) for one in lessons)
        inside = _inside(places, [len(head) for head in heads], lessons, most).to(self.device)
        means = nn.functional.normalize(inside @ vectors, dim=-1)
        return _pooled(vectors, mask), [means[row, : len(one.spans)] for row, one in enumerate(lessons)]

    def together(self, pairs: Sequence[tuple[str, Lesson]], most: int) -> tuple[Tensor, Tensor]:
        """Return token vectors of questions each read with a passage, and which of them lie in which of its sentences.

        Shapes (pairs, tokens, dimensions) and (pairs, ``most``, tokens).
        """
        heads = [_headed(lesson, titled=True) for _, lesson in pairs]
        vectors, _, places = self.tokens(
            [text for text, _ in pairs], [head + one.text for head, (_, one) in zip(heads, pairs, strict=True)]
        )
        return vectors, _inside(places, [len(head) for head in heads], [one for _, one in pairs], most).to(self.device)


def _headed(lesson: Lesson, *, titled: bool) -> str:
    return "passage: " + (f"{lesson.topic}. " if titled else "")


def _inside(places: Tensor, begins: Sequence[int], lessons: Sequence[Lesson], most: int) -> Tensor:
    """Return which tokens, given by their places in the text, lie in which sentence: (lessons, ``most``, tokens), 0 or 1."""
    inside = torch.zeros(len(lessons), most, places.shape[1])
    for row, (begin, one) in enumerate(zip(begins, lessons, strict=True)):
        firsts, lasts = places[row, :, 0] - begin, places[row, :, 1] - begin
        for place, (first, last) in enumerate(one.spans):
            inside[row, place] = (firsts >= first - 1) & (lasts <= last) & (lasts > firsts)
    return inside


def _pooled(vectors: Tensor, mask: Tensor) -> Tensor:
    mean = (vectors * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
    return nn.functional.normalize(mean, dim=-1)


def batches(lessons: Sequence[Lesson], chance: random.Random) -> Iterator[list[tuple[Lesson, list[Asked]]]]:
    """Yield batches for one pass in which every question is asked once: whole topics together."""
    topics: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        topics.setdefault(lesson.group, []).append(lesson)
    orders = {id(one): chance.sample(one.questions, len(one.questions)) for one in lessons}
    rounds = max(len(one.questions) for one in lessons) // _ASKED + 1
    for turn in range(rounds):
        names = chance.sample(sorted(topics), len(topics))
        for begin in range(0, len(names), _TOPICS):
            batch = [
                (one, asked)
                for name in names[begin : begin + _TOPICS]
                for one in topics[name]
                if (asked := orders[id(one)][turn * _ASKED : (turn + 1) * _ASKED])
            ]
            if len(batch) > _TOPICS:
                yield batch


def loss_of(learner: Learner, batch: Sequence[tuple[Lesson, list[Asked]]], chance: random.Random) -> Tensor:
    """Return the loss of a batch: on passages, and on sentences."""
    lessons = [lesson for lesson, _ in batch]
    passages, sentences = learner.passages(lessons, [chance.random() < 0.5 for _ in lessons])
    asked = [(row, one) for row, (_, several) in enumerate(batch) for one in several]
    queries = learner.queries([one.text for _, one in asked])
    rows = torch.tensor([row for row, _ in asked], device=learner.device)
    on_passages = nn.functional.cross_entropy(queries @ passages.T / _HEAT, rows)
    starts = np.cumsum([0, *(len(own) for own in sentences)])
    likeness = (queries @ torch.cat(sentences).T / _SPAN_HEAT).log_softmax(1)
    on_sentences = torch.stack(
        [
            -torch.logsumexp(likeness[n, [int(starts[row]) + place for place in sorted(one.sentences)]], 0)
            for n, (row, one) in enumerate(asked)
        ]
    ).mean()
    return on_passages + _SPAN_WEIGHT * on_sentences


@torch.no_grad()
def measure(learner: Learner, lessons: Sequence[Lesson], unseen: Sequence[Lesson]) -> dict[str, float]:
    """Return figures on the questions of unseen passages, all others being there to be confused with."""
    learner.model.eval()
    known, lessons = len(lessons), [*lessons, *unseen]
    order = sorted(range(len(lessons)), key=lambda n: len(lessons[n].text))
    parts: dict[int, tuple[Tensor, Tensor]] = {}
    for begin in range(0, len(order), 16):
        chosen = order[begin : begin + 16]
        vectors, own = learner.passages([lessons[n] for n in chosen], [False] * len(chosen))
        parts.update({n: (vectors[i], own[i]) for i, n in enumerate(chosen)})
    passages = torch.stack([parts[n][0] for n in range(len(lessons))])
    asked = [(n, one) for n, lesson in enumerate(lessons) if n >= known for one in lesson.questions]
    queries = torch.cat([learner.queries([one.text for _, one in asked[b : b + 64]]) for b in range(0, len(asked), 64)])
    scores = queries @ passages.T
    best = torch.stack([(queries @ parts[n][1].T).max(1).values for n in range(len(lessons))], 1)
    figures: dict[str, float] = {"n": len(asked)}
    for name, table in (("passage", scores), ("sentence", best), ("both", scores + best)):
        ranks = torch.tensor([int((table[q] > table[q, n]).sum()) + 1 for q, (n, _) in enumerate(asked)])
        figures |= {
            f"{name} r@1": (ranks == 1).float().mean().item(),
            f"{name} r@5": (ranks <= 5).float().mean().item(),
            f"{name} mrr": (1 / ranks).mean().item(),
        }
        for style in sorted({one.style for _, one in asked}):
            those = torch.tensor([one.style == style for _, one in asked])
            figures[f"{name} {style} mrr"] = (1 / ranks[those]).mean().item()
    found = [int((queries[q] @ parts[n][1].T).argmax()) in one.sentences for q, (n, one) in enumerate(asked)]
    figures["right sentence"] = sum(found) / len(found)
    return {key: round(value, 3) for key, value in figures.items()}


def train(folder: str, lessons: Sequence[Lesson], out: Path, passes: int, strength: float) -> None:
    """Train an adapter and write it."""
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    torch.manual_seed(_SEED)
    unseen = read([UNSEEN])
    learner = Learner(folder)
    _say("before", measure(learner, lessons, unseen))
    plan = [batch for _ in range(passes) for batch in batches(lessons, chance)]
    optimiser = torch.optim.AdamW(learner.parameters(), lr=_RATE, weight_decay=0.0)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=len(plan) + 1, pct_start=0.1)
    descend(learner, [partial(loss_of, learner, batch, chance) for batch in plan], optimiser, rate)
    _save(learner, out, strength)
    for value in (0.5, 0.75, 1.0):
        learner.strength(value)
        _say(f"strength {value}", measure(learner, lessons, unseen))


def descend(
    learner: Learner,
    losses: Sequence[Callable[[], Tensor]],
    optimiser: torch.optim.Optimizer,
    rate: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    """Take a step down each of some losses, in turn, and tell how long all of them will take."""
    began = time.monotonic()
    for step, loss_now in enumerate(losses, 1):
        learner.model.train()  # with dropout: without it more passes cost what was never trained on
        optimiser.zero_grad()
        loss = loss_now()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimiser.step()
        rate.step()
        left = (time.monotonic() - began) / step * (len(losses) - step)
        sys.stderr.write(f"step {step}/{len(losses)}, loss {loss.item():.3f}, {left / 60:.0f} min left\n")


def _save(learner: Learner, out: Path, strength: float) -> None:
    save_file(learnt(learner.added), out, metadata={"strength": str(strength), "rank": str(RANK)})


def _say(when: str, figures: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({"when": when, **figures}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and train."""
    words = argparse.ArgumentParser(description="Train the embedder's adapter.")
    words.add_argument("model", help="folder of the plain weights (var/models/multilingual-e5-small)")
    words.add_argument("folders", nargs="*", type=Path, help="more folders of passages with questions")
    words.add_argument("--out", type=Path, default=adapter.FILE, help="the file to write")
    words.add_argument("--passes", type=int, default=5, help="how often every question is asked")
    words.add_argument("--strength", type=float, default=STRENGTH, help="the share that is added when it is merged")
    asked = words.parse_args()
    train(asked.model, read([HERE, *asked.folders]), asked.out, asked.passes, asked.strength)


if __name__ == "__main__":
    main()
