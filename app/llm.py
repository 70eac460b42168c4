"""A language model behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from app.settings import Llm
from transcripts.errors import Unavailable

if TYPE_CHECKING:
    from httpx2 import Response

# What an answer may weigh on the wire (a token of a stream weighs some 300 bytes), and what is read of its text.
_BYTES, _CHARACTERS = 4_000_000, 12_000


class ModelDown(Unavailable):
    """The language model gives no answer."""


def write(settings: Llm, prompt: str) -> str:
    """Return the beginning of the model's answer. Raises `ModelDown`, see `stream`."""
    return "".join(stream(settings, prompt, settings.timeout))


def stream(settings: Llm, prompt: str, timeout: float) -> Iterator[str]:
    """Yield the beginning of the model's answer, in pieces as they come.

    Args:
        timeout: seconds the whole answer may take.

    Raises `ModelDown`: no connection, no answer in time, an error, too many bytes, or something else than an answer.
    """
    # Imported here: they take a second to load, and few need them.
    import httpx2
    from openai import OpenAI

    deadline = time.monotonic() + timeout
    key = settings.key.get_secret_value() if settings.key else "none"
    try:
        with (
            httpx2.Client(event_hooks={"response": [partial(_bound, deadline)]}) as connection,
            OpenAI(
                base_url=settings.url, api_key=key, timeout=timeout, max_retries=0, http_client=connection
            ) as client,
            # No temperature, no bound on tokens: not every model takes them, nor by the same name.
            client.chat.completions.create(
                model=settings.model, messages=[{"role": "user", "content": prompt}], stream=True
            ) as chunks,
        ):
            left = _CHARACTERS
            for chunk in chunks:
                piece = ((chunk.choices[0].delta.content or "") if chunk.choices else "")[:left]
                left -= len(piece)
                if piece:
                    yield piece
                if left <= 0:
                    break
    except Exception as error:
        raise ModelDown(
            f"Le modèle « {settings.model} » ne répond pas ({type(error).__name__}) : rien n’est perdu ; "
            "vérifiez HUB_LLM_URL, HUB_LLM_MODEL et HUB_LLM_KEY."
        ) from error


def _bound(deadline: float, response: Response) -> None:
    """Let a body, an error page's too, end with an error when it is too large or takes too long."""
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, body: Any) -> None:
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._body:
                size += len(piece)
                if size > _BYTES or time.monotonic() > deadline:
                    raise httpx2.ReadError("too large or too slow")
                yield piece

        def close(self) -> None:
            self._body.close()

    response.stream = Bounded(response.stream)
