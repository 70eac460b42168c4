"""A language model behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
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
    from openai import AsyncOpenAI

    async def pieces() -> AsyncIterator[str]:
        key = settings.key.get_secret_value() if settings.key else "none"
        async with (
            httpx2.AsyncClient(
                headers={"Accept-Encoding": "identity"}, event_hooks={"response": [_bound]}
            ) as connection,
            AsyncOpenAI(
                base_url=settings.url, api_key=key, timeout=None, max_retries=0, http_client=connection
            ) as client,
            # No temperature, no bound on tokens: not every model takes them, nor by the same name.
            await client.chat.completions.create(
                model=settings.model, messages=[{"role": "user", "content": prompt}], stream=True
            ) as chunks,
        ):
            left = _CHARACTERS
            async for chunk in chunks:
                piece = ((chunk.choices[0].delta.content or "") if chunk.choices else "")[:left]
                left -= len(piece)
                if piece:
                    yield piece
                if left <= 0:
                    break

    deadline = time.monotonic() + timeout

    async def following(said: AsyncIterator[str]) -> str:
        async with asyncio.timeout_at(deadline):
            return await anext(said, "")

    # What waits here can be interrupted wherever it is, and hangs up then. A thread's reads have but a bound each: an
    # endpoint that sends something now and then, were it a header, would hold it for ever.
    runner, said = asyncio.Runner(), pieces()
    # A thread of its own: whoever asks may be in one that has a loop already.
    with ThreadPoolExecutor(1, "model") as thread:
        try:
            while piece := thread.submit(runner.run, following(said)).result():
                yield piece
        except Exception as error:
            raise ModelDown(
                f"Le modèle « {settings.model} » ne répond pas ({type(error).__name__}) : rien n’est perdu ; "
                "vérifiez HUB_LLM_URL, HUB_LLM_MODEL et HUB_LLM_KEY."
            ) from error
        finally:
            thread.submit(runner.close).result()


async def _bound(response: Response) -> None:
    """Let a body, an error page's too, end with an error when it is too large."""
    import httpx2

    if "content-encoding" in response.headers:
        raise httpx2.DecodingError("compressed, which was not asked for: it may become any size")

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, body: Any) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for piece in self._body:
                size += len(piece)
                if size > _BYTES:
                    raise httpx2.ReadError("too large")
                yield piece

        async def aclose(self) -> None:
            await self._body.aclose()

    response.stream = Bounded(response.stream)
