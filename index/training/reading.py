"""Train the model that reads question and passage together: ``python -m index.training.reading MODEL [FOLDER…]``.

MODEL is the embedder with its adapter, from which it starts. A GPU takes minutes, two cores take many hours.

A question is read with its own passage and with others that the embedder finds near it, and one choice is learnt among all
their sentences and « none » (the cross entropy of a softmax over them, the log odds of « none » being 0). A near miss has
« none » for an answer, and so has a question whose own passage is left out now and then. The passages in ``unseen`` tell how
much it helps. Seeded: the same files and machine give the same reader.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from index import reader
from index.training.lessons import HERE, UNSEEN, Asked, Lesson, read
from index.training.lowrank import RANK, learnt
from index.training.train import Learner, descend

_SEED = 7
_BATCH = 32  # questions
_NEAR, _FAR = 8, 24  # passages the embedder finds: one of the nearest is read twice, and one of all
_LEFT_OUT = 0.25  # share of the questions whose own passage is not read
_RATE, _HEAD_RATE, _WARMUP = 2e-3, 1e-3, 50  # learning rates, and steps until they are reached
_RARE = -2.0  # log odds from which a sentence begins: few answer
_READ = 8  # passages of which a sentence is chosen to measure


@dataclass(frozen=True, slots=True)
class Task:
    """A question, the passage that answers it (None: a near miss, of ``about``), and what else the embedder finds near it."""

    question: Asked
    own: int | None
    about: int
    near: tuple[int, ...]


class Pupil:
    """The model that learns to read."""

    def __init__(self, folder: str) -> None:
        self.learner = Learner(folder)
        self.head = nn.Linear(self.learner.model.get_embedding_dimension(), 1).to(self.learner.device)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, _RARE)

    def odds(self, pairs: Sequence[tuple[str, Lesson]]) -> tuple[Tensor, Tensor]:
        """Return the log odds of the sentences of each pair's passage, and which of them there are: (pairs, sentences)."""
        most = max(len(lesson.spans) for _, lesson in pairs)
        vectors, inside = self.learner.together([(f"query: {text}", lesson) for text, lesson in pairs], most)
        odds = self.head(vectors)[..., 0]
        count = inside.sum(2)
        return (inside @ odds[..., None])[..., 0] / count.clamp(min=1), count > 0


def tasks(learner: Learner, lessons: Sequence[Lesson]) -> list[Task]:
    """Return every question and near miss of some passages, with those that the embedder finds near it."""
    found = []
    asked = [(n, one) for n, lesson in enumerate(lessons) for one in lesson.questions]
    missed = [(n, Asked(lesson.near_miss, "near miss", frozenset())) for n, lesson in enumerate(lessons)]
    with torch.no_grad():
        learner.model.eval()
        wholes, sentences = [], []
        for begin in range(0, len(lessons), 16):
            part = lessons[begin : begin + 16]
            vectors, own = learner.passages(part, [True] * len(part))
            wholes.append(vectors)
            sentences += own
        passages = torch.cat(wholes)
        of = torch.tensor([n for n, own in enumerate(sentences) for _ in own], device=passages.device)
        every = [*asked, *missed]
        for begin in range(0, len(every), 64):
            some = every[begin : begin + 64]
            queries = learner.queries([one.text for _, one in some])
            scores = queries @ passages.T
            best = torch.full_like(scores, -1).index_reduce(1, of, queries @ torch.cat(sentences).T, "amax")
            near = (0.7 * best + 0.3 * scores).argsort(1, descending=True)[:, :_FAR].tolist()
            found += [
                Task(one, n if one.sentences else None, n, tuple(order))
                for (n, one), order in zip(some, near, strict=True)
            ]
    return found


def loss_of(pupil: Pupil, batch: Sequence[Task], lessons: Sequence[Lesson], chance: random.Random) -> Tensor:
    """Return the loss of a batch."""
    pairs, rows, right = [], [], []
    for row, task in enumerate(batch):
        others = [n for n in task.near if n != task.about]
        chosen = [*chance.sample(others[:_NEAR], 2), chance.choice(others)]
        if task.own is None or chance.random() > _LEFT_OUT:
            chosen.insert(0, task.about)
        for n in chosen:
            pairs.append((task.question.text, lessons[n]))
            rows.append(row)
            right.append(task.question.sentences if n == task.own else frozenset())
    odds, there = pupil.odds(pairs)
    answers = torch.zeros_like(there)
    for pair, places in enumerate(right):
        answers[pair, sorted(places)] = True
    of = torch.tensor(rows, device=odds.device)
    weight = odds.clamp(max=20).exp()

    def total(kept: Tensor) -> Tensor:
        return torch.zeros(len(batch), device=odds.device).index_add(0, of, (weight * kept).sum(1))

    said = total(answers & there)
    return (torch.log1p(total(there)) - torch.where(said > 0, said, torch.ones_like(said)).log()).mean()


@torch.no_grad()
def measure(pupil: Pupil, asked: Sequence[Task], lessons: Sequence[Lesson]) -> dict[str, float]:
    """Return figures on questions: is the first sentence right, one of four; do near misses score lower than what is answered?"""
    pupil.learner.model.eval()
    highest, first, among = [], [], []
    for task in asked:
        read_here = task.near[:_READ]
        odds, there = pupil.odds([(task.question.text, lessons[n]) for n in read_here])
        flat = odds.masked_fill(~there, float("-inf")).flatten().argsort(descending=True)[:4].tolist()
        places = [divmod(place, odds.shape[1]) for place in flat]
        good = [read_here[row] == task.own and sentence in task.question.sentences for row, sentence in places]
        highest.append(odds[places[0]].item())
        first.append(good[0])
        among.append(any(good))
    of = [n for n, task in enumerate(asked) if task.own is not None]
    judged = [n for n, task in enumerate(asked) if task.own is None or among[n]]
    return {
        "n": len(of),
        "right sentence first": round(sum(first[n] for n in of) / len(of), 3),
        "among four": round(sum(among[n] for n in of) / len(of), 3),
        "near misses told, AUC": round(
            roc_auc_score([asked[n].own is not None for n in judged], [highest[n] for n in judged]), 3
        ),
    }


def train(folder: str, lessons: Sequence[Lesson], out: Path, passes: int) -> None:
    """Train a reader and write it."""
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    torch.manual_seed(_SEED)
    pupil = Pupil(folder)
    unseen = read([UNSEEN])
    asked, judged = tasks(pupil.learner, lessons), tasks(pupil.learner, unseen)
    plan = [
        order[begin : begin + _BATCH]
        for order in (chance.sample(asked, len(asked)) for _ in range(passes))
        for begin in range(0, len(order), _BATCH)
    ]
    optimiser = torch.optim.AdamW(
        [
            {"params": pupil.learner.parameters(), "lr": _RATE},
            {"params": list(pupil.head.parameters()), "lr": _HEAD_RATE},
        ]
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / _WARMUP) * max(0.02, 1 - step / len(plan))
    )
    descend(pupil.learner, [partial(loss_of, pupil, batch, lessons, chance) for batch in plan], optimiser, rate)
    head = {f"head.{part}": value.detach().half().cpu() for part, value in pupil.head.named_parameters()}
    save_file(learnt(pupil.learner.added) | head, out, metadata={"embedder": Path(folder).name, "rank": str(RANK)})
    sys.stdout.write(json.dumps(measure(pupil, judged, unseen)) + "\n")


def main() -> None:
    """Read the command line and train."""
    words = argparse.ArgumentParser(description="Train what reads question and passage together.")
    words.add_argument("model", help="folder of the adapted weights (var/models/multilingual-e5-small-…)")
    words.add_argument("folders", nargs="*", type=Path, help="more folders of passages with questions")
    words.add_argument("--out", type=Path, default=reader.FILE, help="the file to write")
    words.add_argument("--passes", type=int, default=5, help="how often every question is asked")
    given = words.parse_args()
    train(given.model, read([HERE, *given.folders]), given.out, given.passes)


if __name__ == "__main__":
    main()
