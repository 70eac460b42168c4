"""The process that fetches: ``python -m ingest.sources.fetch``. The hub starts it, asks once, and listens.

stdin: one line of JSON, a `Request`; then nothing, and its end ends this process too. stdout: lines of JSON, each with
one key: ``beat`` (something happened), ``bytes`` ([done, total]), ``entry`` (a name in a list), ``about`` (what is known of it), ``sound`` (what was
fetched, all but its captions), ``done`` (its captions), ``trouble`` (a `Trouble`). The guard is on before yt-dlp is imported.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NoReturn

from ingest.sources import guard


@dataclass(frozen=True, slots=True)
class Request:
    """What the hub asks for: the names of what ``url`` holds, or (with a ``folder``) the recording itself.

    ``entry`` tells one thing among several at the same URL. The rest is as in `ingest.sources.Limits`.
    """

    url: str
    entry: str | None
    folder: str | None
    private: bool
    bytes: int
    seconds: float
    video: bool
    language: str


def main() -> None:
    """Answer one request."""
    # Whatever else is printed must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr
    request = Request(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_die_with_parent, daemon=True).start()
    answer(
        request,
        lambda address: guard.reachable(address, private=request.private),
        lambda key, value: print(json.dumps({key: value}), file=answers, flush=True),
    )


def answer(request: Request, allowed: Callable[[guard.Address], bool], say: Callable[[str, object], None]) -> None:
    """Fetch under guard, and say what comes of it."""
    refused = guard.install(allowed)
    # curl's sockets are not Python's: the guard would not see them.
    sys.modules["curl_cffi"] = None  # type: ignore[assignment]
    from ingest.sources.extract import fetch, names
    from ingest.sources.trouble import Stop, Trouble, trouble_of

    try:
        if request.folder is None:
            for name, about in names(request, say):
                say("entry", name)
                say("about", about)
            say("done", {})
        else:
            say("done", fetch(request, say))
    except Stop as stop:
        say("trouble", asdict(stop.trouble))
    except Exception as error:  # noqa: BLE001 - a thousand extractors: whatever it is, the hub turns it into a sentence
        say("trouble", asdict(Trouble("refused", refused[-1]) if refused else trouble_of(error)))


def _die_with_parent() -> NoReturn:
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
