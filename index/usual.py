"""How usual a question is, whatever the library holds: does it ask what speakers explain, or a particular that they seldom give?

Near misses name an instrument that was spoken of and ask a head count, a year, a name or a ceiling that was not said: in
cosines they lie nearer to the talks than a newcomer's "pourquoi la banque dit non". A direction among the embedder's vectors
tells the two kinds apart; `index.training.usual` finds it, and it suits that embedder alone.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("usual.safetensors")

# Above it the form of a question tells, not what it asks: what is about something else may be as usual as can be.
MOST = 1.0

Vector = npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def _direction() -> tuple[str, Vector, float]:
    """Return the name of the embedder, the direction, and what is added."""
    from safetensors import safe_open

    with safe_open(FILE, "numpy") as file:
        return file.metadata()["embedder"], file.get_tensor("direction"), float(file.get_tensor("bias")[0])


def usual(embedder: str, vector: Vector) -> float:
    """Return the log odds that a question, given as its vector, is one of those that are answered, `MOST` at most; 0 with another embedder."""
    known, direction, bias = _direction()
    return min(MOST, float(vector @ direction) + bias) if embedder == known else 0.0
